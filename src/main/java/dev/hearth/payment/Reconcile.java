package dev.hearth.payment;

import dev.hearth.http.Headers;
import dev.hearth.storage.Database;
import dev.hearth.storage.Transaction;
import dev.hearth.webhook.EventHead;
import dev.hearth.webhook.Inbox;
import dev.hearth.webhook.PermanentFailureException;
import dev.hearth.webhook.StripeScheme;
import dev.hearth.webhook.UnreadableEventException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Makes good what webhooks missed: fetches Stripe's events into the same inbox, where those that came are
/// known, and has every payment looked at that may still change. Where the time is longer than Stripe keeps events,
/// its lists of objects tell.
public final class Reconcile {
    private static final Logger log = LoggerFactory.getLogger(Reconcile.class);

    /// How long Stripe keeps events.
    private static final Duration EVENTS_KEPT = Duration.ofDays(30);

    /// Events can appear in the list a little after their time, and be handled a little after that.
    private static final Duration OVERLAP = Duration.ofMinutes(10);

    private static final int PAYMENTS_AT_ONCE = 1_000;

    /// A comparison that recurs. It looks back as far as its window, and further where the last run is longer
    /// ago.
    enum Recurring {
        OFTEN("stripe", Duration.ofMinutes(15), Duration.ofHours(2)),
        DAILY("stripe-daily", Duration.ofHours(24), Duration.ofHours(72));

        private final String source;
        private final Duration period;
        private final Duration window;

        Recurring(String source, Duration period, Duration window) {
            this.source = source;
            this.period = period;
            this.window = window;
        }
    }

    /// What a comparison found.
    ///
    /// @param events how many events of ours Stripe had
    /// @param missed the ids of those that had not come
    /// @param payments how many payments were looked at
    /// @param differed payments, subscriptions and invoices that were not as Stripe has them
    /// @param balances what moved at Stripe and in the books, where that was compared
    public record Report(
            int events,
            List<String> missed,
            int payments,
            List<String> differed,
            List<BalanceFinding> balances) {
        public Report {
            missed = List.copyOf(missed);
            differed = List.copyOf(differed);
            balances = List.copyOf(balances);
        }

        /// Whether nothing had to be made good, and nothing is off.
        public boolean isClean() {
            return missed.isEmpty()
                    && differed.isEmpty()
                    && balances.stream().allMatch(each -> each.difference() == 0);
        }
    }

    private final Database database;
    private final Reader reader;
    private final Sync sync;
    private final SubscriptionSync subscriptions;
    private final InvoiceSync invoices;
    private final ObjectLists objects;
    private final BalanceCheck balance;
    private final InstantSource clock;

    Reconcile(
            Database database,
            Reader reader,
            Sync sync,
            SubscriptionSync subscriptions,
            InvoiceSync invoices,
            ObjectLists objects,
            BalanceCheck balance,
            InstantSource clock) {
        this.database = database;
        this.reader = reader;
        this.sync = sync;
        this.subscriptions = subscriptions;
        this.invoices = invoices;
        this.objects = objects;
        this.balance = balance;
        this.clock = clock;
    }

    /// Runs a recurring comparison if it is due and no other process has begun it.
    Optional<Report> runIfDue(Recurring recurring, Inbox inbox) throws Exception {
        Instant now = clock.instant();
        Optional<Instant> last = database.read(tx -> lastRun(tx, recurring));
        if (!database.write(tx -> begin(tx, recurring, now))) {
            return Optional.empty();
        }
        Instant since = now.minus(recurring.window);
        if (last.isPresent() && last.get().minus(OVERLAP).isBefore(since)) {
            since = last.get().minus(OVERLAP);
        }
        try {
            Report report = run(since, inbox, recurring == Recurring.DAILY);
            if (!report.missed.isEmpty()) {
                database.write(tx ->
                        tx.update(
                                "UPDATE reconcile_cursor SET gaps = gaps + ? WHERE source = ?",
                                report.missed.size(),
                                recurring.source));
            }
            return Optional.of(report);
        } catch (Exception failed) {
            database.write(tx -> giveBack(tx, recurring, last.orElse(Instant.EPOCH)));
            throw failed;
        }
    }

    private static Optional<Instant> lastRun(Transaction tx, Recurring recurring)
            throws SQLException {
        return tx.first(
                        "SELECT last_run FROM reconcile_cursor WHERE source = ?",
                        row -> row.instant("last_run"),
                        recurring.source)
                .filter(run -> run.isAfter(Instant.EPOCH));
    }

    private static boolean begin(Transaction tx, Recurring recurring, Instant now)
            throws SQLException {
        tx.update(
                """
                INSERT INTO reconcile_cursor (source, last_run) VALUES (?, 0)
                ON CONFLICT (source) DO NOTHING
                """,
                recurring.source);
        return tx.update(
                        "UPDATE reconcile_cursor SET last_run = ? WHERE source = ? AND last_run <="
                                + " ?",
                        now,
                        recurring.source,
                        now.minus(recurring.period))
                == 1;
    }

    /// Has the server look back as far as this, at once.
    private int makeDue(Transaction tx, Instant since) throws SQLException {
        Instant due = clock.instant().minus(Recurring.OFTEN.period);
        Instant last = since.isBefore(due) ? since : due;
        tx.update(
                """
                INSERT INTO reconcile_cursor (source, last_run) VALUES (?, ?)
                ON CONFLICT (source) DO NOTHING
                """,
                Recurring.OFTEN.source,
                last);
        return tx.update(
                "UPDATE reconcile_cursor SET last_run = ? WHERE source = ? AND last_run > ?",
                last,
                Recurring.OFTEN.source,
                last);
    }

