package dev.hearth.payment;

import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// The rows of refunds. Changed only by who holds the lock on their payment.
final class RefundTable {
    private RefundTable() {}

    static void insert(Transaction tx, Refund refund) throws SQLException {
        tx.update(
                """
                INSERT INTO refund (id, payment_id, amount, state, stripe_id, reason, failure_reason,
                                    created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                refund.id(),
                refund.paymentId(),
                refund.amount(),
                refund.state().word(),
                refund.stripeId(),
                refund.reason(),
                refund.failureReason(),
                refund.createdAt());
    }

    static void update(Transaction tx, Refund refund) throws SQLException {
        tx.update(
                "UPDATE refund SET state = ?, stripe_id = ?, failure_reason = ? WHERE id = ?",
                refund.state().word(),
                refund.stripeId(),
                refund.failureReason(),
                refund.id());
    }

    /// Takes a row away that is told by another: no call may name it.
    static void delete(Transaction tx, Refund refund) throws SQLException {
        tx.update("DELETE FROM refund WHERE id = ?", refund.id());
    }

    static List<Refund> ofPayment(Transaction tx, String paymentId) throws SQLException {
        return tx.query(
                "SELECT * FROM refund WHERE payment_id = ? ORDER BY id",
                RefundTable::read,
                paymentId);
    }

    static List<Refund> newest(Transaction tx, int limit) throws SQLException {
        return tx.query("SELECT * FROM refund ORDER BY id DESC LIMIT ?", RefundTable::read, limit);
    }

    static Optional<Refund> find(Transaction tx, String id) throws SQLException {
        return tx.first("SELECT * FROM refund WHERE id = ?", RefundTable::read, id);
    }

    private static Refund read(Row row) throws SQLException {
        return new Refund(
                row.text("id"),
                row.text("payment_id"),
                row.number("amount"),
                Refund.State.of(row.text("state")),
                row.optionalText("stripe_id"),
                row.optionalText("reason"),
                row.optionalText("failure_reason"),
                row.instant("created_at"));
    }
}
