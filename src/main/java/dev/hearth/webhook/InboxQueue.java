package dev.hearth.webhook;

import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The inbox as a queue: who takes which event, and what becomes of it.
///
/// An event belongs to the worker named in `lease_owner` until `next_at`. Each statement that ends a lease
/// asks for that owner, so a worker that was away too long changes nothing.
final class InboxQueue {
    private InboxQueue() {}

    /// The time for which events wait that stand behind another of their object: whoever is done with that
    /// one looks at them. So what is due is short, however many wait for one object.
    static final Instant BEHIND = Instant.ofEpochMilli(9_000_000_000_000L);

    /// Those about whose object others wait or are being handled.
    private static final String SELECT_NOT_ALONE =
            """
            SELECT id FROM webhook_inbox i
             WHERE EXISTS (SELECT 1 FROM webhook_inbox e
                            WHERE e.source = i.source AND e.object_id = i.object_id
                              AND e.next_at IS NOT NULL AND e.id <> i.id)
               AND id\
            """;

    /// The same for PostgreSQL: one short look into an index for each, whose order is asked for so that it is used
    /// whatever the server believes of the table. Of a new one it believes that all rows wait, and would read them all.
    static final String SELECT_EACH_NOT_ALONE =
            """
            SELECT o.id FROM unnest(?::text[], ?::text[], ?::text[]) o (id, source, object)
             CROSS JOIN LATERAL (
                   SELECT 1 FROM webhook_inbox e
                    WHERE e.source = o.source AND e.object_id = o.object
                      AND e.next_at IS NOT NULL AND e.id <> o.id
                    ORDER BY (e.state <> 'processing'), e.event_created, e.id
                    LIMIT 1) other
            """;

    /// Which of these events, each of an object, are not the only ones of it that wait or are being handled.
    ///
    /// Asked after they were stored with a lease: of two that were stored at the same moment, or of one that
    /// was claimed meanwhile, at least one sees the other.
    static Set<String> notAlone(Transaction tx, Collection<Event> events) throws SQLException {
        List<String> ids = events.stream().map(Event::id).toList();
        return new HashSet<>(
                switch (tx.dialect()) {
                    case POSTGRESQL ->
                            tx.query(
                                    SELECT_EACH_NOT_ALONE,
                                    row -> row.text("id"),
                                    ids,
                                    events.stream().map(Event::source).toList(),
                                    events.stream().map(e -> e.objectId().orElseThrow()).toList());
                    case SQLITE ->
                            tx.query(
                                    SELECT_NOT_ALONE + tx.dialect().inCollection(),
                                    row -> row.text("id"),
                                    ids);
                });
    }

    /// Whether events stand behind others.
    static boolean isAnyBehind(Transaction tx) throws SQLException {
        return tx.first(
                        "SELECT 1 AS one FROM webhook_inbox"
                                + tx.dialect().byIndex("webhook_inbox_due")
                                + " WHERE next_at = ? LIMIT 1",
                        _ -> true,
                        BEHIND)
                .isPresent();
    }

    /// The objects of which events stand behind others: also those that nobody would look at any more,
    /// because the process that was to do so has died.
    static List<InboxObject> objectsWithEventsBehind(Transaction tx) throws SQLException {
        return tx.query(
                "SELECT DISTINCT source, object_id FROM webhook_inbox"
                        + tx.dialect().byIndex("webhook_inbox_due")
                        + " WHERE next_at = ?",
                row -> new InboxObject(row.text("source"), row.text("object_id")),
                BEHIND);
    }

    /// Has those looked at that stand behind events which are over now by another's hand.
    static void lookAgainBehind(Transaction tx, Collection<String> ids, Instant now)
            throws SQLException {
        tx.update(
                "UPDATE webhook_inbox SET next_at = ? WHERE next_at = ? AND (source, object_id) IN"
                        + " (SELECT source, object_id FROM webhook_inbox WHERE id"
                        + tx.dialect().inCollection()
                        + ")",
                now,
                BEHIND,
                ids);
    }

    /// Lengthens the leases of events still in hand.
    static void renew(Transaction tx, String owner, Collection<String> ids, Instant leaseEnd)
            throws SQLException {
        tx.updateByIndex(
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
        return tx.updateByIndex(
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
        tx.updateByIndex(
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
            noteAttempt(tx, attempt, state);
        }
    }

    /// Keeps a try that failed, with the state that it led to.
    static void noteAttempt(Transaction tx, Attempt attempt, InboxState state) throws SQLException {
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

    /// A try that failed.
    record Attempt(
            String inboxId,
            int number,
            Instant started,
            Instant ended,
            String error,
            boolean holdsBack) {}
}
