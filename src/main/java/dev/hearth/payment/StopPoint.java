package dev.hearth.payment;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/// Places on a payment's way where a test can make the process die as if by `kill -9`, to prove what
/// survives: `-Dhearth.test.stop=after_send` halts it there, with `-Dhearth.test.stop.at=3` the third time.
/// Costs nothing where it is not set.
enum StopPoint {
    AFTER_WRITE,
    AFTER_SEND,
    AFTER_RESPONSE,
    /// Between the two entries of a posting.
    MID_JOURNAL;

    private final boolean chosen =
            name().toLowerCase(Locale.ROOT).equals(System.getProperty("hearth.test.stop"));

    /// How often the chosen one is still reached before the end.
    private static final AtomicInteger LEFT =
            new AtomicInteger(Integer.getInteger("hearth.test.stop.at", 1));

    void reach() {
        if (chosen && LEFT.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(137);
        }
    }
}
