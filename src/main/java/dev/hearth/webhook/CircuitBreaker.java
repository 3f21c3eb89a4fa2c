package dev.hearth.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Leaves an endpoint in peace that does not answer: after some failures in a row nothing is sent for a
/// while, then one message tries it out. Safe for many threads.
final class CircuitBreaker {
    static final int FAILURES = 5;
    static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

    private int failures; // guarded by this
    private Instant closedUntil = Instant.MIN; // guarded by this; MIN while all goes well
    private Duration pause = FIRST_PAUSE; // guarded by this
    private boolean trying; // guarded by this

    /// How many messages may be sent at once now: all, one to try, or none.
    synchronized int permits(Instant now, int all) {
        if (failures < FAILURES) {
            return all;
        }
        return trying || now.isBefore(closedUntil) ? 0 : 1;
    }

    /// A message goes out: the trial, if the pause is over. One that was let through before the pause began
    /// is none, and its failure must not lengthen it.
    synchronized void sending(Instant now) {
        trying = failures >= FAILURES && !now.isBefore(closedUntil);
    }

    synchronized void succeeded() {
        failures = 0;
        pause = FIRST_PAUSE;
        trying = false;
    }

    synchronized void failed(Instant now) {
        failures++;
        if (failures < FAILURES) {
            return;
        }
        if (trying) {
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        }
        closedUntil = now.plus(pause);
        trying = false;
    }

    /// As an operator sees it.
    synchronized EndpointHealth.Circuit circuit(Instant now) {
        if (failures < FAILURES) {
            return new EndpointHealth.Circuit(
                    EndpointHealth.State.CLOSED, failures, Optional.empty());
        }
        boolean open = !trying && now.isBefore(closedUntil);
        return new EndpointHealth.Circuit(
                open ? EndpointHealth.State.OPEN : EndpointHealth.State.TRYING,
                failures,
                Optional.of(closedUntil));
    }
}
