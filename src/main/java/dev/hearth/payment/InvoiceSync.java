package dev.hearth.payment;

import dev.hearth.payment.Payment.Kind;
import dev.hearth.storage.Database;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import dev.hearth.webhook.PermanentFailureException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Brings an invoice to the state that Stripe has it in, as [Sync] does with payments. Its money is that of
/// the payments with which it is paid: they are ours from here on, with refunds, disputes and books.
final class InvoiceSync {
    private static final int MOST_ROUNDS = 20;

    private final Database database;
    private final Reader reader;
    private final Sync payments;
    private final BillingWriter writer;
    private final TimeOrderedIds ids;
    private final InstantSource clock;

    InvoiceSync(
            Database database,
            Reader reader,
            Sync payments,
            BillingWriter writer,
            TimeOrderedIds ids,
            InstantSource clock) {
        this.database = database;
        this.reader = reader;
        this.payments = payments;
        this.writer = writer;
        this.ids = ids;
        this.clock = clock;
    }

    /// The invoice as it is now, here and at Stripe.
    Invoice sync(String id) throws Exception {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Invoice known =
                    database.read(tx -> InvoiceTable.find(tx, id))
                            .orElseThrow(() -> new PermanentFailureException("no invoice " + id));
            if (known.stripeId().isEmpty()) {
                return known; // not at Stripe yet, as far as anyone knows
            }
            JsonNode invoice = read(known.stripeId().get());
            Optional<Invoice> after = write(known, invoice);
            if (after.isPresent()) {
                syncPayments(after.get(), invoice);
                return after.get();
            }
        }
        throw new IllegalStateException(
                "invoice %s changed %d times while it was looked at".formatted(id, MOST_ROUNDS));
    }

    /// As [#sync], by Stripe's id. An invoice that is not known becomes ours where it is of one of our
    /// subscriptions, or carries our id; others are none of our business.
    void syncStripe(String stripeId) throws Exception {
        Optional<Invoice> known = database.read(tx -> InvoiceTable.byStripe(tx, stripeId));
        if (known.isEmpty()) {
            known = adopt(read(stripeId));
        }
        if (known.isPresent()) {
            sync(known.get().id());
        }
    }

    private JsonNode read(String stripeId)
            throws StripeUnavailableException, PermanentFailureException {
        return reader.expanded("/v1/invoices", stripeId, "payments");
    }

    private Optional<Invoice> adopt(JsonNode invoice) throws Exception {
        String stripeId = StripeObjects.word(invoice, "id");
        Optional<String> own = StripeObjects.metadata(invoice, "invoice_id");
        return database.<Optional<Invoice>, Exception>write(tx -> {
            if (own.isPresent()) {
                Optional<Invoice> ours = InvoiceTable.lock(tx, own.get());
                if (ours.isPresent() && ours.get().stripeId().isEmpty()) {
                    InvoiceTable.update(tx, ours.get().withStripeId(stripeId));
                }
                return ours;
            }
            Optional<Subscription> subscription = subscriptionOf(tx, invoice);
            if (subscription.isEmpty()) {
                return Optional.empty();
            }
            InvoiceTable.insert(tx, left(subscription.get(), invoice, stripeId));
            return InvoiceTable.byStripe(tx, stripeId);
        });
    }

    /// The subscription of ours that left an invoice. Where nobody has heard yet that it has begun, the copy of its
    /// metadata on the invoice tells.
    private static Optional<Subscription> subscriptionOf(Transaction tx, JsonNode invoice)
            throws SQLException {
        Optional<String> stripeId = StripeBilling.subscriptionOf(invoice);
        Optional<Subscription> known =
                stripeId.isPresent()
                        ? SubscriptionTable.byStripe(tx, stripeId.get())
                        : Optional.empty();
        Optional<String> own = StripeBilling.ownSubscriptionOf(invoice);
        return known.isPresent() || own.isEmpty()
                ? known
                : SubscriptionTable.find(tx, own.get())
                        .filter(each -> each.links().subscription().isEmpty());
    }

    /// An invoice that a subscription left.
    private Invoice left(Subscription subscription, JsonNode invoice, String stripeId) {
        Instant now = clock.instant();
        return new Invoice(
                ids.next(now.toEpochMilli()),
                subscription.principal(),
                subscription.orderRef() + "/" + stripeId,
                Optional.of(subscription.id()),
                Json.number(invoice, "amount_due").orElse(0),
                subscription.plan().price().currency(),
                new InvoiceState.Created(),
                "{}",
                StripeBilling.dueAt(invoice),
                Optional.of(stripeId),
                Json.id(invoice, "customer"),
                subscription.livemode(),
                0,
                Optional.empty(),
                0,
                now,
                Optional.empty());
    }

    private Optional<Invoice> write(Invoice known, JsonNode invoice) throws Exception {
        try {
            return database.<Optional<Invoice>, Exception>write(tx -> {
                Invoice locked = InvoiceTable.lock(tx, known.id()).orElseThrow();
                return locked.version() == known.version()
                        ? Optional.of(write(tx, locked, invoice))
                        : Optional.empty();
            });
        } catch (MismatchException | IllegalTransitionException never) {
            throw new PermanentFailureException(String.valueOf(never.getMessage()), never);
        }
    }

    /// Brings a locked invoice to what Stripe's object says.
    Invoice write(Transaction tx, Invoice known, JsonNode invoice) throws Exception {
        InvoiceState state = known.state().become(StripeBilling.ofInvoice(invoice));
        long due = Json.number(invoice, "amount_due").orElse(known.amount());
        requireOurs(known, invoice, state, due);
        Invoice after =
                known.with(
                        state,
                        known.subscriptionId().isPresent() ? due : known.amount(),
                        StripeBilling.dueAt(invoice).or(known::dueAt),
                        known.stripeId().or(() -> Json.text(invoice, "id")),
                        known.stripeCustomer().or(() -> Json.id(invoice, "customer")),
                        known.livemode().or(() -> Json.flag(invoice, "livemode")),
                        Optional.of(clock.instant()));
        writer.write(tx, known, after);
        return after;
    }

    private static void requireOurs(Invoice known, JsonNode invoice, InvoiceState state, long due)
            throws MismatchException {
        String subject = "invoice " + known.id();
        Optional<String> id = StripeObjects.metadata(invoice, "invoice_id");
        if (id.isPresent() && !id.get().equals(known.id())) {
            throw new MismatchException(subject, "id", known.id(), id.get());
        }
        String currency = Json.text(invoice, "currency").orElse("none").toLowerCase(Locale.ROOT);
        if (!currency.equals(known.currency().code())) {
            throw new MismatchException(subject, "currency", known.currency(), currency);
        }
        Optional<Boolean> livemode = Json.flag(invoice, "livemode");
        if (known.livemode().isPresent()
                && livemode.isPresent()
                && !known.livemode().equals(livemode)) {
            throw new MismatchException(
                    subject, "live mode", known.livemode().get(), livemode.get());
        }
        boolean complete = !(state instanceof InvoiceState.Draft);
        if (complete && known.subscriptionId().isEmpty()) {
            requireAmount(subject, known.amount(), invoice, due);
        }
    }

    /// The total is what was asked for. What is due differs from it only by what the customer has in credit at
    /// Stripe, or owes there, and by credit notes.
    private static void requireAmount(String subject, long wanted, JsonNode invoice, long due)
            throws MismatchException {
        long settled =
                Json.number(invoice, "starting_balance").orElse(0)
                        - Json.number(invoice, "ending_balance").orElse(0)
                        - Json.number(invoice, "pre_payment_credit_notes_amount").orElse(0);
        long total = Json.number(invoice, "total").orElse(due - settled);
        if (total != wanted) {
            throw new MismatchException(subject, "amount", wanted, total);
        }
        if (due != total + settled) {
            throw new MismatchException(subject, "amount due", total + settled, due);
        }
    }

    private void syncPayments(Invoice invoice, JsonNode object) throws Exception {
        for (String intent : StripeBilling.intents(object)) {
            Optional<Payment> known = database.read(tx -> PaymentTable.byIntent(tx, intent));
            String paymentId =
                    known.isPresent() ? known.get().id() : begin(invoice, reader.intent(intent));
            payments.sync(paymentId);
        }
    }

    /// Makes the payment of an invoice ours. Of two that do this at once the second waits for the first.
    private String begin(Invoice invoice, JsonNode intent) throws Exception {
        String intentId = StripeObjects.word(intent, "id");
        Money amount = Money.of(StripeObjects.amount(intent), invoice.currency());
        Instant now = clock.instant();
        Payment payment = payment(invoice, intentId, amount, invoice.orderRef(), now);
        return database.<String, Exception>write(tx -> {
            InvoiceTable.lock(tx, invoice.id());
            Optional<Payment> known = PaymentTable.byIntent(tx, intentId);
            if (known.isPresent()) {
                return known.get().id();
            }
            Payment made = payment;
            if (!PaymentTable.insert(tx, made)) { // the order was paid in another way too
                made = payment(invoice, intentId, amount, invoice.orderRef() + "/" + intentId, now);
                requireInserted(PaymentTable.insert(tx, made), made);
            }
            PaymentStep.noteFirst(tx, made, now);
            return made.id();
        });
    }

    private static void requireInserted(boolean inserted, Payment payment) throws SQLException {
        if (!inserted) {
            throw new SQLException("there is another " + payment);
        }
    }

    private Payment payment(
            Invoice invoice, String intentId, Money amount, String orderRef, Instant now) {
        return new Payment(
                ids.next(now.toEpochMilli()),
                invoice.principal(),
                orderRef,
                Kind.INTENT,
                amount,
                false,
                new PaymentState.Created(),
                0,
                0,
                0,
                Optional.of(intentId),
                Optional.empty(),
                invoice.livemode(),
                Optional.empty(),
                Optional.empty(),
                0,
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.of(invoice.id()));
    }
}
