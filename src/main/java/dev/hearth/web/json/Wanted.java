package dev.hearth.web.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.MonthDay;
import java.time.temporal.Temporal;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;

/// Says in a sentence what a value of a type looks like in JSON.
final class Wanted {
    private Wanted() {}

    static String sentence(Class<?> type) {
        if (type.isEnum()) {
            return "must be one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(each -> Json.mapper().valueToTree(each).asString())
                            .collect(Collectors.joining(", "));
        }
        if (type == int.class || type == Integer.class) {
            return "must be a whole number from -2147483648 to 2147483647";
        }
        if (type == long.class || type == Long.class) {
            return "must be a whole number from -9223372036854775808 to 9223372036854775807";
        }
        if (type == short.class || type == byte.class || type == BigInteger.class) {
            return "must be a whole number";
        }
        if (type.isPrimitive() && type != boolean.class && type != char.class) {
            return "must be a number";
        }
        if (type == BigDecimal.class) {
            return "must be a number of at most %d digits, written out"
                    .formatted(StrictMapper.MAX_NUMBER_LENGTH);
        }
        if (Number.class.isAssignableFrom(type)) {
            return "must be a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "must be true or false";
        }
        return "must be " + text(type);
    }

    private static String text(Class<?> type) {
        if (Temporal.class.isAssignableFrom(type)
                || type == Duration.class
                || type == MonthDay.class) {
            return time(type);
        }
        if (type == UUID.class) {
            return "a UUID such as \"123e4567-e89b-12d3-a456-426614174000\"";
        }
        if (type == URI.class) {
            return "a URI";
        }
        if (type == byte[].class) {
            return "a string in base64";
        }
        return type == String.class ? "a string" : "a value of the kind " + type.getSimpleName();
    }

    private static String time(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "Instant", "OffsetDateTime", "ZonedDateTime" ->
                    "a time such as \"2026-11-21T09:30:00Z\"";
            case "LocalDateTime" -> "a time such as \"2026-11-21T09:30:00\"";
            case "LocalTime" -> "a time such as \"09:30:00\"";
            case "OffsetTime" -> "a time such as \"09:30:00Z\"";
            case "LocalDate" -> "a date such as \"2026-11-21\"";
            case "YearMonth" -> "a month such as \"2026-11\"";
            case "MonthDay" -> "a day such as \"--11-21\"";
            case "Duration" -> "a duration such as \"PT15M\"";
            default -> "a value of the kind " + type.getSimpleName();
        };
    }
}
