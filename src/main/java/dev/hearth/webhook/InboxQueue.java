package dev.hearth.webhook;

import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The inbox as a queue: who takes which event, and what becomes of it.
///
/// An event belongs to the worker named in `lease_owner` until `next_at`. Each statement that ends a lease
/// asks for that owner, so a worker that was away too long changes nothing.
final class InboxQueue {
    private InboxQueue() {}

    /// One claim at a time among all processes: two at once could each miss what the other is about to
    /// take, and run two events of one object together. The number is only a name.
    private static final long CLAIM_LOCK = 0x4865617274681L;

    private static final String EVENT_COLUMNS =
            """
            id, source, external_id, event_type, object_type, object_id, api_version, livemode,
            event_created, received_at, attempts, body
            """;

    /// Due, and nothing of the same object is being handled or comes before it.
    private static final String SELECT_DUE =
            "SELECT "
                    + EVENT_COLUMNS
                    + """
                      FROM webhook_inbox i
                     WHERE next_at <= ?
                       AND NOT EXISTS (
                           SELECT 1 FROM webhook_inbox e
                            WHERE e.source = i.source AND e.object_id = i.object_id
                              AND e.next_at IS NOT NULL AND e.id <> i.id
                              AND ((e.state = 'processing' AND e.next_at > ?)
                                   OR (e.holds_back
                                       AND (e.event_created, e.id) < (i.event_created, i.id))))
                     ORDER BY next_at
                     LIMIT ?
                    """;

    private static final String SELECT_WAITING_OF_OBJECT =
            "SELECT "
                    + EVENT_COLUMNS
                    + """
                      FROM webhook_inbox i
                     WHERE source = ? AND object_id = ? AND next_at IS NOT NULL
                       AND state IN ('received', 'retry') AND id <> ?
                     ORDER BY event_created, id
                     LIMIT 100
                    """;

    /// Claims up to `limit` due events for `owner` until `leaseEnd`: at most one of each object, unless the
    /// handler takes the latest only, which then comes with those that it stands for.
    ///
    /// @param skip events that this worker has in hand still, whatever their rows say
    static List<Claimed> claim(
            Transaction tx,
            String owner,
            Instant now,
            Instant leaseEnd,
            int limit,
            Predicate<String> skip,
            Predicate<Event> takesLatest)
            throws SQLException {
        lockOutOthers(tx);
        List<Event> due =
                tx.query(
                        SELECT_DUE + tx.dialect().forUpdateSkipLocked(),
                        InboxQueue::event,
                        now,
                        now,
                        limit);
        List<Claimed> claimed = new ArrayList<>(due.size());
        Set<List<String>> objects = new HashSet<>();
        List<String> ids = new ArrayList<>(due.size());
        for (Event event : due) {
            boolean first =
                    event.objectId()
                            .map(object -> objects.add(List.of(event.source(), object)))
                            .orElse(true);
            if (first && !skip.test(event.id())) {
                Claimed one = withOthersOfObject(tx, event, takesLatest);
                claimed.add(one);
                ids.addAll(one.ids());
            }
        }
        if (!ids.isEmpty()) {
            tx.update(
                    "UPDATE webhook_inbox SET state = 'processing', attempts = attempts + 1,"
                            + " next_at = ?, lease_owner = ? WHERE id"
                            + tx.dialect().inCollection(),
                    leaseEnd,
                    owner,
                    ids);
        }
        return claimed;
    }

    private static void lockOutOthers(Transaction tx) throws SQLException {
        switch (tx.dialect()) {
            case POSTGRESQL -> tx.query("SELECT pg_advisory_xact_lock(?)", _ -> true, CLAIM_LOCK);
            case SQLITE -> {} // its one writer is the lock
        }
    }

