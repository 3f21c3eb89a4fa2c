package dev.hearth.web;

import dev.hearth.http.LogText;
import dev.hearth.http.Request;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A line of the access log as the operator has written it; [AccessLog#pattern(String)] says how.
final class AccessPattern implements AccessLog.Format {
    private static final Set<String> SECRET_VARIABLES =
            Set.of(
                    "QUERY_STRING",
                    "REQUEST_URI",
                    "HTTP_AUTHORIZATION",
                    "HTTP_PROXY_AUTHORIZATION",
                    "HTTP_COOKIE");
    private static final Set<String> SECRET_HEADERS = Set.of("set-cookie", "location");

    /// A piece of the line: what the operator wrote, or what stands for a letter.
    private interface Part {
        String of(AccessLog.Entry entry);
    }

    /// What came with a request, and so may hold anything, or nothing.
    private interface Value extends Function<AccessLog.Entry, Optional<String>> {}

    private final List<Part> parts;

    private AccessPattern(List<Part> parts) {
        this.parts = parts;
    }

    /// @throws IllegalArgumentException if it cannot be read, with the reason
    static AccessPattern parse(String pattern) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < pattern.length()) {
            int percent = pattern.indexOf('%', at);
            int end = percent < 0 ? pattern.length() : percent;
            if (end > at) {
                parts.add(text(pattern.substring(at, end)));
            }
            at = percent < 0 ? end : letter(pattern, percent + 1, parts);
        }
        return new AccessPattern(List.copyOf(parts));
    }

    /// Reads what stands behind a percent sign, and returns where it ends.
    private static int letter(String pattern, int start, List<Part> parts) {
        int at = start;
        String argument = "";
        if (pattern.startsWith("{", at)) {
            int close = pattern.indexOf('}', at);
            if (close < 0) {
                throw new IllegalArgumentException("there is no } behind \"%{\"");
            }
            argument = pattern.substring(at + 1, close);
            at = close + 1;
        }
        if (at == pattern.length()) {
            throw new IllegalArgumentException("it ends with a percent sign; write %% for one");
        }
        parts.add(part(pattern.charAt(at), argument));
        return at + 1;
    }

    private static Part part(char letter, String argument) {
        return switch (letter) {
            case 'd' -> escaped(duration(argument));
            case 'e' -> escaped(variable(argument));
            case 'o' -> escaped(header(argument));
            default -> {
                if (!argument.isEmpty()) {
                    throw new IllegalArgumentException(
                            "%%%c takes nothing in braces".formatted(letter));
                }
                yield plain(letter);
            }
        };
    }

    private static Part plain(char letter) {
        return switch (letter) {
            case '%' -> text("%");
            case 'n' -> text("hearth");
            case 'p' -> text(Long.toString(ProcessHandle.current().pid()));
            default -> escaped(value(letter));
        };
    }

    private static Value value(char letter) {
        return switch (letter) {
            case 'R' -> of(Request::remoteAddress);
            case 'u' -> entry -> entry.request().user();
            case 't' -> entry -> time(entry.at().minus(entry.micros(), ChronoUnit.MICROS));
            case 'T' -> entry -> time(entry.at());
            case 'm' -> of(Request::method);
            case 'r' -> of(Request::path);
            case 'f' -> entry -> entry.request().route();
            case 's' -> entry -> Optional.of(Integer.toString(entry.status()));
            case 'l' ->
                    entry ->
                            Optional.of(entry.request().contentLength())
                                    .filter(length -> length >= 0)
                                    .map(String::valueOf);
            case 'q', 'Q' ->
                    throw new IllegalArgumentException(
                            "%" + letter + " is the query, which may hold secrets");
            default ->
                    throw new IllegalArgumentException(
                            "%%%c means nothing here; known are %%R %%u %%t %%T %%m %%r %%f %%s %%d %%l %%e %%o %%n %%p"
                                    .formatted(letter));
        };
    }

    private static Value duration(String unit) {
        return switch (unit) {
            case "", "seconds" ->
                    entry ->
                            Optional.of(
                                    String.format(
                                            Locale.ROOT, "%.3f", entry.micros() / 1_000_000.0));
            case "milliseconds", "milli", "mili" ->
                    entry -> Optional.of(Long.toString(entry.micros() / 1_000));
            case "microseconds", "micro" -> entry -> Optional.of(Long.toString(entry.micros()));
            default ->
                    throw new IllegalArgumentException(
                            "%%d is told in seconds, milli or micro, not in \"%s\""
                                    .formatted(unit));
        };
    }

    private static Value variable(String name) {
        requireNamed('e', name, "HTTP_USER_AGENT");
        String upper = name.toUpperCase(Locale.ROOT);
        if (SECRET_VARIABLES.contains(upper)) {
            throw new IllegalArgumentException("%s may hold secrets".formatted(name));
        }
        if (upper.startsWith("HTTP_")) {
            String header = upper.substring("HTTP_".length()).replace('_', '-');
            return entry -> entry.request().header(header);
        }
        return switch (upper) {
            case "REQUEST_METHOD" -> of(Request::method);
            case "SERVER_PROTOCOL" -> of(Request::protocol);
            case "REMOTE_ADDR" -> of(Request::remoteAddress);
            default -> entry -> Optional.ofNullable(entry.request().variables().get(name));
        };
    }

    private static Value header(String name) {
        requireNamed('o', name, "Content-Type");
        String lower = name.toLowerCase(Locale.ROOT);
        if (SECRET_HEADERS.contains(lower)) {
            throw new IllegalArgumentException("%s may hold secrets".formatted(name));
        }
        if (lower.equals("content-length")) { // not a header yet
            return entry ->
                    Optional.of(entry.length()).filter(length -> length >= 0).map(String::valueOf);
        }
        return entry -> entry.headers().first(name);
    }

    private static void requireNamed(char letter, String name, String example) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException(
                    "%%%c wants a name, as in %%{%s}%c".formatted(letter, example, letter));
        }
    }

    private static Part text(String text) {
        return _ -> text;
    }

    private static Part escaped(Value value) {
        return entry ->
                value.apply(entry).filter(text -> !text.isEmpty()).map(LogText::escape).orElse("-");
    }

    private static Value of(Function<Request, String> value) {
        return entry -> Optional.of(value.apply(entry.request()));
    }

    private static Optional<String> time(Instant at) {
        return Optional.of(AccessLog.COMBINED_TIME.format(at));
    }

    @Override
    public String line(AccessLog.Entry entry) {
        StringBuilder line = new StringBuilder(128);
        for (Part part : parts) {
            line.append(part.of(entry));
        }
        return line.toString();
    }
}
