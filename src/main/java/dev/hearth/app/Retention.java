package dev.hearth.app;

import dev.hearth.webhook.InboxRecords;
import dev.hearth.webhook.OutboxRecords;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forgets once a day what has been kept for long enough: bodies of events and of messages, which may hold
/// personal data, then events altogether. What still waits, and what is not over, is kept.
final class Retention {
    private static final Logger log = LoggerFactory.getLogger(Retention.class);
    private static final Duration FIRST = Duration.ofMinutes(5); // not while everything starts
    private static final Duration EVERY = Duration.ofDays(1);

    private final InboxRecords inbox;
    private final OutboxRecords outbox;
    private final Settings.Retention kept;
    private final InstantSource clock;

    Retention(
            InboxRecords inbox,
            OutboxRecords outbox,
            Settings.Retention kept,
            InstantSource clock) {
        this.inbox = inbox;
        this.outbox = outbox;
        this.kept = kept;
        this.clock = clock;
    }

    /// Does so each day from now on, on a thread of its own, until closed. Of several processes on one
    /// database each does it; that is harmless.
    AutoCloseable start() {
        return start(FIRST, EVERY);
    }

    /// As above, with another pause before the first time, and between two.
    AutoCloseable start(Duration first, Duration every) {
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("retention").daemon().factory());
        var _ =
                timer.scheduleWithFixedDelay(
                        this::tryToForget,
                        first.toMillis(),
                        every.toMillis(),
                        TimeUnit.MILLISECONDS);
        return timer::shutdownNow;
    }

    private void tryToForget() {
        try {
            forget();
        } catch (SQLException | RuntimeException failed) {
            log.error("what is too old could not be forgotten; tried again next time", failed);
        }
    }

    /// Does so now.
    void forget() throws SQLException {
        Instant now = clock.instant();
        Instant bodiesBefore = now.minus(kept.bodies());
        int bodies = inbox.forget(bodiesBefore, now.minus(kept.ids()));
        int messages = outbox.forget(bodiesBefore);
        if (bodies + messages > 0) {
            log.info(
                    "forgot the bodies of {} events and {} messages from before {}",
                    bodies,
                    messages,
                    bodiesBefore);
        }
    }
}
