package dev.hearth.sandbox;

import static dev.hearth.sandbox.Things.amount;
import static dev.hearth.sandbox.Things.map;
import static dev.hearth.sandbox.Things.metadata;
import static dev.hearth.sandbox.Things.number;
import static dev.hearth.sandbox.Things.require;
import static dev.hearth.sandbox.Things.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Customers, subscriptions and invoices.
final class Billing {
    private static final Map<String, Long> SECONDS =
            Map.of("day", 86_400L, "week", 604_800L, "month", 2_592_000L, "year", 31_536_000L);

    private final Things things;
    private final Payments payments;
    private final String pages;

    Billing(Things things, Payments payments, String pages) {
        this.things = things;
        this.payments = payments;
        this.pages = pages;
    }

    Map<String, Object> createCustomer(Map<String, String> form) {
        Map<String, Object> customer = things.make("customer", "cus");
        customer.put("email", form.get("email"));
        customer.put("name", form.get("name"));
        customer.put("balance", 0);
        customer.put("metadata", metadata(form, ""));
        return customer;
    }

    /// The subscription that a session asked for, its first invoice paid with this card.
    Map<String, Object> subscribe(Map<String, String> form, String card) {
        Map<String, Object> subscription = things.make("subscription", "sub");
        subscription.put("customer", createCustomer(Map.of()).get("id"));
        subscription.put("currency", form.get("line_items[0][price_data][currency]"));
        subscription.put("cancel_at_period_end", false);
        subscription.put("metadata", metadata(form, "subscription_data["));
        Map<String, Object> item = things.make("subscription_item", "si");
        putPrice(item, form, "line_items[0]", text(things.make("product", "prod"), "id"));
        subscription.put("items", Map.of("object", "list", "data", List.of(item)));
        subscription.put("status", "incomplete");
        things.event("customer.subscription.created", subscription);
        bill(subscription, card);
        return subscription;
    }

