package dev.hearth.payment;

import dev.hearth.payment.Journal.Account;
import dev.hearth.payment.Journal.Source;
import dev.hearth.storage.Database;
import dev.hearth.storage.Transaction;
import dev.hearth.webhook.PermanentFailureException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Holds the books against Stripe's balance: whatever moved there must be in the account `receivable_stripe`,
/// to the last cent and in the currency in which it moved. What nothing told of before is booked now: fees, and what a
/// movement came to in another currency.
///
/// Money of the account that is none of ours (other uses of it) is left out.
final class BalanceCheck {
    private static final Logger log = LoggerFactory.getLogger(BalanceCheck.class);
    private static final int MOST_NAMED = 20;

    /// Sums of one currency while they are added up.
    private static final class Sums {
        private long stripe;
        private long journal;
        private final List<String> unmatched = new ArrayList<>();
    }

    private final Database database;
    private final Reader reader;
    private final Books books;
    private final InstantSource clock;

    BalanceCheck(Database database, Reader reader, Books books, InstantSource clock) {
        this.database = database;
        this.reader = reader;
        this.books = books;
        this.clock = clock;
    }

    /// Compares what moved in a time, keeps the result, and raises an alarm where there is a difference.
    ///
    /// @param one called for each movement that was looked at
    List<BalanceFinding> run(Instant since, Instant until, Runnable one)
            throws StripeUnavailableException, PermanentFailureException, SQLException {
        Map<String, Sums> byCurrency = new TreeMap<>();
        reader.<SQLException>visit(
                moved -> {
                    one.run();
                    boolean later =
                            Json.number(moved, "created").orElse(0) > until.getEpochSecond();
                    if (!later) {
                        add(moved, byCurrency);
                    }
                },
                "/v1/balance_transactions",
                "created[gte]",
                Long.toString(since.getEpochSecond()),
                "expand[]",
                "data.source");
        List<BalanceFinding> findings = new ArrayList<>();
        byCurrency.forEach((code, sums) ->
                findings.add(
                        new BalanceFinding(
                                Currency.of(code),
                                sums.stripe,
                                sums.journal,
                                String.join(
                                        " ",
                                        sums.unmatched.subList(
                                                0, Math.min(MOST_NAMED, sums.unmatched.size()))))));
        for (BalanceFinding finding : findings) {
            keep(finding);
        }
        return findings;
    }

    private void keep(BalanceFinding finding) throws SQLException {
        if (finding.difference() != 0) {
            log.error(
                    "ALARM: the books differ from Stripe's balance by {} {} ({})",
                    Money.decimal(finding.difference(), finding.currency()),
                    finding.currency(),
                    finding.unmatched());
        }
        database.write(tx ->
                tx.update(
                        """
                        INSERT INTO balance_check (checked_at, currency, stripe, journal, unmatched)
                        VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (checked_at, currency) DO NOTHING
                        """,
                        clock.instant(),
                        finding.currency().code(),
                        finding.stripe(),
                        finding.journal(),
                        finding.unmatched()));
    }

    private void add(JsonNode moved, Map<String, Sums> byCurrency) throws SQLException {
        Optional<Currency> currency = Json.text(moved, "currency").flatMap(Currency::find);
        if (currency.isEmpty()) {
            return;
        }
        Optional<Long> booked =
                database.<Optional<Long>, SQLException>write(
                        tx -> booked(tx, moved, currency.get()));
        if (booked.isEmpty()) {
            return; // none of ours
        }
        long net = Json.number(moved, "net").orElse(0);
        Sums sums = byCurrency.computeIfAbsent(currency.get().code(), _ -> new Sums());
        sums.stripe = Math.addExact(sums.stripe, net);
        sums.journal = Math.addExact(sums.journal, booked.get());
        if (net != booked.get()) {
            sums.unmatched.add(Json.text(moved, "id").orElse("?"));
        }
    }

