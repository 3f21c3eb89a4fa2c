package dev.hearth.webhook;

import dev.hearth.storage.Database;
import dev.hearth.storage.KeptText;
import dev.hearth.storage.Transaction;
import dev.hearth.webhook.Counters.Counter;
import dev.hearth.webhook.InboxClaims.Claimed;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Calls the handlers of claimed events, one after the other, and tells what became of each. Safe for many
/// threads.
final class EventRunner {
    private static final Logger log = LoggerFactory.getLogger(EventRunner.class);
    private static final int MAX_ERROR = 1_000;

    /// Our lease ended before the handler did; its transaction must not be committed.
    private static final class LeaseLostException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final Database database;
    private final EventHandlers handlers;
    private final WorkerSettings settings;
    private final InstantSource clock;
    private final Counters counters;
    private final String owner;

    EventRunner(
            Database database,
            EventHandlers handlers,
            WorkerSettings settings,
            InstantSource clock,
            Counters counters,
            String owner) {
        this.database = database;
        this.handlers = handlers;
        this.settings = settings;
        this.clock = clock;
        this.counters = counters;
        this.owner = owner;
    }

    /// Runs the handler of one step.
    Outcome handle(InboxTask task, Claimed step) {
        Event event = step.event();
        Optional<EventHandlers.Registration> found = handlers.find(event.source(), event.type());
        if (found.isEmpty()) {
            counters.add(Counter.IGNORED, 1);
            return new Outcome.Finished(task, step, InboxState.IGNORED);
        }
        Instant started = clock.instant();
        task.begin();
        try {
            EventHandler handler = found.get().handler();
            boolean settled =
                    handlers.layer()
                            .around(
                                    event,
                                    () ->
                                            database.writeWithin(
                                                    settings.timeout(),
                                                    tx -> handle(tx, step, handler)));
            counters.add(Counter.HANDLED, 1);
            return settled
                    ? new Outcome.Settled(task, step)
                    : new Outcome.Finished(task, step, InboxState.DONE);
        } catch (LeaseLostException lost) {
            log.warn(
                    "{} was taken over by another worker; what its handler wrote is undone", event);
            return new Outcome.Settled(task, step);
        } catch (Throwable failed) { // also errors: one handler's must not end the worker
            return failed(task, step, started, failed);
        } finally {
            task.end();
        }
    }

    /// Runs the handler and, if it wrote anything, sets its events to done beside that.
    private boolean handle(Transaction tx, Claimed claimed, EventHandler handler) throws Exception {
        handler.handle(claimed.event(), tx);
        StopPoint.AFTER_HANDLER.reach();
        if (!tx.begun()) {
            return false;
        }
        List<String> ids = claimed.ids();
        if (InboxQueue.finish(tx, owner, ids, InboxState.DONE, clock.instant()) != ids.size()) {
            throw new LeaseLostException();
        }
        StopPoint.AFTER_DONE.reach();
        return true;
    }

    /// Whether the message says all: somebody has thought of this failure, and of what to say about it.
    private static boolean isForeseen(Throwable failed) {
        return failed instanceof PassingFailureException
                || (failed instanceof PermanentFailureException && failed.getCause() == null);
    }

    /// Tells of events that were given up because their leases were lost again and again.
    void gaveUp(List<String> ids) {
        counters.add(Counter.DEAD, ids.size());
        log.error("ALARM: events {} are dead: {} processes ended over them", ids, LostLeases.MOST);
    }

    private Outcome failed(InboxTask task, Claimed step, Instant started, Throwable failed) {
        Event event = step.event();
        boolean permanent = failed instanceof PermanentFailureException;
        boolean last = permanent || event.attempt() > settings.retries().pauses().size();
        counters.add(last ? Counter.DEAD : Counter.FAILED, 1);
        String error =
                task.timedOut()
                        ? "took longer than " + settings.timeout()
                        : failed.getClass().getSimpleName() + ": " + message(failed);
        LoggingEventBuilder line = last ? log.atError() : log.atWarn();
        String what =
                last
                        ? "ALARM: {} is dead after attempt {}: {}"
                        : "{} failed at attempt {}, will be tried again: {}";
        try {
            line.setCause(isForeseen(failed) ? null : failed)
                    .log(what, event, event.attempt(), error);
        } catch (RuntimeException unprintable) {
            log.error(what, event, event.attempt(), error);
        }
        return new Outcome.Failed(
                task, step, started, clock.instant(), KeptText.of(error, MAX_ERROR), permanent);
    }

    /// The message of an exception, whose class may be the application's: without an outcome its event would stay in
    /// hand for ever.
    private static String message(Throwable failed) {
        try {
            return String.valueOf(failed.getMessage());
        } catch (RuntimeException broken) {
            return "its message cannot be read, " + broken.getClass().getSimpleName();
        }
    }
}
