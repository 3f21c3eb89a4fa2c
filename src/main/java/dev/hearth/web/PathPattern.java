package dev.hearth.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The path of a route, read once at start: literal segments, `{name}` for one segment, and as the last
/// `{name...}` for all that is left.
record PathPattern(String text, List<Segment> segments) {

    sealed interface Segment {
        /// The name of the parameter that it fills, if it does.
        Optional<String> parameter();

        record Literal(String text) implements Segment {
            @Override
            public Optional<String> parameter() {
                return Optional.empty();
            }
        }

        record Parameter(String name) implements Segment {
            @Override
            public Optional<String> parameter() {
                return Optional.of(name);
            }
        }

        record Rest(String name) implements Segment {
            @Override
            public Optional<String> parameter() {
                return Optional.of(name);
            }
        }
    }

    static PathPattern parse(String text, Place place) {
        if (!text.startsWith("/")) {
            throw wrong(text, place, "must begin with a slash");
        }
        List<Segment> segments = new ArrayList<>();
        String[] parts = text.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            if (parts[i].isEmpty() && !last) {
                throw wrong(text, place, "has an empty segment");
            }
            Segment segment = segment(parts[i], text, place);
            if (segment instanceof Segment.Rest && !last) {
                throw wrong(text, place, "must end with " + parts[i]);
            }
            segments.add(segment);
        }
        PathPattern pattern = new PathPattern(text, List.copyOf(segments));
        pattern.requireDistinctNames(place);
        return pattern;
    }

    private static Segment segment(String part, String text, Place place) {
        boolean braces = part.indexOf('{') >= 0 || part.indexOf('}') >= 0;
        if (!braces) {
            if (part.equals(".") || part.equals("..")) {
                throw wrong(text, place, "has a dot segment, which no request can have");
            }
            return new Segment.Literal(part);
        }
        boolean whole = part.startsWith("{") && part.endsWith("}");
        String name = whole ? part.substring(1, part.length() - 1) : "";
        boolean rest = name.endsWith("...");
        String bare = rest ? name.substring(0, name.length() - 3) : name;
        if (!isName(bare)) {
            throw wrong(text, place, "has the segment " + part + "; wanted {name} or {name...}");
        }
        return rest ? new Segment.Rest(bare) : new Segment.Parameter(bare);
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && Character.isJavaIdentifierStart(name.charAt(0))
                && name.chars().allMatch(Character::isJavaIdentifierPart);
    }

    /// The names of the parameters, in the order of the path.
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (Segment segment : segments) {
            segment.parameter().ifPresent(names::add);
        }
        return names;
    }

    private void requireDistinctNames(Place place) {
        List<String> names = names();
        if (names.stream().distinct().count() < names.size()) {
            throw wrong(text, place, "has two parameters of one name");
        }
    }

    private static WiringException wrong(String text, Place place, String what) {
        return new WiringException("the path \"%s\" (%s) %s".formatted(text, place, what));
    }
}
