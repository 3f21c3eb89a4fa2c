package dev.hearth.payment;

import dev.hearth.storage.Row;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The books, in double entry: each posting moves an amount from one account to another, so that every
/// currency sums to zero at all times. Only ever added to; the database refuses changes.
///
/// A posting is for one source and is made once, however often it is asked for.
final class Journal {
    /// An account. Amounts that come in are positive, those that go out negative.
    enum Account {
        RECEIVABLE_STRIPE,
        REVENUE,
        FEES,
        REFUNDS,
        DISPUTES,
        PAYOUTS,
        /// Between two currencies: what was given away in one and came back in another.
        CONVERSION;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What a posting is for.
    enum Source {
        PAYMENT,
        FEE,
        REFUND,
        REFUND_REVERSAL,
        DISPUTE,
        DISPUTE_REVERSAL,
        PAYOUT,
        PAYOUT_REVERSAL,
        /// That Stripe changed what another posting is of into another currency. It has the source id of that one.
        CONVERSION,
        CONVERSION_REVERSAL;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// What the conversion of a posting for this is for.
        Source conversion() {
            return switch (this) {
                case PAYMENT, REFUND, DISPUTE, PAYOUT -> CONVERSION;
                case REFUND_REVERSAL, DISPUTE_REVERSAL, PAYOUT_REVERSAL -> CONVERSION_REVERSAL;
                case FEE, CONVERSION, CONVERSION_REVERSAL ->
                        throw new IllegalArgumentException("never changed: " + word());
            };
        }
    }

    private final TimeOrderedIds ids;

    Journal(TimeOrderedIds ids) {
        this.ids = ids;
    }

    /// Moves an amount from one account to another, unless this source was posted before.
    void post(
            Transaction tx,
            Source source,
            String sourceId,
            @Nullable String paymentId,
            Account from,
            Account to,
            Currency currency,
            long amount,
            Instant now)
            throws SQLException {
        if (amount <= 0) {
            throw new IllegalArgumentException("a posting moves more than nothing, was " + amount);
        }
        Optional<String> begun = begin(tx, source, sourceId, paymentId, now);
        if (begun.isPresent()) {
            enter(tx, begun.get(), to, currency, amount);
            StopPoint.MID_JOURNAL.reach();
            enter(tx, begun.get(), from, currency, -amount);
            requireBalance(tx, begun.get());
        }
    }

    /// Takes what a posting put into `receivable_stripe` out again, and puts in what Stripe has made of it in another
    /// currency, unless that was done before. The account `conversion` has the other side of both.
    ///
    /// @param amount what the posting put in, less than nothing where money went
    /// @param other what it came to in the other currency
    void convert(
            Transaction tx,
            Source posted,
            String sourceId,
            @Nullable String paymentId,
            Currency currency,
            long amount,
            Currency otherCurrency,
            long other,
            Instant now)
            throws SQLException {
        Optional<String> begun = begin(tx, posted.conversion(), sourceId, paymentId, now);
        if (begun.isPresent()) {
            enter(tx, begun.get(), Account.RECEIVABLE_STRIPE, currency, -amount);
            enter(tx, begun.get(), Account.CONVERSION, currency, amount);
            enter(tx, begun.get(), Account.RECEIVABLE_STRIPE, otherCurrency, other);
            enter(tx, begun.get(), Account.CONVERSION, otherCurrency, -other);
            requireBalance(tx, begun.get());
        }
    }

    /// The id of a new posting, or nothing if this source was posted before.
    private Optional<String> begin(
            Transaction tx, Source source, String sourceId, @Nullable String paymentId, Instant now)
            throws SQLException {
        String id = ids.next(now.toEpochMilli());
        int inserted =
                tx.update(
                        """
                        INSERT INTO journal (id, source_kind, source_id, payment_id, booked_at)
                        VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (source_kind, source_id) DO NOTHING
                        """,
                        id,
                        source.word(),
                        sourceId,
                        paymentId,
                        now);
        return inserted == 1 ? Optional.of(id) : Optional.empty();
    }

    /// Whether this source was posted.
    static boolean has(Transaction tx, Source source, String sourceId) throws SQLException {
        return tx.first(
                        "SELECT 1 AS one FROM journal WHERE source_kind = ? AND source_id = ?",
                        row -> row.integer("one"),
                        source.word(),
                        sourceId)
                .isPresent();
    }

