package dev.hearth.payment;

import dev.hearth.payment.ApiCall.Subject;
import dev.hearth.storage.Database;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Subscriptions and invoices for those who run the shop: lists, and one in full. Needs the database only, so it
/// works beside a running server.
public final class BillingRecords {
    private static final List<String> SUBSCRIPTION_IDS =
            List.of("id", "stripe_subscription", "stripe_session", "stripe_customer");
    private static final List<String> INVOICE_IDS =
            List.of("id", "stripe_invoice", "stripe_customer", "subscription_id");

    private final Database database;

    public BillingRecords(Database database) {
        this.database = database;
    }

    /// A page of the subscriptions that fit.
    public BillingPage<Subscription> subscriptions(BillingFilter filter) throws SQLException {
        return list(filter, SUBSCRIPTION_IDS, SubscriptionTable::list, Subscription::id);
    }

    /// A page of the invoices that fit.
    public BillingPage<Invoice> invoices(BillingFilter filter) throws SQLException {
        return list(filter, INVOICE_IDS, InvoiceTable::list, Invoice::id);
    }

    /// One subscription in full, by our id, by Stripe's, or by its order reference, of which the newest is given.
    public Optional<SubscriptionDetail> subscription(String id) throws SQLException {
        return database.read(tx -> {
            List<Subscription> found =
                    SubscriptionTable.list(
                            tx,
                            "(id = ? OR stripe_subscription = ? OR order_ref = ?)",
                            id,
                            id,
                            id,
                            1);
            return found.isEmpty() ? Optional.empty() : Optional.of(detail(tx, found.getFirst()));
        });
    }

    private static SubscriptionDetail detail(Transaction tx, Subscription found)
            throws SQLException {
        return new SubscriptionDetail(
                found,
                InvoiceTable.ofSubscription(tx, found.id()),
                PaymentCall.of(tx, Subject.SUBSCRIPTION, found.id()));
    }

    /// One invoice in full, by our id, by Stripe's, or by its order reference, of which the newest is given.
    public Optional<InvoiceDetail> invoice(String id) throws SQLException {
        return database.read(tx -> {
            List<Invoice> found =
                    InvoiceTable.list(
                            tx, "(id = ? OR stripe_invoice = ? OR order_ref = ?)", id, id, id, 1);
            return found.isEmpty() ? Optional.empty() : Optional.of(detail(tx, found.getFirst()));
        });
    }

    private static InvoiceDetail detail(Transaction tx, Invoice found) throws SQLException {
        return new InvoiceDetail(
                found,
                PaymentTable.ofInvoice(tx, found.id()),
                PaymentCall.of(tx, Subject.INVOICE, found.id()));
    }

    /// Lists the rows that fit a condition, newest first; the last value is how many at most.
    @FunctionalInterface
    private interface Table<T> {
        List<T> list(Transaction tx, String where, @Nullable Object... values) throws SQLException;
    }

    private <T> BillingPage<T> list(
            BillingFilter filter, List<String> ids, Table<T> table, Function<T, String> id)
            throws SQLException {
        List<String> wheres = new ArrayList<>(List.of("TRUE"));
        List<@Nullable Object> values = new ArrayList<>();
        if (filter.state().isPresent()) {
            wheres.add("state = ?");
            values.add(filter.state().get());
        }
        if (filter.text().isPresent()) {
            wheres.add(naming(filter.text().get(), ids, values));
        }
        if (filter.before().isPresent()) {
            wheres.add("id < ?");
            values.add(filter.before().get());
        }
        values.add(filter.limit() + 1);
        List<T> found =
                database.read(tx -> table.list(tx, String.join(" AND ", wheres), values.toArray()));
        if (found.size() <= filter.limit()) {
            return new BillingPage<>(found, Optional.empty());
        }
        List<T> page = found.subList(0, filter.limit());
        return new BillingPage<>(page, Optional.of(id.apply(page.getLast())));
    }

    private static String naming(String text, List<String> ids, List<@Nullable Object> values) {
        values.add("%" + text.toLowerCase(Locale.ROOT).replaceAll("([\\\\%_])", "\\\\$1") + "%");
        StringBuilder where = new StringBuilder("(LOWER(order_ref) LIKE ? ESCAPE '\\'");
        for (String column : ids) {
            where.append(" OR ").append(column).append(" = ?");
            values.add(text);
        }
        return where.append(')').toString();
    }
}
