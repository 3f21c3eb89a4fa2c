package dev.hearth.payment;

import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows of payments.
final class PaymentTable {
    private PaymentTable() {}

    private static final String SELECT =
            """
            SELECT id, principal, order_ref, kind, amount, currency, manual_capture, state, failure, capturable,
                   captured, refunded, disputed, stripe_pi, stripe_session, livemode, url, client_secret,
                   version, created_at, returned_at, last_sync_at, invoice_id
              FROM payment
            """;

    private static final String INSERT =
            """
            INSERT INTO payment (id, principal, order_ref, kind, amount, currency, manual_capture, state,
                                 stripe_pi, livemode, created_at, invoice_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (principal, order_ref)
                WHERE state NOT IN ('canceled', 'expired')
                  AND NOT (state = 'failed' AND stripe_pi IS NULL AND stripe_session IS NULL)
                DO NOTHING
            """;

    /// What indexes are on is named only where it changes: SQLite writes every index anew that has a named column.
    private static final String UPDATE =
            """
            UPDATE payment
               SET failure = ?, capturable = ?, captured = ?, refunded = ?, disputed = ?, livemode = ?, url = ?,
                   client_secret = ?, returned_at = ?, last_sync_at = ?, version = version + 1
            """;

    /// Inserts a payment, unless its order has one already.
    static boolean insert(Transaction tx, Payment payment) throws SQLException {
        return tx.update(
                        INSERT,
                        payment.id(),
                        payment.principal(),
                        payment.orderRef(),
                        payment.kind().word(),
                        payment.amount().minorUnits(),
                        payment.amount().currency().code(),
                        payment.manualCapture(),
                        payment.state().word(),
                        payment.stripeIntent(),
                        payment.livemode(),
                        payment.createdAt(),
                        payment.invoiceId())
                == 1;
    }

    /// The payment is not as it was read any more.
    static final class ChangedException extends SQLException {
        private static final long serialVersionUID = 1L;

        ChangedException(Payment payment) {
            super(
                    "payment %s has another version than %d"
                            .formatted(payment.id(), payment.version()));
        }
    }

    /// Writes what has become of a payment that was read with [#lock] in the same transaction.
    ///
    /// @throws ChangedException if it was not, and has been changed since
    static void update(Transaction tx, Payment before, Payment after) throws SQLException {
        PaymentState state = after.state();
        List<Object> values =
                new ArrayList<>(
                        List.of(
                                state instanceof PaymentState.Failed(var reason)
                                        ? reason
                                        : Optional.empty(),
                                state instanceof PaymentState.Authorized(long capturable)
                                        ? capturable
                                        : 0L,
                                after.captured(),
                                after.refunded(),
                                after.disputed(),
                                after.livemode(),
                                after.url(),
                                after.clientSecret(),
                                after.returnedAt(),
                                after.lastSyncAt()));
        StringBuilder indexed = new StringBuilder();
        set(indexed, values, "state", before.state().word(), state.word());
        set(indexed, values, "stripe_pi", before.stripeIntent(), after.stripeIntent());
        set(indexed, values, "stripe_session", before.stripeSession(), after.stripeSession());
        values.add(after.id());
        values.add(after.version());
        String sql = UPDATE + indexed + " WHERE id = ? AND version = ?";
        if (tx.update(sql, values.toArray()) != 1) {
            throw new ChangedException(after);
        }
    }

    private static void set(
            StringBuilder assignments,
            List<Object> values,
            String column,
            Object before,
            Object after) {
        if (!before.equals(after)) {
            assignments.append(", ").append(column).append(" = ?");
            values.add(after);
        }
    }

    static Optional<Payment> find(Transaction tx, String id) throws SQLException {
        return tx.first(SELECT + "WHERE id = ?", PaymentTable::read, id);
    }

