package dev.hearth.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// How long a server that was called asks to be left alone (RFC 9110 section 10.2.3).
public final class RetryAfter {
    private RetryAfter() {}

    /// Reads the header `Retry-After`: seconds, or a time by the server's own clock, which its header `Date` tells.
    /// What is neither counts as if it had not been said.
    ///
    /// @param date the header `Date` of the same answer, empty where it has none
    public static Optional<Duration> parse(String field, String date) {
        if (field.matches("[0-9]{1,6}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(field)));
        }
        return time(field)
                .flatMap(until -> time(date).map(now -> Duration.between(now, until)))
                .map(pause -> pause.isNegative() ? Duration.ZERO : pause);
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }
}
