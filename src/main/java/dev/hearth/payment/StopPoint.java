package dev.hearth.payment;

import java.util.Locale;

/// Places on a payment's way where a test can make the process die as if by `kill -9`, to prove what
/// survives: `-Dhearth.test.stop=after_send` halts it there. Costs nothing where it is not set.
enum StopPoint {
    AFTER_WRITE,
    AFTER_SEND,
    AFTER_RESPONSE;

    private final boolean chosen =
            name().toLowerCase(Locale.ROOT).equals(System.getProperty("hearth.test.stop"));

    void reach() {
        if (chosen) {
            Runtime.getRuntime().halt(137);
        }
    }
}
