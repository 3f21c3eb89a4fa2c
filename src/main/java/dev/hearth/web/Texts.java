package dev.hearth.web;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Reads texts of paths, queries and forms as values.
final class Texts {
    /// Longer numbers are refused unread: the time to read one grows with the square of its length.
    private static final int LONGEST_NUMBER = 100;

    private record Kind(String wanted, Function<String, Object> read) {}

    private static final Map<Class<?>, Kind> KINDS =
            Map.ofEntries(
                    Map.entry(String.class, new Kind("a text", text -> text)),
                    Map.entry(int.class, new Kind("a whole number", Integer::valueOf)),
                    Map.entry(Integer.class, new Kind("a whole number", Integer::valueOf)),
                    Map.entry(long.class, new Kind("a whole number", Long::valueOf)),
                    Map.entry(Long.class, new Kind("a whole number", Long::valueOf)),
                    Map.entry(BigDecimal.class, new Kind("a number", Texts::decimal)),
                    Map.entry(double.class, new Kind("a number", Texts::finite)),
                    Map.entry(Double.class, new Kind("a number", Texts::finite)),
                    Map.entry(boolean.class, new Kind("true or false", Texts::flag)),
                    Map.entry(Boolean.class, new Kind("true or false", Texts::flag)),
                    Map.entry(UUID.class, new Kind("a UUID", Texts::uuid)),
                    Map.entry(
                            LocalDate.class,
                            new Kind(
                                    "a date such as 2026-11-21",
                                    text -> CalendarYear.require(LocalDate.parse(text)))),
                    Map.entry(
                            Instant.class,
                            new Kind(
                                    "a time such as 2026-11-21T09:30:00Z",
                                    text -> CalendarYear.require(Instant.parse(text)))),
                    Map.entry(
                            Duration.class, new Kind("a duration such as PT15M", Duration::parse)));

    private Texts() {}

    static boolean canRead(Class<?> type) {
        return type.isEnum() || KINDS.containsKey(type);
    }

    /// The value, or nothing where the text is none of this type.
    static Optional<Object> read(Class<?> type, String text) {
        try {
            return Optional.of(
                    type.isEnum() ? constant(type, text) : kind(type).read().apply(text));
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException other) {
            return Optional.empty();
        }
    }

    /// What a text of this type looks like, to stand behind «must be».
    static String wanted(Class<?> type) {
        return type.isEnum()
                ? "one of " + Arrays.toString(type.getEnumConstants()).replaceAll("[\\[\\]]", "")
                : kind(type).wanted();
    }

    private static Kind kind(Class<?> type) {
        Kind kind = KINDS.get(type);
        if (kind == null) {
            throw new WiringException("a parameter cannot be a " + type.getName());
        }
        return kind;
    }

    private static Object constant(Class<?> type, String text) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("no such constant");
    }

    private static Object decimal(String text) {
        if (text.length() > LONGEST_NUMBER) {
            throw new IllegalArgumentException("too long");
        }
        BigDecimal number = new BigDecimal(text);
        if (Math.abs((long) number.scale()) > LONGEST_NUMBER) {
            throw new IllegalArgumentException("an exponent beyond reason");
        }
        return number;
    }

    private static Object finite(String text) {
        return ((BigDecimal) decimal(text)).doubleValue();
    }

    private static Object flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither");
        };
    }

    /// [UUID#fromString] takes `1-1-1-1-1`.
    private static Object uuid(String text) {
        UUID uuid = UUID.fromString(text);
        if (!uuid.toString().equals(text.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("not in full");
        }
        return uuid;
    }

    /// The class itself, or the element type of `Optional<T>` and `List<T>`.
    static Class<?> element(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            return element(parameterized.getActualTypeArguments()[0]);
        }
        return (Class<?>) type;
    }
}
