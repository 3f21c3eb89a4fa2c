package dev.hearth.payment;

import dev.hearth.payment.Subscription.Links;
import dev.hearth.payment.SubscriptionState.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// Reads Stripe's subscriptions and invoices into our own words. A word that is not known is never guessed at.
final class StripeBilling {
    private StripeBilling() {}

    /// What a subscription is now. Periods belong to items since Stripe's versions of 2025.
    static SubscriptionState ofSubscription(JsonNode subscription) throws UnknownWordException {
        String status = StripeObjects.word(subscription, "status");
        return switch (status) {
            case "incomplete" -> new SubscriptionState.Incomplete();
            case "incomplete_expired" -> new SubscriptionState.Expired();
            case "trialing" -> new SubscriptionState.Trialing(period(subscription));
            case "active" -> new SubscriptionState.Active(period(subscription));
            case "past_due" -> new SubscriptionState.PastDue(period(subscription));
            case "unpaid" -> new SubscriptionState.Unpaid();
            case "paused" -> new SubscriptionState.Paused();
            case "canceled" -> new SubscriptionState.Canceled();
            default -> throw new UnknownWordException("subscription", status);
        };
    }

    private static Period period(JsonNode subscription) throws UnknownWordException {
        OptionalLong end = Json.number(item(subscription), "current_period_end");
        if (end.isEmpty()) {
            end = Json.number(subscription, "current_period_end");
        }
        if (end.isEmpty()) {
            throw new UnknownWordException("subscription without a period", "");
        }
        return new Period(
                Instant.ofEpochSecond(end.getAsLong()),
                Json.flag(subscription, "cancel_at_period_end").orElse(false));
    }

    /// What a subscription that was asked for in Checkout is.
    static SubscriptionState ofSession(JsonNode session) throws UnknownWordException {
        String status = StripeObjects.word(session, "status");
        return switch (status) {
            case "open" -> new SubscriptionState.Pending();
            case "expired" -> new SubscriptionState.Expired();
            case "complete" -> new SubscriptionState.Incomplete(); // its own object says more
            default -> throw new UnknownWordException("checkout session", status);
        };
    }

    private static JsonNode item(JsonNode subscription) {
        return subscription.path("items").path("data").path(0);
    }

    static Links links(JsonNode subscription) {
        JsonNode item = item(subscription);
        return new Links(
                Json.text(subscription, "id"),
                Optional.empty(),
                Json.text(item, "id"),
                Json.id(item.path("price"), "product"),
                Json.id(subscription, "customer"));
    }

    static Links linksOfSession(JsonNode session) {
        return new Links(
                Json.id(session, "subscription"),
                Json.text(session, "id"),
                Optional.empty(),
                Optional.empty(),
                Json.id(session, "customer"));
    }

    /// What is paid for now, which may have been changed by hand at Stripe.
    static Plan plan(JsonNode subscription, Plan known) throws UnknownWordException {
        JsonNode item = item(subscription);
        JsonNode price = item.path("price");
        String currency = Json.text(price, "currency").orElse("").toLowerCase(Locale.ROOT);
        if (!currency.equals(known.price().currency().code())) {
            throw new UnknownWordException("subscription in another currency:", currency);
        }
        long quantity = Json.number(item, "quantity").orElse(1);
        long amount = Json.number(price, "unit_amount").orElse(known.price().minorUnits());
        Plan.Every every =
                Json.text(price.path("recurring"), "interval")
                        .flatMap(Plan.Every::find)
                        .orElse(known.every());
        return new Plan(
                known.name(),
                Money.of(amount, known.price().currency()),
                Math.toIntExact(quantity),
                every);
    }

    static InvoiceState ofInvoice(JsonNode invoice) throws UnknownWordException {
        String status = StripeObjects.word(invoice, "status");
        return switch (status) {
            case "draft" -> new InvoiceState.Draft();
            case "open" -> new InvoiceState.Open(Json.text(invoice, "hosted_invoice_url"));
            case "paid" -> new InvoiceState.Paid(Json.number(invoice, "amount_paid").orElse(0));
            case "void" -> new InvoiceState.TakenBack();
            case "uncollectible" -> new InvoiceState.Uncollectible();
            default -> throw new UnknownWordException("invoice", status);
        };
    }

    /// The intents with which an invoice was paid, or is tried to be paid. Before Stripe's versions of 2025 it
    /// was one.
    static List<String> intents(JsonNode invoice) {
        List<String> intents = new ArrayList<>();
        for (JsonNode each : invoice.path("payments").path("data")) {
            Json.id(each.path("payment"), "payment_intent").ifPresent(intents::add);
        }
        if (intents.isEmpty()) {
            Json.id(invoice, "payment_intent").ifPresent(intents::add);
        }
        return intents;
    }

    /// The subscription that left an invoice.
    static Optional<String> subscriptionOf(JsonNode invoice) {
        return Json.id(invoice.path("parent").path("subscription_details"), "subscription")
                .or(() -> Json.id(invoice, "subscription"));
    }

    /// The same by our own id, which is in the metadata of a subscription, and so in the copy of it on an invoice.
    static Optional<String> ownSubscriptionOf(JsonNode invoice) {
        JsonNode details = invoice.path("parent").path("subscription_details");
        return StripeObjects.metadata(details, "subscription_id")
                .or(() ->
                        StripeObjects.metadata(
                                invoice.path("subscription_details"), "subscription_id"));
    }

    static Optional<Instant> dueAt(JsonNode invoice) {
        OptionalLong due = Json.number(invoice, "due_date");
        return due.isPresent()
                ? Optional.of(Instant.ofEpochSecond(due.getAsLong()))
                : Optional.empty();
    }
}
