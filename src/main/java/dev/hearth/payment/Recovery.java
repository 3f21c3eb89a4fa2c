package dev.hearth.payment;

import dev.hearth.payment.Reconcile.Recurring;
import dev.hearth.storage.Database;
import dev.hearth.webhook.Inbox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finishes the calls that this process or another left without an outcome, reminds of invoices, and compares
/// with Stripe now and then, on two threads of its own.
public final class Recovery implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final Duration SWEEP = Duration.ofHours(1);
    private static final Duration RECONCILE_POLL = Duration.ofMinutes(1);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int AT_ONCE = 50;

    private final Database database;
    private final Calls calls;
    private final Invoices invoices;
    private final Reconcile reconcile;
    private final Inbox inbox;
    private final InstantSource clock;
    private final Thread recovering;
    private final Thread reconciling;
    private volatile boolean closing;
    private Instant lastSweep = Instant.EPOCH; // only the recovering thread's

    private Recovery(
            Database database,
            Calls calls,
            Invoices invoices,
            Reconcile reconcile,
            Inbox inbox,
            InstantSource clock) {
        this.database = database;
        this.calls = calls;
        this.invoices = invoices;
        this.reconcile = reconcile;
        this.inbox = inbox;
        this.clock = clock;
        this.recovering = Thread.ofPlatform().name("payment-recovery").unstarted(this::run);
        this.reconciling = Thread.ofPlatform().name("payment-reconcile").unstarted(this::compare);
    }

    static Recovery start(
            Database database,
            Calls calls,
            Invoices invoices,
            Reconcile reconcile,
            Inbox inbox,
            InstantSource clock) {
        Recovery recovery = new Recovery(database, calls, invoices, reconcile, inbox, clock);
        recovery.recovering.start();
        recovery.reconciling.start();
        return recovery;
    }

    private void compare() {
        while (!closing) {
            try {
                invoices.remind(AT_ONCE);
                for (Recurring recurring : Recurring.values()) {
                    reconcile.runIfDue(recurring, inbox);
                }
            } catch (Exception failed) { // tried again from where it was
                if (!closing) {
                    log.warn("not reconciled now: {}", String.valueOf(failed.getMessage()));
                }
            }
            LockSupport.parkNanos(RECONCILE_POLL.toNanos());
        }
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
        LockSupport.unpark(recovering);
        LockSupport.unpark(reconciling);
        try {
            if (!recovering.join(GRACE)) {
                recovering.interrupt();
            }
            if (!reconciling.join(GRACE)) {
                reconciling.interrupt();
            }
        } catch (InterruptedException hurried) {
            recovering.interrupt();
            reconciling.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
