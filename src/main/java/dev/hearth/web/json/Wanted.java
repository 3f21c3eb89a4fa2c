package dev.hearth.web.json;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
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
        if (Number.class.isAssignableFrom(type)) {
            return "must be a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "must be true or false";
        }
        return "must be " + text(type);
    }

    private static String text(Class<?> type) {
        if (type == Instant.class || type == OffsetDateTime.class) {
            return "a time such as \"2026-11-21T09:30:00Z\"";
        }
        if (type == LocalDate.class) {
            return "a date such as \"2026-11-21\"";
        }
        if (type == LocalDateTime.class) {
            return "a time such as \"2026-11-21T09:30:00\"";
        }
        if (type == Duration.class) {
            return "a duration such as \"PT15M\"";
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
}
