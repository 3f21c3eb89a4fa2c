package dev.hearth.payment;

import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A buyer's bank asks the money back.
///
/// @param currency of the amount, which may be another than the payment's
/// @param dueBy until when evidence counts
public record Dispute(
        String stripeId,
        String paymentId,
        long amount,
        Currency currency,
        State state,
        Optional<String> reason,
        Optional<Instant> dueBy) {

    /// Where a dispute is, in Stripe's words.
    public enum State {
        WARNING_NEEDS_RESPONSE,
        WARNING_UNDER_REVIEW,
        WARNING_CLOSED,
        NEEDS_RESPONSE,
        UNDER_REVIEW,
        WON,
        LOST,
        PREVENTED;

        /// The name in the database and for callers.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Whether the bank took the money when it began. A warning only asks.
        boolean tookMoney() {
            return switch (this) {
                case NEEDS_RESPONSE, UNDER_REVIEW, WON, LOST -> true;
                case WARNING_NEEDS_RESPONSE, WARNING_UNDER_REVIEW, WARNING_CLOSED, PREVENTED ->
                        false;
            };
        }

        /// Whether the bank has the money now.
        boolean holdsMoney() {
            return tookMoney() && this != WON;
        }

        boolean needsResponse() {
            return this == NEEDS_RESPONSE || this == WARNING_NEEDS_RESPONSE;
        }
    }

    static Optional<State> state(String word) {
        for (State state : State.values()) {
            if (state.word().equals(word)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    static List<Dispute> ofPayment(Transaction tx, String paymentId) throws SQLException {
        return tx.query(
                "SELECT * FROM dispute WHERE payment_id = ? ORDER BY stripe_id",
                Dispute::read,
                paymentId);
    }

    /// The payments with a dispute that can still end one way or the other.
    static List<String> paymentsInDispute(Transaction tx) throws SQLException {
        return tx.query(
                """
                SELECT DISTINCT payment_id FROM dispute
                 WHERE state NOT IN ('won', 'lost', 'prevented', 'warning_closed')
                """,
                row -> row.text("payment_id"));
    }

    /// Those that wait for our evidence, those due first in front.
    static List<Dispute> waiting(Transaction tx) throws SQLException {
        return tx.query(
                """
                SELECT * FROM dispute WHERE state IN ('needs_response', 'warning_needs_response')
                 ORDER BY due_by, stripe_id
                """,
                Dispute::read);
    }

    void write(Transaction tx) throws SQLException {
        tx.update(
                """
                INSERT INTO dispute (stripe_id, payment_id, amount, currency, state, reason, due_by)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (stripe_id) DO UPDATE
                   SET state = excluded.state, amount = excluded.amount, currency = excluded.currency,
                       due_by = excluded.due_by
                """,
                stripeId,
                paymentId,
                amount,
                currency.code(),
                state.word(),
                reason,
                dueBy);
    }

    private static Dispute read(Row row) throws SQLException {
        return new Dispute(
                row.text("stripe_id"),
                row.text("payment_id"),
                row.number("amount"),
                Currency.of(row.text("currency")),
                State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
                row.optionalText("reason"),
                row.optionalInstant("due_by"));
    }
}
