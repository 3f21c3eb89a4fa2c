package dev.hearth.payment;

import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows of invoices.
final class InvoiceTable {
    private InvoiceTable() {}

    private static final String SELECT = "SELECT * FROM invoice ";

    /// Inserts an invoice, unless its order has one already.
    static boolean insert(Transaction tx, Invoice invoice) throws SQLException {
        return tx.update(
                        """
                        INSERT INTO invoice (id, principal, order_ref, subscription_id, amount, currency, state,
                                             lines_json, due_at, stripe_invoice, stripe_customer, livemode,
                                             remind_at, created_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT DO NOTHING
                        """,
                        invoice.id(),
                        invoice.principal(),
                        invoice.orderRef(),
                        invoice.subscriptionId(),
                        invoice.amount(),
                        invoice.currency().code(),
                        invoice.state().word(),
                        invoice.plan(),
                        invoice.dueAt(),
                        invoice.stripeId(),
                        invoice.stripeCustomer(),
                        invoice.livemode(),
                        invoice.remindAt(),
                        invoice.createdAt())
                == 1;
    }

    /// Writes an invoice that was read with [#lock] in the same transaction.
    static void update(Transaction tx, Invoice invoice) throws SQLException {
        InvoiceState state = invoice.state();
        int updated =
                tx.update(
                        """
                        UPDATE invoice
                           SET amount = ?, paid = ?, state = ?, failure = ?, due_at = ?, url = ?,
                               stripe_invoice = ?, stripe_customer = ?, livemode = ?, reminders = ?,
                               remind_at = ?, last_sync_at = ?, version = version + 1
                         WHERE id = ? AND version = ?
                        """,
                        invoice.amount(),
                        state instanceof InvoiceState.Paid(long paid) ? paid : 0L,
                        state.word(),
                        state instanceof InvoiceState.Failed(var reason)
                                ? reason
                                : Optional.empty(),
                        invoice.dueAt(),
                        invoice.url(),
                        invoice.stripeId(),
                        invoice.stripeCustomer(),
                        invoice.livemode(),
                        invoice.reminders(),
                        state.isFinal() ? Optional.empty() : invoice.remindAt(),
                        invoice.lastSyncAt(),
                        invoice.id(),
                        invoice.version());
        if (updated != 1) {
            throw new SQLException(
                    "invoice %s has another version than %d"
                            .formatted(invoice.id(), invoice.version()));
        }
    }

    static Optional<Invoice> find(Transaction tx, String id) throws SQLException {
        return tx.first(SELECT + "WHERE id = ?", InvoiceTable::read, id);
    }

    /// The invoice, which nobody else can change until the transaction ends.
    static Optional<Invoice> lock(Transaction tx, String id) throws SQLException {
        return tx.first(SELECT + "WHERE id = ?" + tx.dialect().forUpdate(), InvoiceTable::read, id);
    }

    static Optional<Invoice> byStripe(Transaction tx, String id) throws SQLException {
        return tx.first(SELECT + "WHERE stripe_invoice = ?", InvoiceTable::read, id);
    }

    /// The invoice that an order has, if it has one that counts.
    static Optional<Invoice> ofOrder(Transaction tx, String principal, String orderRef)
            throws SQLException {
        return tx.first(
                SELECT
                        + "WHERE principal = ? AND order_ref = ? AND state NOT IN ('void', 'failed')",
                InvoiceTable::read,
                principal,
                orderRef);
    }

    static List<Invoice> ofSubscription(Transaction tx, String subscriptionId) throws SQLException {
        return tx.query(
                SELECT + "WHERE subscription_id = ? ORDER BY id DESC",
                InvoiceTable::read,
                subscriptionId);
    }

    /// Those that fit a condition of our own making, newest first; the last value is how many at most.
    static List<Invoice> list(Transaction tx, String where, @Nullable Object... values)
            throws SQLException {
        return tx.query(
                SELECT + "WHERE " + where + " ORDER BY id DESC LIMIT ?",
                InvoiceTable::read,
                values);
    }

    /// Those that may still change and were not looked at since, first those that were not looked at for longest.
    static List<Invoice> open(Transaction tx, Instant notSyncedSince, int limit)
            throws SQLException {
        return tx.query(
                SELECT
                        + """
                        WHERE state IN ('created', 'unknown', 'draft', 'open')
                          AND stripe_invoice IS NOT NULL
                          AND (last_sync_at IS NULL OR last_sync_at < ?)
                        ORDER BY COALESCE(last_sync_at, 0), created_at LIMIT ?
                        """,
                InvoiceTable::read,
                notSyncedSince,
                limit);
    }

    /// Those of which the customer is to be reminded now.
    static List<Invoice> toRemind(Transaction tx, Instant now, int limit) throws SQLException {
        return tx.query(
                SELECT + "WHERE remind_at <= ? AND state = 'open' ORDER BY remind_at LIMIT ?",
                InvoiceTable::read,
                now,
                limit);
    }

    private static Invoice read(Row row) throws SQLException {
        return new Invoice(
                row.text("id"),
                row.text("principal"),
                row.text("order_ref"),
                row.optionalText("subscription_id"),
                row.number("amount"),
                Currency.of(row.text("currency")),
                state(row),
                row.text("lines_json"),
                row.optionalInstant("due_at"),
                row.optionalText("stripe_invoice"),
                row.optionalText("stripe_customer"),
                row.optionalFlag("livemode"),
                row.integer("reminders"),
                row.optionalInstant("remind_at"),
                row.number("version"),
                row.instant("created_at"),
                row.optionalInstant("last_sync_at"));
    }

    private static InvoiceState state(Row row) throws SQLException {
        String word = row.text("state");
        return switch (word) {
            case "created" -> new InvoiceState.Created();
            case "unknown" -> new InvoiceState.Unknown();
            case "draft" -> new InvoiceState.Draft();
            case "open" -> new InvoiceState.Open(row.optionalText("url"));
            case "paid" -> new InvoiceState.Paid(row.number("paid"));
            case "void" -> new InvoiceState.TakenBack();
            case "uncollectible" -> new InvoiceState.Uncollectible();
            case "failed" -> new InvoiceState.Failed(row.optionalText("failure"));
            default -> throw new SQLException("an invoice's state is " + word);
        };
    }
}
