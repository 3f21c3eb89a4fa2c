package dev.hearth.service;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/// Tells the supervisor that this process works, for as long as it really does; a process that hangs falls
/// silent, and is ended and started anew.
public final class Watchdog extends Thread implements AutoCloseable {

    /// Tries whether requests would be answered.
    @FunctionalInterface
    public interface Check {
        /// Returns false if it found within the time that they would not.
        boolean works(Duration atMost) throws InterruptedException;
    }

    private final Supervisor supervisor;
    private final Duration patience;
    private final Check check;

    private Watchdog(Supervisor supervisor, Duration patience, Check check) {
        super("watchdog");
        this.supervisor = supervisor;
        this.patience = patience;
        this.check = check;
        setDaemon(true);
    }

    /// Begins to tell, if the supervisor wants to hear.
    public static AutoCloseable start(Supervisor supervisor, Check check) {
        if (supervisor.watchdog().isEmpty()) {
            return () -> {};
        }
        Watchdog watchdog = new Watchdog(supervisor, supervisor.watchdog().get(), check);
        watchdog.start();
        return watchdog;
    }

    @Override
    public void run() {
        // Three signs of life in the time in which one is wanted: two may come late.
        Duration pause = patience.dividedBy(3);
        try {
            while (true) {
                if (check.works(pause)) {
                    supervisor.alive();
                } else {
                    LoggerFactory.getLogger(Watchdog.class)
                            .error("requests are not answered: the supervisor hears nothing now");
                }
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            }
        } catch (InterruptedException closed) {
            return;
        }
    }

    @Override
    public void close() {
        interrupt();
    }
}
