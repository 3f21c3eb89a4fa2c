package dev.hearth.payment;

import dev.hearth.payment.Sync.Hints;
import dev.hearth.storage.Database;
import dev.hearth.storage.Transaction;
import dev.hearth.webhook.Event;
import dev.hearth.webhook.EventHandlers;
import dev.hearth.webhook.PermanentFailureException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Handles Stripe's events: each only says that something has changed; what it is now is asked of Stripe.
///
/// Events about what is not ours (the account may have other uses) are done at once.
final class StripeEvents {
    private static final Logger log = LoggerFactory.getLogger(StripeEvents.class);

    /// The events that can mean something for us; those to subscribe to.
    static final List<String> TYPES =
            List.of(
                    "checkout.session.completed",
                    "checkout.session.expired",
                    "checkout.session.async_payment_succeeded",
                    "checkout.session.async_payment_failed",
                    "payment_intent.succeeded",
                    "payment_intent.payment_failed",
                    "payment_intent.canceled",
                    "payment_intent.processing",
                    "payment_intent.requires_action",
                    "payment_intent.amount_capturable_updated",
                    "charge.updated",
                    "charge.refunded",
                    "refund.created",
                    "refund.updated",
                    "refund.failed",
                    "charge.refund.updated",
                    "charge.dispute.created",
                    "charge.dispute.updated",
                    "charge.dispute.closed",
                    "charge.dispute.funds_withdrawn",
                    "charge.dispute.funds_reinstated",
                    "customer.subscription.created",
                    "customer.subscription.updated",
                    "customer.subscription.deleted",
                    "customer.subscription.paused",
                    "customer.subscription.resumed",
                    "invoice.created",
                    "invoice.finalized",
                    "invoice.updated",
                    "invoice.paid",
                    "invoice.payment_succeeded",
                    "invoice.payment_failed",
                    "invoice.payment_action_required",
                    "invoice.overdue",
                    "invoice.voided",
                    "invoice.marked_uncollectible",
                    "payout.paid",
                    "payout.failed",
                    "payout.canceled");

    private final Database database;
    private final Reader reader;
    private final Sync sync;
    private final SubscriptionSync subscriptions;
    private final InvoiceSync invoices;
    private final Books books;
    private final InstantSource clock;

    StripeEvents(
            Database database,
            Reader reader,
            Sync sync,
            SubscriptionSync subscriptions,
            InvoiceSync invoices,
            Books books,
            InstantSource clock) {
        this.database = database;
        this.reader = reader;
        this.sync = sync;
        this.subscriptions = subscriptions;
        this.invoices = invoices;
        this.books = books;
        this.clock = clock;
    }

    /// Takes every event that can mean something, before whoever else wants it. Of several about one object
    /// the newest is enough.
    void register(EventHandlers handlers) {
        TYPES.forEach(type -> handlers.first(PaymentSettings.SOURCE, type, this::handle));
    }

    /// Uses transactions of its own: a sync may have to look again, which must not happen in one that has
    /// begun. Doing it again does nothing, so nothing is lost if the event's mark fails.
    private void handle(Event event, Transaction unused) throws Exception {
        Cause.of(event)
                .call(() -> {
                    handle(event);
                    return true;
                });
    }

    private void handle(Event event) throws Exception {
        String type = event.objectType().orElseGet(() -> objectOf(event.type()));
        String id =
                event.objectId()
                        .orElseThrow(() ->
                                new PermanentFailureException("an event about nothing: " + event));
        switch (type) {
            case "payment_intent" -> intent(id, false, false);
            case "checkout.session" -> session(id);
            case "charge" -> ofIntent(event, "/v1/charges", id, true, false);
            case "refund" -> ofIntent(event, "/v1/refunds", id, true, false);
            case "dispute" -> ofIntent(event, "/v1/disputes", id, false, true);
            case "subscription" -> subscription(id);
            case "invoice" -> invoices.syncStripe(id);
            case "payout" -> payout(id);
            default -> log.debug("{} is about a {}, which is not looked at", event, type);
        }
    }

    /// What events of a type are about, where the object does not say what it is.
    private static String objectOf(String type) {
        String subject = type.substring(0, type.lastIndexOf('.'));
        return switch (subject) {
            case "charge.dispute" -> "dispute";
            case "charge.refund" -> "refund";
            case "customer.subscription" -> "subscription";
            default -> subject;
        };
    }

    /// The intent of a charge, refund or dispute never changes, so where the event names it nobody need be asked.
    private void ofIntent(
            Event event, String collection, String id, boolean refunds, boolean disputes)
            throws Exception {
        Optional<String> intent = namedIntent(event);
        if (intent.isEmpty()) {
            intent = Json.id(reader.object(collection, id), "payment_intent");
        }
        if (intent.isPresent()) {
            intent(intent.get(), refunds, disputes);
        }
    }

    private static Optional<String> namedIntent(Event event) {
        return event.body().length == 0
                ? Optional.empty() // forgotten by now
                : Json.id(Json.read(event.body()).path("data").path("object"), "payment_intent");
    }

    private void intent(String id, boolean refunds, boolean disputes) throws Exception {
        Optional<Payment> known = database.read(tx -> PaymentTable.byIntent(tx, id));
        Optional<String> paymentId =
                known.isPresent()
                        ? known.map(Payment::id)
                        : StripeObjects.metadata(reader.intent(id), "payment_id");
        if (paymentId.isPresent()) {
            Hints hints = new Hints(Optional.of(id), Optional.empty(), refunds, disputes);
            sync.sync(paymentId.get(), hints);
        }
    }

    private void session(String id) throws Exception {
        Optional<Payment> payment = database.read(tx -> PaymentTable.bySession(tx, id));
        if (payment.isPresent()) {
            syncSession(payment.get().id(), id);
            return;
        }
        Optional<Subscription> subscription =
                database.read(tx -> SubscriptionTable.byStripe(tx, id));
        if (subscription.isPresent()) {
            subscriptions.sync(subscription.get().id(), Optional.empty());
            return;
        }
        JsonNode session = reader.session(id); // before our own answer, or not ours
        Optional<String> paymentId = StripeObjects.metadata(session, "payment_id");
        if (paymentId.isPresent()) {
            syncSession(paymentId.get(), id);
        }
        Optional<String> subscriptionId = StripeObjects.metadata(session, "subscription_id");
        if (subscriptionId.isPresent()) {
            subscriptions.sync(subscriptionId.get(), Json.id(session, "subscription"));
        }
    }

    private void syncSession(String paymentId, String sessionId) throws Exception {
        sync.sync(paymentId, new Hints(Optional.empty(), Optional.of(sessionId), false, false));
    }

    private void subscription(String id) throws Exception {
        Optional<Subscription> known = database.read(tx -> SubscriptionTable.byStripe(tx, id));
        Optional<String> ours =
                known.isPresent()
                        ? known.map(Subscription::id)
                        : StripeObjects.metadata(
                                reader.object("/v1/subscriptions", id), "subscription_id");
        if (ours.isPresent()) {
            subscriptions.sync(ours.get(), Optional.of(id));
        }
    }

    /// Books a payout as it is now.
    void payout(String id) throws Exception {
        JsonNode payout = reader.object("/v1/payouts", id);
        String status = StripeObjects.word(payout, "status");
        long amount = StripeObjects.amount(payout);
        Currency currency = Currency.of(StripeObjects.word(payout, "currency"));
        database.<Boolean, Exception>write(tx -> {
            books.payout(tx, id, status, currency, amount, clock.instant());
            return true;
        });
    }
}
