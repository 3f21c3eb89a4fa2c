package dev.hearth.app;

import dev.hearth.payment.PaymentCall;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// A call to Stripe that a command has written down, and that the server does, if it runs.
final class WrittenCall {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private WrittenCall() {}

    /// Waits until it is done; false if that takes too long.
    ///
    /// @param look reads it anew
    /// @throws StartException if Stripe refused it
    static boolean await(Callable<PaymentCall> look) throws Exception {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            PaymentCall call = look.call();
            if (call.nextAt().isEmpty()) {
                if (call.state().equals("rejected")) {
                    throw new StartException(
                            ExitCode.FAILED,
                            "Stripe refused it (call %s); the command show tells more"
                                    .formatted(call.id()));
                }
                return true;
            }
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
