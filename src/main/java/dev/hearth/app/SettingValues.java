package dev.hearth.app;

import dev.hearth.app.SettingKey.Kind;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Turns what a file or a variable holds into what a key asks for.
final class SettingValues {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})(B|KiB|MiB|GiB)?");

    /// Longer times would not fit the nanoseconds in which they are measured: whoever means "never" says so otherwise.
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private SettingValues() {}

    /// A String, List of String, Long, Double, Boolean, Duration or [Secret], as the kind says.
    ///
    /// @throws IllegalArgumentException if the value is of another type; says what was found, but never a
    ///     secret
    static Object convert(Kind kind, Object value) {
        return switch (kind) {
            case TEXT -> text(value);
            case SECRET -> secret(value);
            case LIST -> list(value);
            case INTEGER -> integer(value);
            case FLAG -> flag(value);
            case DURATION -> duration(text(value));
            case RATIO -> ratio(value);
            case SIZE -> size(value);
        };
    }

    private static String text(Object value) {
        if (value instanceof String text) {
            requireKept(text);
            return text;
        }
        throw new IllegalArgumentException("was " + named(value));
    }

    /// Neither paths nor headers nor texts of PostgreSQL can hold it.
    private static void requireKept(String text) {
        int at = text.indexOf(0);
        if (at >= 0) {
            throw new IllegalArgumentException("has the character NUL at %d".formatted(at));
        }
    }

    private static Secret secret(Object value) {
        if (!(value instanceof String text)) {
            throw new IllegalArgumentException("was of another type");
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException(
                    "was empty: an empty secret would accept every forgery");
        }
        return new Secret(text.strip());
    }

    private static List<String> list(Object value) {
        if (!(value instanceof List<?> elements)) {
            return List.of(text(value).split("[,\\s]+"));
        }
        List<String> texts = new ArrayList<>();
        for (Object element : elements) {
            texts.add(text(element));
        }
        return List.copyOf(texts);
    }

    private static Long integer(Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        if (value instanceof String text && text.matches("-?[0-9]{1,18}")) {
            return Long.valueOf(text);
        }
        throw new IllegalArgumentException("was " + named(value));
    }

    private static Double ratio(Object value) {
        if (value instanceof Number || value.toString().matches("[01](\\.[0-9]{1,9})?")) {
            double ratio = Double.parseDouble(value.toString());
            if (ratio >= 0 && ratio <= 1) {
                return ratio;
            }
        }
        throw new IllegalArgumentException("was " + named(value));
    }

    private static Boolean flag(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof String text && (text.equals("true") || text.equals("false"))) {
            return Boolean.valueOf(text);
        }
        throw new IllegalArgumentException("was " + named(value));
    }

    private static Duration duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("was " + named(text));
        }
        long amount = Long.parseLong(parts.group(1));
        Duration duration =
                switch (parts.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                };
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "was %s, longer than %sd".formatted(named(text), LONGEST.toDays()));
        }
        return duration;
    }

    private static Long size(Object value) {
        Matcher parts = SIZE.matcher(String.valueOf(value));
        if (!parts.matches()) {
            throw new IllegalArgumentException("was " + named(value));
        }
        String unit = parts.group(2) == null ? "B" : parts.group(2);
        long factor =
                switch (unit) {
                    case "KiB" -> 1L << 10;
                    case "MiB" -> 1L << 20;
                    case "GiB" -> 1L << 30;
                    default -> 1;
                };
        try {
            return Math.multiplyExact(Long.parseLong(parts.group(1)), factor);
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("was " + named(value), tooLarge);
        }
    }

    private static String named(Object value) {
        return switch (value) {
            case String text -> "\"" + text + "\"";
            case BigInteger number -> "the number " + number;
            case Number number -> "the number " + number;
            case Boolean flag -> flag.toString();
            case List<?> _ -> "a list";
            default -> "a table";
        };
    }
}