    private void putPrice(
            Map<String, Object> item, Map<String, String> form, String at, String product) {
        Map<String, Object> price = new LinkedHashMap<>();
        price.put("id", things.make("price", "price").get("id"));
        price.put("object", "price");
        price.put("currency", form.get(at + "[price_data][currency]"));
        price.put("unit_amount", amount(form, at + "[price_data][unit_amount]"));
        price.put("product", product);
        price.put(
                "recurring",
                Map.of("interval", form.get(at + "[price_data][recurring][interval]")));
        item.put("price", price);
        item.put("quantity", Long.parseLong(form.getOrDefault(at + "[quantity]", "1")));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> item(Map<String, Object> subscription) {
        return ((List<Map<String, Object>>)
                        map(subscription, "items").getOrDefault("data", List.of()))
                .getFirst();
    }

    /// A period begins: an invoice is made and paid with this card.
    String bill(Map<String, Object> subscription, String card) {
        Map<String, Object> item = item(subscription);
        long total = number(map(item, "price"), "unit_amount") * number(item, "quantity");
        Map<String, Object> invoice = things.make("invoice", "in");
        invoice.put("currency", subscription.get("currency"));
        invoice.put("customer", subscription.get("customer"));
        invoice.put("amount_due", total);
        invoice.put("total", total);
        invoice.put("amount_paid", 0);
        invoice.put("due_date", null);
        invoice.put("metadata", Map.of());
        invoice.put(
                "parent",
                Map.of(
                        "type",
                        "subscription_details",
                        "subscription_details",
                        Map.of(
                                "subscription",
                                subscription.get("id"),
                                "metadata",
                                subscription.get("metadata"))));
        subscription.put("latest_invoice", invoice.get("id"));
        open(invoice);
        payInvoice(text(invoice, "id"), card);
        boolean paid = Things.isIn(invoice, "paid");
        if (paid) {
            String interval = text(map(map(item, "price"), "recurring"), "interval");
            item.put("current_period_end", things.now() + SECONDS.getOrDefault(interval, 1L));
        }
        boolean begun = item.containsKey("current_period_end");
        subscription.put("status", paid ? "active" : begun ? "past_due" : "incomplete");
        things.event("customer.subscription.updated", subscription);
        return text(invoice, "id");
    }

    Map<String, Object> change(String id, Map<String, String> form) {
        Map<String, Object> subscription = things.find(id);
        require(subscription, Set.of("active", "past_due", "trialing", "incomplete", "unpaid"));
        if (form.containsKey("items[0][id]")) {
            String product = form.getOrDefault("items[0][price_data][product]", "");
            things.find(product);
            putPrice(item(subscription), form, "items[0]", product);
        }
        if (form.containsKey("cancel_at_period_end")) {
            subscription.put(
                    "cancel_at_period_end", form.get("cancel_at_period_end").equals("true"));
        }
        Map<String, Object> metadata = new LinkedHashMap<>(map(subscription, "metadata"));
        metadata.putAll(metadata(form, ""));
        subscription.put("metadata", metadata);
        things.event("customer.subscription.updated", subscription);
        return subscription;
    }

    Map<String, Object> end(String id) {
        Map<String, Object> subscription = things.find(id);
        if (Things.isIn(subscription, "canceled")) {
            throw new NotDoneException(404, "resource_missing", "id");
        }
        subscription.put("status", "canceled");
        things.event("customer.subscription.deleted", subscription);
        return subscription;
    }

    Map<String, Object> createInvoice(Map<String, String> form) {
        things.find(form.getOrDefault("customer", ""));
        Map<String, Object> invoice = things.make("invoice", "in");
        invoice.put("status", "draft");
        invoice.put("currency", form.get("currency"));
        invoice.put("customer", form.get("customer"));
        invoice.put("amount_due", 0);
        invoice.put("total", 0);
        invoice.put("amount_paid", 0);
        invoice.put("due_date", Long.parseLong(form.getOrDefault("due_date", "0")));
        invoice.put("hosted_invoice_url", null);
        invoice.put("metadata", metadata(form, ""));
        invoice.put("custom_fields", form.getOrDefault("custom_fields[0][value]", ""));
        invoice.put("sent", 0);
        things.event("invoice.created", invoice);
        return invoice;
    }

    Map<String, Object> addLines(String id, Map<String, String> form) {
        Map<String, Object> invoice = things.find(id);
        require(invoice, Set.of("draft"));
        long total = number(invoice, "total");
        for (int i = 0; form.containsKey("lines[" + i + "][amount]"); i++) {
            total += amount(form, "lines[" + i + "][amount]");
        }
        invoice.put("total", total);
        invoice.put("amount_due", total);
        things.event("invoice.updated", invoice);
        return invoice;
    }

    Map<String, Object> finalizeInvoice(String id) {
        Map<String, Object> invoice = things.find(id);
        require(invoice, Set.of("draft"));
        settleBalance(invoice);
        if (number(invoice, "amount_due") == 0) {
            invoice.put("status", "paid");
            things.event("invoice.paid", invoice);
        } else {
            open(invoice);
        }
        return invoice;
    }

    /// What the customer has in credit (less than nothing), or owes, is settled with an invoice first.
    private void settleBalance(Map<String, Object> invoice) {
        Map<String, Object> customer = things.find(text(invoice, "customer"));
        long before = number(customer, "balance");
        long total = number(invoice, "total");
        long due = Math.max(0, total + before);
        long after = total + before - due;
        customer.put("balance", after);
        invoice.put("starting_balance", before);
        invoice.put("ending_balance", after);
        invoice.put("amount_due", due);
    }

    private void open(Map<String, Object> invoice) {
        Map<String, Object> intent =
                payments.createIntent(
                        Map.of(
                                "amount",
                                text(invoice, "amount_due"),
                                "currency",
                                text(invoice, "currency")),
                        "");
        invoice.put("status", "open");
        invoice.put("hosted_invoice_url", pages + "/invoice/" + invoice.get("id"));
        List<Object> all = new ArrayList<>();
        all.add(
                Map.of(
                        "object",
                        "invoice_payment",
                        "payment",
                        Map.of("type", "payment_intent", "payment_intent", intent.get("id"))));
        invoice.put("payments", Map.of("object", "list", "data", all));
        invoice.put("intent", intent.get("id"));
        things.event("invoice.finalized", invoice);
    }

    /// The customer pays an invoice.
    void payInvoice(String id, String card) {
        Map<String, Object> invoice = things.find(id);
        require(invoice, Set.of("open"));
        String intentId = text(invoice, "intent");
        payments.pay(intentId, card);
        if (Things.isIn(things.find(intentId), "succeeded")) {
            invoice.put("status", "paid");
            invoice.put("amount_paid", invoice.get("amount_due"));
            things.event("invoice.paid", invoice);
        } else {
            things.event("invoice.payment_failed", invoice);
        }
    }

    Map<String, Object> send(String id) {
        Map<String, Object> invoice = things.find(id);
        require(invoice, Set.of("open"));
        invoice.put("sent", number(invoice, "sent") + 1);
        return invoice;
    }

    Map<String, Object> takeBack(String id) {
        Map<String, Object> invoice = things.find(id);
        require(invoice, Set.of("open", "uncollectible"));
        invoice.put("status", "void");
        things.event("invoice.voided", invoice);
        return invoice;
    }
}
