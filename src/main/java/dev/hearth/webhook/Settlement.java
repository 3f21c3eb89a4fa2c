package dev.hearth.webhook;

import dev.hearth.storage.Transaction;
import dev.hearth.webhook.InboxQueue.Attempt;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Writes what has become of the events of one worker that are over.
final class Settlement {
    private final String owner;
    private final EventHandlers handlers;
    private final RetrySchedule retries;
    private final RandomGenerator jitter = RandomGenerator.getDefault();

    Settlement(String owner, EventHandlers handlers, RetrySchedule retries) {
        this.owner = owner;
        this.handlers = handlers;
        this.retries = retries;
    }

    /// Writes these outcomes, many in a statement.
    void write(Transaction tx, List<Outcome> outcomes, Instant now) throws SQLException {
        List<String> done = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        List<String> released = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            List<String> ids = outcome.step().ids();
            if (outcome instanceof Outcome.Finished(_, _, InboxState state)) {
                (state == InboxState.DONE ? done : ignored).addAll(ids);
                continue; // the usual one, before the switch: see CgiProgram
            }
            switch (outcome) {
                case Outcome.Finished _ -> {}
                case Outcome.Failed failed -> fail(tx, failed);
                case Outcome.Released _ -> released.addAll(ids);
                case Outcome.Settled _ -> {}
            }
        }
        if (!done.isEmpty()) {
            InboxQueue.finish(tx, owner, done, InboxState.DONE, now);
        }
        if (!ignored.isEmpty()) {
            InboxQueue.finish(tx, owner, ignored, InboxState.IGNORED, now);
        }
        if (!released.isEmpty()) {
            InboxQueue.release(tx, owner, released, now);
        }
    }

    private void fail(Transaction tx, Outcome.Failed failed) throws SQLException {
        for (Event event : failed.step().all()) {
            Optional<Instant> retryAt =
                    failed.permanent()
                            ? Optional.empty()
                            : retries.afterFailure(event.attempt(), failed.ended(), jitter);
            InboxQueue.fail(
                    tx,
                    owner,
                    new Attempt(
                            event.id(),
                            event.attempt(),
                            failed.started(),
                            failed.ended(),
                            failed.error(),
                            !handlers.takesLatest(event.source(), event.type())),
                    retryAt);
        }
    }
}
