package dev.hearth.payment;

import dev.hearth.storage.Database;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Payments for those who run the shop: lists, one in full, open disputes, the books. Needs the database
/// only, so it works beside a running server.
public final class PaymentRecords {
    private final Database database;

    public PaymentRecords(Database database) {
        this.database = database;
    }

    /// A page of the payments that fit, newest first.
    public PaymentPage list(PaymentFilter filter) throws SQLException {
        List<String> wheres = new ArrayList<>(List.of("TRUE"));
        List<@Nullable Object> values = new ArrayList<>();
        filter.status().ifPresent(status -> wheres.add(having(status, values)));
        filter.text().ifPresent(text -> wheres.add(naming(text, values)));
        filter.currency()
                .ifPresent(currency -> add(wheres, values, "currency = ?", currency.code()));
        filter.since()
                .ifPresent(since -> add(wheres, values, "id >= ?", TimeOrderedIds.first(since)));
        filter.until()
                .ifPresent(until -> add(wheres, values, "id < ?", TimeOrderedIds.first(until)));
        filter.before().ifPresent(cursor -> add(wheres, values, "id < ?", cursor));
        values.add(filter.limit() + 1);
        List<Payment> found =
                database.read(tx ->
                        PaymentTable.list(tx, String.join(" AND ", wheres), values.toArray()));
        if (found.size() <= filter.limit()) {
            return new PaymentPage(found, Optional.empty());
        }
        List<Payment> page = found.subList(0, filter.limit());
        return new PaymentPage(page, Optional.of(page.getLast().id()));
    }

    private static void add(
            List<String> wheres, List<@Nullable Object> values, String where, String value) {
        wheres.add(where);
        values.add(value);
    }

    /// What [Payment#status] makes of a row, as SQL.
    private static String having(String status, List<@Nullable Object> values) {
        return switch (status) {
            case "disputed" -> "state = 'paid' AND disputed > 0";
            case "paid" -> "state = 'paid' AND disputed = 0 AND refunded = 0";
            case "refunded" -> "state = 'paid' AND disputed = 0 AND refunded = captured";
            case "partially_refunded" ->
                    "state = 'paid' AND disputed = 0 AND refunded > 0 AND refunded < captured";
            default -> {
                values.add(status);
                yield "state = ?";
            }
        };
    }

    private static String naming(String text, List<@Nullable Object> values) {
        String escaped = text.toLowerCase(Locale.ROOT).replaceAll("([\\\\%_])", "\\\\$1");
        values.addAll(List.of("%" + escaped + "%", text, text, text));
        return "(LOWER(order_ref) LIKE ? ESCAPE '\\' OR id = ? OR stripe_pi = ? OR stripe_session ="
                + " ?)";
    }

    /// One payment in full, by our id, by Stripe's id of its intent or session, or by its order reference,
    /// of which the newest is given.
    public Optional<PaymentDetail> find(String id) throws SQLException {
        return database.read(tx -> {
            List<Payment> found =
                    PaymentTable.list(
                            tx,
                            "(id = ? OR stripe_pi = ? OR stripe_session = ? OR order_ref = ?)",
                            id,
                            id,
                            id,
                            id,
                            1);
            return found.isEmpty() ? Optional.empty() : Optional.of(detail(tx, found.getFirst()));
        });
    }

    private static PaymentDetail detail(Transaction tx, Payment payment) throws SQLException {
        String id = payment.id();
        return new PaymentDetail(
                payment,
                PaymentStep.revision(tx, id),
                Changes.refundable(tx, payment),
                RefundTable.ofPayment(tx, id),
                Dispute.ofPayment(tx, id),
                PaymentStep.ofPayment(tx, id),
                PaymentCall.of(tx, ApiCall.Subject.PAYMENT, id),
                Journal.ofPayment(tx, id));
    }

    /// Disputes that wait for our evidence, those due first in front.
    public List<Dispute> openDisputes() throws SQLException {
        return database.read(Dispute::waiting);
    }

    /// The newest refunds, of whichever payments.
    public List<Refund> newestRefunds(int limit) throws SQLException {
        return database.read(tx -> RefundTable.newest(tx, limit));
    }

    /// Entries of the books that were booked in this time, oldest first; `until` is not part of it.
    public List<JournalLine> journal(Instant since, Instant until, int limit) throws SQLException {
        return database.read(tx -> Journal.lines(tx, since, until, limit));
    }

    /// The books of this time as CSV (RFC 4180) with a header line, oldest first, amounts as decimals.
    public String journalCsv(Instant since, Instant until) throws SQLException {
        return database.read(tx -> Journal.csv(tx, since, until));
    }

    /// What each account holds, in minor units, by `account currency`.
    public Map<String, Long> balances() throws SQLException {
        return database.read(Journal::balances);
    }

    /// By how much each currency's books are off: always nothing.
    public Map<String, Long> imbalance() throws SQLException {
        return database.read(Journal::imbalance);
    }
}
