package dev.hearth.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/// The time that a sender signed together with the body, in seconds since 1970.
final class SignedTime {
    private SignedTime() {}

    /// How far a signed time may be from ours, to either side.
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final int MAX_DIGITS = 12;

    /// Reads 1 to 12 digits; a sign, a space or anything else makes it nothing.
    static OptionalLong parse(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS) {
            return OptionalLong.empty();
        }
        long seconds = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return OptionalLong.empty();
            }
            seconds = 10 * seconds + (c - '0');
        }
        return OptionalLong.of(seconds);
    }

    /// Whether it is close enough to now, on both sides.
    static boolean isFresh(long seconds, Instant now) {
        return Math.abs(now.getEpochSecond() - seconds) <= TOLERANCE.toSeconds();
    }
}