    /// What of a movement is in the books; nothing if it is none of ours.
    private Optional<Long> booked(Transaction tx, JsonNode moved, Currency currency)
            throws SQLException {
        String id = Json.text(moved, "id").orElse("");
        boolean goes = Json.number(moved, "net").orElse(0) < 0;
        return switch (Json.text(moved, "type").orElse("")) {
            case "charge", "payment" -> ofCharge(tx, moved, currency);
            case "refund", "payment_refund" -> ofPayment(tx, moved, Source.REFUND, currency);
            case "refund_failure", "payment_failure_refund" ->
                    ofPayment(tx, moved, Source.REFUND_REVERSAL, currency);
            case "adjustment" ->
                    ofPayment(tx, moved, goes ? Source.DISPUTE : Source.DISPUTE_REVERSAL, currency);
            case "payout" -> ofPayout(tx, moved, Source.PAYOUT, currency);
            case "payout_failure", "payout_cancel" ->
                    ofPayout(tx, moved, Source.PAYOUT_REVERSAL, currency);
            case "stripe_fee", "stripe_fx_fee", "tax_fee" -> { // nothing else tells of these
                books.stripeFee(tx, id, currency, -netOf(moved), clock.instant());
                yield Optional.of(receivable(tx, Source.FEE, id, currency));
            }
            default -> Optional.of(0L);
        };
    }

    private static long netOf(JsonNode moved) {
        return Json.number(moved, "net").orElse(0);
    }

    private Optional<Long> ofCharge(Transaction tx, JsonNode moved, Currency currency)
            throws SQLException {
        JsonNode charge = moved.path("source");
        Optional<Payment> payment = payment(tx, charge);
        if (payment.isEmpty()) {
            boolean ours = StripeObjects.metadata(charge, "payment_id").isPresent();
            return ours ? Optional.of(0L) : Optional.empty();
        }
        String id = payment.get().id();
        Currency own = payment.get().amount().currency();
        books.moved(tx, Source.PAYMENT, id, id, own, moved, clock.instant());
        return Optional.of(inTheBooks(tx, Source.PAYMENT, id, moved, currency));
    }

    private Optional<Long> ofPayment(Transaction tx, JsonNode moved, Source kind, Currency currency)
            throws SQLException {
        JsonNode source = moved.path("source");
        Optional<Payment> payment = payment(tx, source);
        if (payment.isEmpty()) {
            return Optional.empty();
        }
        String sourceId = Json.text(source, "id").orElse("");
        Optional<Currency> own =
                Json.text(source, "currency")
                        .map(Currency::find)
                        .orElse(payment.map(each -> each.amount().currency()));
        if (own.isPresent()) {
            String paymentId = payment.get().id();
            books.moved(tx, kind, sourceId, paymentId, own.get(), moved, clock.instant());
        }
        return Optional.of(inTheBooks(tx, kind, sourceId, moved, currency));
    }

    private Optional<Long> ofPayout(Transaction tx, JsonNode moved, Source kind, Currency currency)
            throws SQLException {
        JsonNode payout = moved.path("source");
        String sourceId = Json.text(payout, "id").orElse("");
        Optional<Currency> own = Json.text(payout, "currency").flatMap(Currency::find);
        bookPayout(tx, payout);
        if (own.isPresent()) {
            books.moved(tx, kind, sourceId, null, own.get(), moved, clock.instant());
        }
        return Optional.of(inTheBooks(tx, kind, sourceId, moved, currency));
    }

    /// What is booked of a movement in the currency in which it moved: itself, or what it came to, and its fee.
    private static long inTheBooks(
            Transaction tx, Source kind, String sourceId, JsonNode moved, Currency currency)
            throws SQLException {
        return receivable(tx, kind, sourceId, currency)
                + receivable(tx, kind.conversion(), sourceId, currency)
                + receivable(tx, Source.FEE, Json.text(moved, "id").orElse(""), currency);
    }

    /// A payout leaves the balance days before it is paid, and only then an event tells of it. One in a state that is
    /// not known is not booked, and so named as a difference.
    private void bookPayout(Transaction tx, JsonNode payout) throws SQLException {
        try {
            books.payout(
                    tx,
                    StripeObjects.word(payout, "id"),
                    StripeObjects.word(payout, "status"),
                    Currency.of(StripeObjects.word(payout, "currency")),
                    StripeObjects.amount(payout),
                    clock.instant());
        } catch (UnknownWordException unheard) {
            log.error("ALARM: a payout is not booked: {}", unheard.getMessage());
        }
    }

    private static Optional<Payment> payment(Transaction tx, JsonNode object) throws SQLException {
        Optional<String> intent = Json.id(object, "payment_intent");
        return intent.isPresent() ? PaymentTable.byIntent(tx, intent.get()) : Optional.empty();
    }

    private static long receivable(Transaction tx, Source kind, String sourceId, Currency currency)
            throws SQLException {
        return Journal.sum(tx, kind, sourceId, Account.RECEIVABLE_STRIPE, currency);
    }
}
