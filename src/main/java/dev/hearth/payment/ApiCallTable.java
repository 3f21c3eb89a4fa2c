package dev.hearth.payment;

import dev.hearth.payment.ApiCall.Purpose;
import dev.hearth.payment.ApiCall.State;
import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The rows of calls.
final class ApiCallTable {
    private ApiCallTable() {}

    static void insert(Transaction tx, ApiCall call, Instant now) throws SQLException {
        tx.update(
                """
                INSERT INTO api_call (id, purpose, %s, refund_id, method, path, params_json, params_sha256,
                                      idempotency_key, subject_version, state, attempts, first_sent_at,
                                      next_at, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
                        .formatted(call.subject().column()),
                call.id(),
                call.purpose().word(),
                call.subjectId(),
                call.refundId(),
                call.purpose().keyed() ? "post" : "delete",
                call.path(),
                Json.write(call.parameters()),
                sha256(call.toStripe().form().getBytes(StandardCharsets.UTF_8)),
                call.idempotencyKey(),
                call.subjectVersion(),
                call.state().word(),
                call.attempts(),
                call.firstSentAt(),
                call.nextAt(),
                now);
    }

    static Optional<ApiCall> find(Transaction tx, String id) throws SQLException {
        return tx.first("SELECT * FROM api_call WHERE id = ?", ApiCallTable::read, id);
    }

    /// The newest call of this purpose for a subject that has no outcome yet.
    static Optional<ApiCall> open(Transaction tx, String subjectId, Purpose purpose)
            throws SQLException {
        return tx.first(
                """
                SELECT * FROM api_call
                 WHERE %s = ? AND purpose = ? AND state NOT IN ('ok', 'rejected')
                 ORDER BY id DESC
                """
                        .formatted(purpose.subject().column()),
                ApiCallTable::read,
                subjectId,
                purpose.word());
    }

    /// Whether any call has no outcome yet, and is to be tried again.
    static boolean hasOpen(Transaction tx) throws SQLException {
        return tx.first(
                        "SELECT id FROM api_call WHERE next_at IS NOT NULL LIMIT 1",
                        row -> row.text("id"))
                .isPresent();
    }

    /// Whether a refund was asked for here, and not found at Stripe.
    static boolean hasRefund(Transaction tx, String refundId) throws SQLException {
        return tx.first(
                        "SELECT id FROM api_call WHERE refund_id = ?",
                        row -> row.text("id"),
                        refundId)
                .isPresent();
    }

    /// Whether an id of Stripe's belongs to another payment, or to a refund of one.
    static boolean isTaken(Transaction tx, String stripeId, String paymentId) throws SQLException {
        return tx.first(
                        """
                        SELECT id FROM payment WHERE (stripe_pi = ? OR stripe_session = ?) AND id <> ?
                         UNION ALL
                        SELECT id FROM refund WHERE stripe_id = ? AND payment_id <> ?
                        """,
                        row -> row.text("id"),
                        stripeId,
                        stripeId,
                        paymentId,
                        stripeId,
                        paymentId)
                .isPresent();
    }

    /// The part that was asked for by the newest capture of a payment that was not refused, if it was a part.
    static Optional<Long> amountToCapture(Transaction tx, String paymentId) throws SQLException {
        return tx.first(
                        """
                        SELECT * FROM api_call
                         WHERE payment_id = ? AND purpose = 'capture' AND state <> 'rejected'
                         ORDER BY id DESC
                        """,
                        ApiCallTable::read,
                        paymentId)
                .flatMap(call -> Optional.ofNullable(call.parameters().get("amount_to_capture")))
                .map(Long::valueOf);
    }

    static List<String> due(Transaction tx, Instant now, int limit) throws SQLException {
        return tx.query(
                "SELECT id FROM api_call WHERE next_at <= ? ORDER BY next_at LIMIT ?",
                row -> row.text("id"),
                now,
                limit);
    }

    /// Makes a due call ours to send until `leaseEnd`, or gives nothing if someone else has it.
    static Optional<ApiCall> claim(Transaction tx, String id, Instant now, Instant leaseEnd)
            throws SQLException {
        int claimed =
                tx.update(
                        """
                        UPDATE api_call SET state = 'sent', attempts = attempts + 1, next_at = ?
                         WHERE id = ? AND next_at <= ? AND state NOT IN ('ok', 'rejected')
                        """,
                        leaseEnd,
                        id,
                        now);
        return claimed == 1 ? find(tx, id) : Optional.empty();
    }

    /// Makes every call that a process before us left on its way due at once.
    static int release(Transaction tx, Instant now) throws SQLException {
        return tx.update("UPDATE api_call SET next_at = ? WHERE state = 'sent'", now);
    }

    /// Whoever sent the call was slower than its lease, and lost it to another, who writes what becomes of it, or has
    /// written it. Nothing of the transaction may stay.
    static final class LostException extends SQLException {
        private static final long serialVersionUID = 1L;

        LostException(ApiCall call) {
            super(call + " was taken over by another");
        }
    }

    /// Has the call tried again later.
    ///
    /// @throws LostException if another has tried it since, or it has an outcome
    static void postpone(Transaction tx, ApiCall call, State state, Instant nextAt, int status)
            throws SQLException {
        int postponed =
                tx.update(
                        """
                        UPDATE api_call SET state = ?, next_at = ?, http_status = ?
                         WHERE id = ? AND attempts = ? AND state NOT IN ('ok', 'rejected')
                        """,
                        state.word(),
                        nextAt,
                        status,
                        call.id(),
                        call.attempts());
        if (postponed != 1) {
            throw new LostException(call);
        }
    }

    /// Writes the outcome, which a call has once.
    ///
    /// @param response what is kept of it
    /// @throws LostException if it has one already
    static void finish(
            Transaction tx,
            ApiCall call,
            State state,
            int status,
            Optional<String> requestId,
            Map<String, String> response)
            throws SQLException {
        int finished =
                tx.update(
                        """
                        UPDATE api_call
                           SET state = ?, next_at = NULL, http_status = ?, stripe_request_id = ?,
                               response_json = ?
                         WHERE id = ? AND state NOT IN ('ok', 'rejected')
                        """,
                        state.word(),
                        status,
                        requestId,
                        Json.write(response),
                        call.id());
        if (finished != 1) {
            throw new LostException(call);
        }
    }

    /// The call that was written when this one was done, if one was.
    static Optional<ApiCall> following(Transaction tx, ApiCall done) throws SQLException {
        Optional<String> next = kept(tx, done.id(), Outcomes.NEXT);
        return next.isPresent() ? find(tx, next.get()) : Optional.empty();
    }

    /// What was kept of an outcome under a name.
    static Optional<String> kept(Transaction tx, String id, String name) throws SQLException {
        return tx.first(
                        "SELECT response_json FROM api_call WHERE id = ?",
                        row -> row.optionalText("response_json"),
                        id)
                .flatMap(response -> response)
                .flatMap(response -> Json.text(Json.read(response), name));
    }

    /// Keeps a call from being finished until the transaction ends; false if it is.
    static boolean holdOpen(Transaction tx, String id) throws SQLException {
        return tx.first(
                        "SELECT id FROM api_call WHERE id = ? AND state NOT IN ('ok', 'rejected')"
                                + tx.dialect().forUpdate(),
                        row -> row.text("id"),
                        id)
                .isPresent();
    }

    private static ApiCall read(Row row) throws SQLException {
        SequencedMap<String, String> parameters = new LinkedHashMap<>();
        Json.read(row.text("params_json"))
                .properties()
                .forEach(each -> parameters.put(each.getKey(), each.getValue().stringValue()));
        Purpose purpose = Purpose.of(row.text("purpose"));
        return new ApiCall(
                row.text("id"),
                purpose,
                row.text(purpose.subject().column()),
                row.optionalText("refund_id"),
                row.text("path"),
                parameters,
                row.text("idempotency_key"),
                row.number("subject_version"),
                State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
                row.integer("attempts"),
                row.instant("first_sent_at"),
                row.optionalInstant("next_at"),
                Optional.empty());
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
