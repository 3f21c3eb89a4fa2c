package dev.hearth.payment;

import dev.hearth.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finishes, on a thread of its own, the calls that this process or another left without an outcome.
public final class Recovery implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final Duration SWEEP = Duration.ofHours(1);
    private static final int AT_ONCE = 50;

    private final Database database;
    private final Calls calls;
    private final InstantSource clock;
    private final Thread thread;
    private volatile boolean closing;
    private Instant lastSweep = Instant.EPOCH; // only the thread's

    private Recovery(Database database, Calls calls, InstantSource clock) {
        this.database = database;
        this.calls = calls;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("payment-recovery").unstarted(this::run);
    }

    static Recovery start(Database database, Calls calls, InstantSource clock) {
        Recovery recovery = new Recovery(database, calls, clock);
        recovery.thread.start();
        return recovery;
    }

    private void run() {
        while (!closing) {
            Duration pause = POLL;
            try {
                if (calls.recover(AT_ONCE) == AT_ONCE) {
                    continue;
                }
                sweep();
            } catch (Exception failed) { // the database is away, or one of our bugs: keep trying
                if (!closing) {
                    log.error("calls could not be recovered now", failed);
                }
                pause = AFTER_FAILURE;
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private void sweep() throws Exception {
        Instant now = clock.instant();
        if (Duration.between(lastSweep, now).compareTo(SWEEP) > 0) {
            database.write(tx -> CallerKeys.sweep(tx, now));
            lastSweep = now;
        }
    }

    /// Ends after the call that is on its way, if there is one. Nothing is lost at whatever moment.
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.join(Duration.ofSeconds(10))) {
                thread.interrupt();
            }
        } catch (InterruptedException hurried) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
