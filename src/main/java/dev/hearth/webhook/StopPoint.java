package dev.hearth.webhook;

import java.util.Locale;

/// Places on an event's way where a test can make the process die as if by `kill -9`, to prove what
/// survives: `-Dhearth.test.stop=after_insert` halts it there. Costs nothing where it is not set.
enum StopPoint {
    AFTER_VERIFY,
    AFTER_INSERT,
    AFTER_COMMIT,
    BEFORE_ANSWER,
    AFTER_CLAIM,
    AFTER_HANDLER,
    AFTER_DONE;

    private final boolean chosen =
            name().toLowerCase(Locale.ROOT).equals(System.getProperty("hearth.test.stop"));

    void reach() {
        if (chosen) {
            Runtime.getRuntime().halt(137);
        }
    }

    void reachIf(boolean happened) {
        if (happened) {
            reach();
        }
    }
}