    private static Claimed withOthersOfObject(
            Transaction tx, Event event, Predicate<Event> takesLatest) throws SQLException {
        if (event.objectId().isEmpty() || !takesLatest.test(event)) {
            return new Claimed(event, List.of(event));
        }
        List<Event> all = new ArrayList<>();
        all.add(event);
        Event latest = event;
        List<Event> others =
                tx.query(
                        SELECT_WAITING_OF_OBJECT + tx.dialect().forUpdateSkipLocked(),
                        InboxQueue::event,
                        event.source(),
                        event.objectId().get(),
                        event.id());
        for (Event other : others) {
            if (takesLatest.test(other)) {
                all.add(other);
                latest = other.created().isBefore(latest.created()) ? latest : other;
            }
        }
        return new Claimed(latest, all);
    }

    private static Event event(Row row) throws SQLException {
        return new Event(
                row.text("id"),
                row.text("source"),
                row.text("external_id"),
                row.text("event_type"),
                row.optionalText("object_type"),
                row.optionalText("object_id"),
                row.optionalText("api_version"),
                row.optionalFlag("livemode"),
                row.instant("event_created"),
                row.instant("received_at"),
                row.integer("attempts") + 1,
                row.optionalBytes("body").orElse(new byte[0]));
    }

    /// Lengthens the leases of events still in hand.
    static void renew(Transaction tx, String owner, Collection<String> ids, Instant leaseEnd)
            throws SQLException {
        tx.update(
                "UPDATE webhook_inbox SET next_at = ?"
                        + " WHERE lease_owner = ? AND state = 'processing' AND id"
                        + tx.dialect().inCollection(),
                leaseEnd,
                owner,
                ids);
    }

    /// Marks events as done or ignored, and tells how many were still this owner's.
    static int finish(
            Transaction tx, String owner, Collection<String> ids, InboxState state, Instant now)
            throws SQLException {
        return tx.update(
                "UPDATE webhook_inbox SET state = ?, next_at = NULL, lease_owner = NULL,"
                        + " last_error = NULL, done_at = ?"
                        + " WHERE lease_owner = ? AND state = 'processing' AND id"
                        + tx.dialect().inCollection(),
                state.column(),
                now,
                owner,
                ids);
    }

    /// Gives events back that were not begun: as if they had never been claimed.
    static void release(Transaction tx, String owner, Collection<String> ids, Instant now)
            throws SQLException {
        tx.update(
                "UPDATE webhook_inbox SET attempts = attempts - 1, next_at = ?, lease_owner = NULL,"
                        + " state = CASE WHEN attempts > 1 THEN 'retry' ELSE 'received' END"
                        + " WHERE lease_owner = ? AND state = 'processing' AND id"
                        + tx.dialect().inCollection(),
                now,
                owner,
                ids);
    }

    /// Marks an event as failed: to be tried again at `retryAt`, or dead where there is no such time.
    static void fail(Transaction tx, String owner, Attempt attempt, Optional<Instant> retryAt)
            throws SQLException {
        InboxState state = retryAt.isPresent() ? InboxState.RETRY : InboxState.DEAD;
        int changed =
                tx.update(
                        """
                        UPDATE webhook_inbox
                           SET state = ?, next_at = ?, lease_owner = NULL, last_error = ?,
                               holds_back = ?, done_at = ?
                         WHERE id = ? AND lease_owner = ? AND state = 'processing'
                        """,
                        state.column(),
                        retryAt.map(Instant::toEpochMilli),
                        attempt.error(),
                        attempt.holdsBack(),
                        retryAt.isPresent() ? Optional.empty() : Optional.of(attempt.ended()),
                        attempt.inboxId(),
                        owner);
        if (changed == 1) {
            tx.update(
                    """
                    INSERT INTO webhook_attempt (inbox_id, n, started, ended, outcome, error)
                    VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (inbox_id, n) DO NOTHING
                    """,
                    attempt.inboxId(),
                    attempt.number(),
                    attempt.started(),
                    attempt.ended(),
                    state.column(),
                    attempt.error());
        }
    }

    /// A try that failed.
    record Attempt(
            String inboxId,
            int number,
            Instant started,
            Instant ended,
            String error,
            boolean holdsBack) {}

    /// Events in the hands of this worker: the one that is handled, and all that are done with it.
    record Claimed(Event event, List<Event> all) {
        List<String> ids() {
            return all.stream().map(Event::id).toList();
        }
    }
}
