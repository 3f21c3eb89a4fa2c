package dev.hearth.payment;

import dev.hearth.http.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What callers are told of subscriptions and invoices.
final class BillingAnswer {
    private BillingAnswer() {}

    static Answer of(int status, Subscription subscription, List<Invoice> invoices) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("subscription_id", subscription.id());
        json.put("order_ref", subscription.orderRef());
        json.put("status", subscription.state().word());
        json.put("amount", subscription.plan().price().minorUnits());
        json.put("currency", subscription.plan().price().currency().code());
        json.put("quantity", subscription.plan().quantity());
        json.put("every", subscription.plan().every().word());
        subscription
                .state()
                .current()
                .ifPresent(period -> {
                    json.put("paid_until", period.paidUntil().toString());
                    json.put("ends_then", period.endsThen());
                });
        if (subscription.state() instanceof SubscriptionState.Failed(Optional<String> reason)) {
            put(json, "failure", reason);
        }
        put(json, "url", subscription.url());
        json.put("created_at", subscription.createdAt().toString());
        if (!invoices.isEmpty()) {
            json.put("invoices", invoices.stream().map(each -> members(each, List.of())).toList());
        }
        return new Answer(status, Json.write(json));
    }

    static Answer of(int status, Invoice invoice, List<Payment> payments) {
        return new Answer(status, Json.write(members(invoice, payments)));
    }

    private static Map<String, Object> members(Invoice invoice, List<Payment> payments) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("invoice_id", invoice.id());
        json.put("order_ref", invoice.orderRef());
        json.put("status", invoice.state().word());
        json.put("amount", invoice.amount());
        json.put("currency", invoice.currency().code());
        if (invoice.state() instanceof InvoiceState.Paid(long paid)) {
            json.put("paid", paid);
        }
        if (invoice.state() instanceof InvoiceState.Failed(Optional<String> reason)) {
            put(json, "failure", reason);
        }
        put(json, "due_at", invoice.dueAt().map(Object::toString));
        put(json, "url", invoice.url());
        put(json, "subscription_id", invoice.subscriptionId());
        json.put("reminders", invoice.reminders());
        json.put("created_at", invoice.createdAt().toString());
        if (!payments.isEmpty()) {
            json.put("payments", payments.stream().map(Payment::id).toList());
        }
        return json;
    }

    static Answer unknown(Subscription subscription) {
        return new Answer(
                202, Json.write(Map.of("subscription_id", subscription.id(), "status", "unknown")));
    }

    static Answer unknown(Invoice invoice) {
        return new Answer(202, Json.write(Map.of("invoice_id", invoice.id(), "status", "unknown")));
    }

    /// That something is in a state in which this cannot be done.
    static Problem wrongState(String what, String state, String wanted) {
        return Problem.of(
                        409,
                        "wrong-state",
                        "%s that is %s cannot be %s.".formatted(what, state, wanted))
                .with("status", state);
    }

    private static void put(Map<String, Object> json, String name, Optional<?> value) {
        value.ifPresent(present -> json.put(name, present));
    }
}
