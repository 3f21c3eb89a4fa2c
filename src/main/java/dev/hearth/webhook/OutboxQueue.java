package dev.hearth.webhook;

import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The outbox as a queue: messages that are due, under leases.
final class OutboxQueue {
    /// By an index, so that what waits for other endpoints costs nothing.
    static final String SELECT_DUE =
            "SELECT id, endpoint, attempts, body, origin FROM outgoing_webhook"
                    + " WHERE next_at <= ? AND endpoint = ? ORDER BY next_at LIMIT ?";

    private OutboxQueue() {}

    /// A message in a sender's hands.
    @SuppressWarnings("ArrayRecordComponent") // sent once, compared by nobody
    record Message(String id, String endpoint, int attempt, byte[] body, String origin) {}

    /// Claims up to `limit` due messages to one endpoint.
    static List<Message> claim(
            Transaction tx, String endpoint, String owner, Instant now, Instant leaseEnd, int limit)
            throws SQLException {
        List<Message> due =
                tx.query(
                        SELECT_DUE + tx.dialect().forUpdateSkipLocked(),
                        row ->
                                new Message(
                                        row.text("id"),
                                        row.text("endpoint"),
                                        row.integer("attempts") + 1,
                                        row.bytes("body"),
                                        row.text("origin")),
                        now,
                        endpoint,
                        limit);
        if (!due.isEmpty()) {
            tx.update(
                    "UPDATE outgoing_webhook SET state = 'sending', attempts = attempts + 1,"
                            + " next_at = ?, lease_owner = ? WHERE id"
                            + tx.dialect().inCollection(),
                    leaseEnd,
                    owner,
                    due.stream().map(Message::id).toList());
        }
        return due;
    }

    /// Writes down one attempt and what follows from it: delivered, to be tried again at a time, or dead. Does nothing
    /// where that was done before, or where the lease ended and the message is another's now. One that its owner
    /// claimed once more, in whose hands it still was, counts no attempt for that.
    static void settle(
            Transaction tx,
            String owner,
            Message message,
            OutboxEntry.Try attempt,
            boolean delivered,
            Optional<Instant> retryAt)
            throws SQLException {
        String state = delivered ? "delivered" : retryAt.isPresent() ? "waiting" : "dead";
        int changed =
                tx.update(
                        """
                        UPDATE outgoing_webhook
                           SET state = ?, next_at = ?, lease_owner = NULL, last_error = ?, done_at = ?,
                               attempts = ?
                         WHERE id = ? AND lease_owner = ?
                        """,
                        state,
                        retryAt,
                        attempt.error(),
                        retryAt.isPresent() ? Optional.empty() : Optional.of(attempt.ended()),
                        message.attempt(),
                        message.id(),
                        owner);
        if (changed == 1) {
            tx.update(
                    "INSERT INTO outgoing_attempt (webhook_id, n, started, ended, status, error)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    message.id(),
                    message.attempt(),
                    attempt.started(),
                    attempt.ended(),
                    attempt.status(),
                    attempt.error());
        }
    }

    static OutboxEntry entry(Row row, List<OutboxEntry.Try> tries) throws SQLException {
        return new OutboxEntry(
                row.text("id"),
                row.text("endpoint"),
                row.text("event_type"),
                row.instant("created_at"),
                row.text("state"),
                row.integer("attempts"),
                row.optionalInstant("next_at"),
                row.optionalText("last_error"),
                tries);
    }

    static OutboxEntry withTries(Transaction tx, OutboxEntry entry) throws SQLException {
        List<OutboxEntry.Try> tries =
                tx.query(
                        "SELECT * FROM outgoing_attempt WHERE webhook_id = ? ORDER BY n",
                        row ->
                                new OutboxEntry.Try(
                                        row.integer("n"),
                                        row.instant("started"),
                                        row.instant("ended"),
                                        row.integer("status"),
                                        row.optionalText("error")),
                        entry.id());
        return new OutboxEntry(
                entry.id(),
                entry.endpoint(),
                entry.type(),
                entry.createdAt(),
                entry.state(),
                entry.attempts(),
                entry.nextAt(),
                entry.lastError(),
                tries);
    }
}