    /// The payment, which nobody else can change until the transaction ends.
    static Optional<Payment> lock(Transaction tx, String id) throws SQLException {
        return tx.first(SELECT + "WHERE id = ?" + tx.dialect().forUpdate(), PaymentTable::read, id);
    }

    static Optional<Payment> byIntent(Transaction tx, String intent) throws SQLException {
        return tx.first(SELECT + "WHERE stripe_pi = ?", PaymentTable::read, intent);
    }

    static Optional<Payment> bySession(Transaction tx, String session) throws SQLException {
        return tx.first(SELECT + "WHERE stripe_session = ?", PaymentTable::read, session);
    }

    /// Those with which an invoice was paid, or is tried to be paid.
    static List<Payment> ofInvoice(Transaction tx, String invoiceId) throws SQLException {
        return tx.query(SELECT + "WHERE invoice_id = ? ORDER BY id", PaymentTable::read, invoiceId);
    }

    /// The payment that an order has, if it has one that can still be, or was, paid.
    static Optional<Payment> ofOrder(Transaction tx, String principal, String orderRef)
            throws SQLException {
        return tx.first(
                SELECT
                        + """
                        WHERE principal = ? AND order_ref = ?
                          AND state NOT IN ('canceled', 'expired')
                          AND NOT (state = 'failed' AND stripe_pi IS NULL AND stripe_session IS NULL)
                        """,
                PaymentTable::read,
                principal,
                orderRef);
    }

    /// Those that may still change and were not looked at since, first those that were not looked at for longest.
    static List<Payment> open(Transaction tx, Instant notSyncedSince, int limit)
            throws SQLException {
        return tx.query(
                SELECT
                        + """
                        WHERE state NOT IN ('paid', 'canceled', 'expired')
                          AND (stripe_pi IS NOT NULL OR stripe_session IS NOT NULL)
                          AND (last_sync_at IS NULL OR last_sync_at < ?)
                        ORDER BY COALESCE(last_sync_at, 0), created_at LIMIT ?
                        """,
                PaymentTable::read,
                notSyncedSince,
                limit);
    }

    /// Those that fit a condition of our own making, newest first; the last value is how many at most.
    static List<Payment> list(Transaction tx, String where, @Nullable Object... values)
            throws SQLException {
        return tx.query(
                SELECT + "WHERE " + where + " ORDER BY id DESC LIMIT ?",
                PaymentTable::read,
                values);
    }

    private static Payment read(Row row) throws SQLException {
        return new Payment(
                row.text("id"),
                row.text("principal"),
                row.text("order_ref"),
                Payment.Kind.of(row.text("kind")),
                Money.of(row.number("amount"), Currency.of(row.text("currency"))),
                row.flag("manual_capture"),
                state(row),
                row.number("captured"),
                row.number("refunded"),
                row.number("disputed"),
                row.optionalText("stripe_pi"),
                row.optionalText("stripe_session"),
                row.optionalFlag("livemode"),
                row.optionalText("url"),
                row.optionalText("client_secret"),
                row.number("version"),
                row.instant("created_at"),
                row.optionalInstant("returned_at"),
                row.optionalInstant("last_sync_at"),
                row.optionalText("invoice_id"));
    }

    private static PaymentState state(Row row) throws SQLException {
        String word = row.text("state");
        return switch (word) {
            case "created" -> new PaymentState.Created();
            case "unknown" -> new PaymentState.Unknown();
            case "pending" -> new PaymentState.Pending();
            case "requires_action" -> new PaymentState.RequiresAction();
            case "processing" -> new PaymentState.Processing();
            case "authorized" -> new PaymentState.Authorized(row.number("capturable"));
            case "paid" -> new PaymentState.Paid(row.number("captured"));
            case "failed" -> new PaymentState.Failed(row.optionalText("failure"));
            case "canceled" -> new PaymentState.Canceled();
            case "expired" -> new PaymentState.Expired();
            default -> throw new SQLException("a payment's state is " + word);
        };
    }
}