    /// What one source put into an account.
    static long sum(
            Transaction tx, Source source, String sourceId, Account account, Currency currency)
            throws SQLException {
        return tx.first(
                        """
                        SELECT SUM(e.amount) AS total
                          FROM journal j JOIN journal_entry e ON e.journal_id = j.id
                         WHERE j.source_kind = ? AND j.source_id = ? AND e.account = ? AND e.currency = ?
                        """,
                        row -> row.number("total"),
                        source.word(),
                        sourceId,
                        account.word(),
                        currency.code())
                .orElse(0L);
    }

    private static void enter(
            Transaction tx, String id, Account account, Currency currency, long amount)
            throws SQLException {
        tx.update(
                "INSERT INTO journal_entry (journal_id, account, currency, amount) VALUES (?, ?, ?,"
                        + " ?)",
                id,
                account.word(),
                currency.code(),
                amount);
    }

    private static void requireBalance(Transaction tx, String id) throws SQLException {
        List<String> off =
                tx.query(
                        """
                        SELECT currency FROM journal_entry WHERE journal_id = ?
                         GROUP BY currency HAVING SUM(amount) <> 0
                        """,
                        row -> row.text("currency"),
                        id);
        if (!off.isEmpty()) {
            throw new IllegalStateException(
                    "posting %s is out of balance in %s".formatted(id, off));
        }
    }

    /// Currencies whose entries do not sum to zero, with the sum: always none, unless someone else wrote.
    static Map<String, Long> imbalance(Transaction tx) throws SQLException {
        Map<String, Long> sums = new java.util.TreeMap<>();
        tx.query(
                """
                SELECT currency, SUM(amount) AS total FROM journal_entry
                 GROUP BY currency HAVING SUM(amount) <> 0
                """,
                row -> sums.put(row.text("currency"), row.number("total")));
        return sums;
    }

    /// What each account holds, as `account currency` to minor units.
    static Map<String, Long> balances(Transaction tx) throws SQLException {
        Map<String, Long> sums = new java.util.TreeMap<>();
        tx.query(
                """
                SELECT account, currency, SUM(amount) AS total FROM journal_entry
                 GROUP BY account, currency
                """,
                row ->
                        sums.put(
                                row.text("account") + " " + row.text("currency"),
                                row.number("total")));
        return sums;
    }

    private static final String LINES =
            """
            SELECT j.booked_at, j.id, j.source_kind, j.source_id, j.payment_id, p.order_ref, e.account,
                   e.currency, e.amount
              FROM journal j
              JOIN journal_entry e ON e.journal_id = j.id
              LEFT JOIN payment p ON p.id = j.payment_id
            """;

    private static final String IN_ORDER = " ORDER BY j.id, e.currency, e.amount DESC";

    static List<JournalLine> ofPayment(Transaction tx, String paymentId) throws SQLException {
        return tx.query(LINES + "WHERE j.payment_id = ?" + IN_ORDER, Journal::line, paymentId);
    }

    /// What was booked in a time. Postings have ids in order of time.
    static List<JournalLine> lines(Transaction tx, Instant since, Instant until, int limit)
            throws SQLException {
        return tx.query(
                LINES + "WHERE j.id >= ? AND j.id < ?" + IN_ORDER + " LIMIT ?",
                Journal::line,
                TimeOrderedIds.first(since),
                TimeOrderedIds.first(until),
                limit);
    }

    private static JournalLine line(Row row) throws SQLException {
        return new JournalLine(
                row.instant("booked_at"),
                row.text("id"),
                row.text("source_kind"),
                row.text("source_id"),
                row.optionalText("payment_id"),
                row.optionalText("order_ref"),
                row.text("account"),
                Currency.of(row.text("currency")),
                row.number("amount"));
    }

    /// Entries as CSV (RFC 4180) with a header line, oldest first; amounts as decimals, for a bookkeeper.
    static String csv(Transaction tx, Instant since, Instant until) throws SQLException {
        StringBuilder csv =
                new StringBuilder(
                        "booked_at,posting,source,source_id,order_ref,account,currency,amount\r\n");
        for (JournalLine line : lines(tx, since, until, Integer.MAX_VALUE)) {
            csv.append(
                    "%s,%s,%s,%s,%s,%s,%s,%s\r\n"
                            .formatted(
                                    line.bookedAt(),
                                    line.posting(),
                                    line.source(),
                                    quoted(line.sourceId()),
                                    quoted(line.orderRef().orElse("")),
                                    line.account(),
                                    line.currency(),
                                    line.decimal()));
        }
        return csv.toString();
    }

    /// Quoted, and harmless in a spreadsheet, which would run a text that begins like a formula.
    private static String quoted(String text) {
        String harmless = text.matches("(?s)[=+\\-@\\t\\r].*") ? "'" + text : text;
        return "\"" + harmless.replace("\"", "\"\"") + "\"";
    }
}
