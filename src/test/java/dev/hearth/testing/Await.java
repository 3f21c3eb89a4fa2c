package dev.hearth.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waits for what another process or thread will do.
public final class Await {
    private static final Duration LONGEST = Duration.ofSeconds(90);

    private Await() {}

    /// A condition that may fail while what it looks at is not ready.
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /// Returns when the condition holds.
    ///
    /// @throws AssertionError if it does not within a minute and a half, which is long for a busy machine
    public static void until(String what, Condition condition) {
        until(what, LONGEST, condition);
    }

    /// Returns when the condition holds, for what has waits of its own.
    ///
    /// @throws AssertionError if it does not within this time
    public static void until(String what, Duration longest, Condition condition) {
        long deadline = System.nanoTime() + longest.toNanos();
        Exception last = null;
        while (System.nanoTime() < deadline) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (Exception notYet) {
                last = notYet;
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        throw new AssertionError("waited " + longest + " in vain until " + what, last);
    }
}