    private static int giveBack(Transaction tx, Recurring recurring, Instant last)
            throws SQLException {
        return tx.update(
                "UPDATE reconcile_cursor SET last_run = ? WHERE source = ?",
                last,
                recurring.source);
    }

    /// Compares everything since then.
    ///
    /// @param withBalance whether the books are held against Stripe's balance too
    Report run(Instant since, Inbox inbox, boolean withBalance) throws Exception {
        Found events = fetch(kept(since), inbox, Reconcile::uncounted);
        // What never left an event is found by looking at the payment itself.
        List<Payment> open =
                database.read(tx -> PaymentTable.open(tx, clock.instant(), PAYMENTS_AT_ONCE));
        List<String> differed = new ArrayList<>();
        for (Payment payment : open) {
            if (differs(payment)) {
                differed.add(payment.id());
            }
        }
        compareBilling(differed);
        if (kept(since).isAfter(since)) {
            differed.addAll(Cause.of(Cause.Kind.RECONCILE).call(() -> objects.look(since)));
        }
        requireBalance();
        if (!events.missed.isEmpty() || !differed.isEmpty()) {
            log.warn(
                    "reconcile: {} of {} events had not come, {} of {} payments differed",
                    events.missed.size(),
                    events.ours,
                    differed.size(),
                    open.size());
        }
        List<BalanceFinding> balances =
                withBalance
                        ? balance.run(since, clock.instant().minus(OVERLAP), Reconcile::uncounted)
                        : List.of();
        return new Report(events.ours, events.missed, open.size(), differed, balances);
    }

    private static void uncounted() {}

    /// As [#run], beside the server, to which every change is left.
    Report runBeside(Instant since, Inbox inbox, LongConsumer looked) throws Exception {
        AtomicLong count = new AtomicLong();
        Runnable one = () -> looked.accept(count.incrementAndGet());
        Found events = fetch(kept(since), inbox, one);
        database.write(tx -> makeDue(tx, since));
        List<BalanceFinding> balances = balance.run(since, clock.instant().minus(OVERLAP), one);
        return new Report(events.ours, events.missed, 0, List.of(), balances);
    }

    private Instant kept(Instant since) {
        Instant oldest = clock.instant().minus(EVENTS_KEPT);
        return since.isBefore(oldest) ? oldest : since;
    }

    /// What was found among Stripe's events.
    private static final class Found {
        private int ours;
        private final List<String> missed = new ArrayList<>();
    }

    /// Fetches the events that did not come.
    private Found fetch(Instant from, Inbox inbox, Runnable one) throws Exception {
        Found found = new Found();
        reader.<SQLException>visit(
                event -> {
                    one.run();
                    if (StripeEvents.TYPES.contains(Json.text(event, "type").orElse(""))) {
                        found.ours++;
                        bring(event, inbox).ifPresent(found.missed::add);
                    }
                },
                "/v1/events",
                "created[gte]",
                Long.toString(from.getEpochSecond()));
        return found;
    }

    private static Optional<String> bring(JsonNode event, Inbox inbox) throws SQLException {
        byte[] body = Json.write(event).getBytes(StandardCharsets.UTF_8);
        try {
            EventHead head = new StripeScheme().head(Headers.EMPTY, body);
            return inbox.bring(PaymentSettings.SOURCE, head, body)
                    ? Optional.of(head.externalId())
                    : Optional.empty();
        } catch (UnreadableEventException unreadable) {
            log.error("reconcile: an event cannot be read: {}", unreadable.getMessage());
            return Optional.empty();
        }
    }

    private boolean differs(Payment payment) throws Exception {
        return orWrong(() -> !sync.sync(payment.id()).status().equals(payment.status()));
    }

    /// Whether something differs, or cannot be what Stripe has at all.
    private static boolean orWrong(Callable<Boolean> differs) throws Exception {
        try {
            return Cause.of(Cause.Kind.RECONCILE).call(differs::call);
        } catch (PermanentFailureException | UnknownWordException wrong) {
            log.error("ALARM: reconcile: {}", wrong.getMessage());
            return true; // the others are looked at all the same
        }
    }

    private void compareBilling(List<String> differed) throws Exception {
        for (Subscription each :
                database.read(
                        tx -> SubscriptionTable.open(tx, clock.instant(), PAYMENTS_AT_ONCE))) {
            Callable<Boolean> differs =
                    () ->
                            !subscriptions
                                    .sync(each.id(), Optional.empty())
                                    .state()
                                    .equals(each.state());
            if (orWrong(differs)) {
                differed.add(each.id());
            }
        }
        for (Invoice each :
                database.read(tx -> InvoiceTable.open(tx, clock.instant(), PAYMENTS_AT_ONCE))) {
            if (orWrong(() -> !invoices.sync(each.id()).state().equals(each.state()))) {
                differed.add(each.id());
            }
        }
    }

    private void requireBalance() throws SQLException {
        Map<String, Long> off = database.read(Journal::imbalance);
        if (!off.isEmpty()) {
            log.error("ALARM: the books are out of balance: {}", off);
        }
    }
}
