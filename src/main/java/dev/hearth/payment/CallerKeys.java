package dev.hearth.payment;

import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What callers asked for under idempotency keys of their own, so that the same request again gives the
/// same answer and does nothing again.
final class CallerKeys {
    private CallerKeys() {}

    /// How long a key is remembered: three days, a day more than a caller that retries over a weekend needs.
    private static final Duration KEPT = Duration.ofDays(3);

    /// A key of a caller for one route, with the request's body.
    record CallerKey(String principal, String route, String key, String bodySha256) {}

    /// What is known of a key.
    sealed interface Known {
        /// It was used for another request.
        record OtherBody() implements Known {}

        /// The request has its answer.
        record Answered(Answer answer) implements Known {}

        /// The request is not answered yet: its call goes on.
        record Running(String callId) implements Known {}
    }

    static Optional<Known> find(Transaction tx, CallerKey key, Instant now) throws SQLException {
        return tx.first(
                """
                SELECT body_sha256, state, call_id, status, response FROM client_idempotency
                 WHERE principal = ? AND route = ? AND key = ? AND (expires_at > ? OR state = 'running')
                """,
                row -> {
                    if (!row.text("body_sha256").equals(key.bodySha256)) {
                        return new Known.OtherBody();
                    }
                    return row.text("state").equals("done")
                            ? new Known.Answered(
                                    new Answer(row.integer("status"), row.text("response")))
                            : new Known.Running(row.text("call_id"));
                },
                key.principal,
                key.route,
                key.key,
                now);
    }

    /// Takes the key for a call, also one whose time is over; false if it is taken.
    static boolean take(Transaction tx, CallerKey key, String callId, Instant now)
            throws SQLException {
        return tx.update(
                        """
                        INSERT INTO client_idempotency (principal, route, key, body_sha256, state, call_id,
                                                        expires_at)
                        VALUES (?, ?, ?, ?, 'running', ?, ?)
                        ON CONFLICT (principal, route, key) DO UPDATE
                           SET body_sha256 = excluded.body_sha256, state = excluded.state,
                               call_id = excluded.call_id, expires_at = excluded.expires_at,
                               status = NULL, response = NULL
                         WHERE client_idempotency.expires_at <= ? AND client_idempotency.state = 'done'
                        """,
                        key.principal,
                        key.route,
                        key.key,
                        key.bodySha256,
                        callId,
                        now.plus(KEPT),
                        now)
                == 1;
    }

    /// Remembers the answer to whatever request began this call.
    static void answer(Transaction tx, String callId, Answer answer) throws SQLException {
        tx.update(
                """
                UPDATE client_idempotency SET state = 'done', status = ?, response = ?
                 WHERE call_id = ? AND state = 'running'
                """,
                answer.status(),
                answer.json(),
                callId);
    }

    /// What whoever asked for this call was told: with however many keys, it is the same.
    static Optional<Answer> answerOf(Transaction tx, String callId) throws SQLException {
        return tx.first(
                """
                SELECT status, response FROM client_idempotency
                 WHERE call_id = ? AND state = 'done' LIMIT 1
                """,
                row -> new Answer(row.integer("status"), row.text("response")),
                callId);
    }

    /// Has whoever asked for one call wait for another, that follows it.
    static void follow(Transaction tx, String callId, String nextId) throws SQLException {
        tx.update(
                "UPDATE client_idempotency SET call_id = ? WHERE call_id = ? AND state = 'running'",
                nextId,
                callId);
    }

    /// Forgets keys whose time is over.
    static int sweep(Transaction tx, Instant now) throws SQLException {
        return tx.update(
                "DELETE FROM client_idempotency WHERE expires_at <= ? AND state = 'done'", now);
    }
}
