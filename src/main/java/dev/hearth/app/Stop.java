package dev.hearth.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/// The wish to stop: SIGTERM and SIGINT from people and supervisors, SIGUSR1 from FastCGI process managers.
///
/// All three mean the same: what is in progress ends, then the process ends with 0. A second SIGINT ends it
/// at once.
final class Stop {
    private final CountDownLatch wanted = new CountDownLatch(1);
    private final AtomicBoolean interrupted = new AtomicBoolean();

    private Stop() {}

    static Stop onSignals() {
        Stop stop = new Stop();
        Signals.on("TERM", () -> stop.ask("SIGTERM"));
        Signals.on("USR1", () -> stop.ask("SIGUSR1"));
        Signals.on("INT", stop::interrupt);
        return stop;
    }

    private void interrupt() {
        if (interrupted.getAndSet(true)) {
            Runtime.getRuntime().halt(130);
        }
        ask("SIGINT");
    }

    private void ask(String signal) {
        LoggerFactory.getLogger(Stop.class).info("{}: finishing what is in progress", signal);
        wanted.countDown();
    }

    /// Returns when a signal has asked to stop.
    void await() throws InterruptedException {
        wanted.await();
    }
}
