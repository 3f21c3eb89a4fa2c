package dev.hearth.sandbox;

import static dev.hearth.sandbox.Things.amount;
import static dev.hearth.sandbox.Things.map;
import static dev.hearth.sandbox.Things.metadata;
import static dev.hearth.sandbox.Things.require;
import static dev.hearth.sandbox.Things.text;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the stand-in has, what its API does to it, and what buyers and banks do. Used under the lock of
/// [StripeApi].
public final class StripeWorld {
    private final Things things;
    private final Payments payments;
    private final Billing billing;
    private final String pages;

    /// @param pages where the pages for buyers are
    /// @param secret what client secrets end with
    StripeWorld(InstantSource clock, String pages, String secret) {
        this.things = new Things(clock);
        this.payments = new Payments(things, secret);
        this.billing = new Billing(things, payments, pages);
        this.pages = pages;
    }

    /// Every object of a kind, such as `payment_intent`, oldest first.
    public List<Map<String, Object>> all(String kind) {
        return things.all(kind);
    }

    /// An object by its id.
    public Map<String, Object> find(String id) {
        return things.find(id);
    }

    /// Every event as JSON, oldest first.
    public List<String> events() {
        return things.events();
    }

    /// The one intent of a payment of ours.
    public Map<String, Object> intentOf(String paymentId) {
        return all("payment_intent").stream()
                .filter(each -> paymentId.equals(map(each, "metadata").get("payment_id")))
                .reduce((_, _) -> {
                    throw new IllegalStateException("two intents of payment " + paymentId);
                })
                .orElseThrow();
    }

    Map<String, Object> get(String path, Map<String, String> query) {
        String[] parts = path.split("/", -1);
        String collection =
                path.startsWith("/v1/checkout/sessions") ? "checkout.session" : kind(parts[2]);
        String tail = path.replaceFirst("/v1/(checkout/sessions|[a-z_]+)/?", "");
        if (tail.equals("search")) {
            String id = query.getOrDefault("query", "").replaceAll(".*:'(.*)'", "$1");
            return things.list(
                    all(collection).stream()
                            .filter(each -> id.equals(map(each, "metadata").get("payment_id")))
                            .toList(),
                    Map.of());
        }
        if (!tail.isEmpty()) {
            Map<String, Object> object = things.find(tail);
            boolean wholeIntent =
                    collection.equals("payment_intent") && query.containsKey("expand[]");
            return wholeIntent ? payments.expanded(object) : object;
        }
        String intent = query.get("payment_intent");
        List<Map<String, Object>> found = new ArrayList<>(all(collection).reversed());
        found.removeIf(each -> intent != null && !intent.equals(each.get("payment_intent")));
        found.removeIf(each -> collection.equals("event") && things.isForgotten(each));
        if (query.getOrDefault("expand[]", "").equals("data.source")) {
            found.replaceAll(each -> with(each, "source"));
        }
        for (String name : List.of("balance_transaction", "failure_balance_transaction")) {
            if (query.containsValue("data." + name)) {
                found.replaceAll(each -> with(each, name));
            }
        }
        return things.list(found, query);
    }

    private Map<String, Object> with(Map<String, Object> object, String member) {
        Map<String, Object> whole = new LinkedHashMap<>(object);
        if (object.get(member) instanceof String id) {
            whole.put(member, things.find(id));
        }
        return whole;
    }

    private static String kind(String collection) {
        return switch (collection) {
            case "payment_intents" -> "payment_intent";
            case "refunds" -> "refund";
            case "disputes" -> "dispute";
            case "charges" -> "charge";
            case "events" -> "event";
            case "payouts" -> "payout";
            case "customers" -> "customer";
            case "subscriptions" -> "subscription";
            case "invoices" -> "invoice";
            case "balance_transactions" -> "balance_transaction";
            default -> throw new NotDoneException(404, "resource_missing", "");
        };
    }

    Map<String, Object> post(String path, Map<String, String> form) {
        String[] parts = path.split("/", -1);
        String what =
                parts.length == 3 || path.equals("/v1/checkout/sessions")
                        ? ""
                        : parts[parts.length - 1];
        return switch (what) {
            case "" -> create(path, form);
            case "capture" -> payments.capture(parts[3], form);
            case "cancel" -> payments.cancel(parts[3]);
            case "expire" -> expire(parts[4]);
            case "add_lines" -> billing.addLines(parts[3], form);
            case "finalize" -> billing.finalizeInvoice(parts[3]);
            case "send" -> billing.send(parts[3]);
            case "void" -> billing.takeBack(parts[3]);
            default -> {
                if (path.startsWith("/v1/subscriptions/")) {
                    yield billing.change(parts[3], form);
                }
                throw new NotDoneException(404, "resource_missing", "");
            }
        };
    }

    private Map<String, Object> create(String path, Map<String, String> form) {
        return switch (path) {
            case "/v1/payment_intents" -> payments.createIntent(form, "");
            case "/v1/checkout/sessions" -> createSession(form);
            case "/v1/refunds" -> payments.createRefund(form);
            case "/v1/customers" -> billing.createCustomer(form);
            case "/v1/invoices" -> billing.createInvoice(form);
            default -> throw new NotDoneException(404, "resource_missing", "");
        };
    }

    Map<String, Object> delete(String path) {
        if (path.startsWith("/v1/subscriptions/")) {
            return billing.end(path.split("/", -1)[3]);
        }
        throw new NotDoneException(404, "resource_missing", "");
    }

    private Map<String, Object> createSession(Map<String, String> form) {
        long total = 0;
        for (int i = 0; form.containsKey("line_items[" + i + "][quantity]"); i++) {
            String at = "line_items[" + i + "]";
            total +=
                    amount(form, at + "[price_data][unit_amount]")
                            * amount(form, at + "[quantity]");
        }
        Map<String, Object> session = things.make("checkout.session", "cs_test");
        session.put("mode", form.get("mode"));
        session.put("amount_total", total);
        session.put("currency", form.get("line_items[0][price_data][currency]"));
        session.put("status", "open");
        session.put("payment_status", "unpaid");
        session.put("payment_intent", null);
        session.put("subscription", null);
        session.put("client_reference_id", form.get("client_reference_id"));
        session.put("url", pages + "/pay/" + session.get("id"));
        session.put("metadata", metadata(form, ""));
        session.put("form", form);
        return session;
    }

    private Map<String, Object> expire(String id) {
        Map<String, Object> session = things.find(id);
        require(session, Set.of("open"));
        session.put("status", "expired");
        session.put("url", null);
        things.event("checkout.session.expired", session);
        return session;
    }

    /// The buyer pays an intent with a test card; those that Stripe declines are declined.
    public void pay(String intentId, String card) {
        payments.pay(intentId, card);
    }

    /// Stripe lets go of what the bank has held for too long, or somebody cancels by hand.
    public Map<String, Object> cancelIntent(String intentId) {
        return payments.cancel(intentId);
    }

    /// The bank has decided on a payment that was processing or waited for the buyer.
    public void settle(String intentId, boolean good) {
        payments.settle(intentId, good);
    }

    /// The buyer goes through the page of a session.
    public void payCheckout(String sessionId, String card) {
        Map<String, Object> session = things.find(sessionId);
        require(session, Set.of("open"));
        Map<String, String> form = formOf(session);
        if ("subscription".equals(session.get("mode"))) {
            subscribe(session, form, card);
            return;
        }
        Map<String, Object> intent = intentOfSession(session, form);
        payments.pay(text(intent, "id"), card);
        completeIfPaid(session, intent);
    }

    private Map<String, Object> intentOfSession(
            Map<String, Object> session, Map<String, String> form) {
        if (session.get("payment_intent") instanceof String known) {
            return things.find(known); // a second try
        }
        form.put("amount", text(session, "amount_total"));
        form.put("currency", text(session, "currency"));
        Map<String, Object> intent = payments.createIntent(form, "payment_intent_data");
        session.put("payment_intent", intent.get("id"));
        return intent;
    }

    private void completeIfPaid(Map<String, Object> session, Map<String, Object> intent) {
        if (!Payments.OPEN.contains(text(intent, "status"))) {
            complete(session, Things.isIn(intent, "succeeded") ? "paid" : "unpaid");
        }
    }

    private void complete(Map<String, Object> session, String paid) {
        session.put("status", "complete");
        session.put("url", null);
        session.put("payment_status", paid);
        things.event("checkout.session.completed", session);
    }

    private void subscribe(Map<String, Object> session, Map<String, String> form, String card) {
        Map<String, Object> subscription = billing.subscribe(form, card);
        if (Things.isIn(subscription, "active")) {
            session.put("subscription", subscription.get("id"));
            session.put("customer", subscription.get("customer"));
            complete(session, "paid");
        } else {
            billing.end(text(subscription, "id")); // the buyer may try another card
        }
    }

    /// The buyer has shown who they are, or not, on the page of a session.
    void answerAction(String sessionId, boolean good) {
        Map<String, Object> session = things.find(sessionId);
        require(session, Set.of("open"));
        Map<String, Object> intent = things.find(text(session, "payment_intent"));
        payments.settle(text(intent, "id"), good);
        completeIfPaid(session, intent);
    }

    @SuppressWarnings("unchecked")
    static Map<String, String> formOf(Map<String, Object> session) {
        return new LinkedHashMap<>((Map<String, String>) session.getOrDefault("form", Map.of()));
    }

    /// The shop finishes an invoice by hand, in the dashboard.
    public void finalizeInvoice(String invoiceId) {
        billing.finalizeInvoice(invoiceId);
    }

    /// The customer pays an invoice.
    public void payInvoice(String invoiceId, String card) {
        billing.payInvoice(invoiceId, card);
    }

    /// The next period of a subscription begins. Gives the id of its invoice.
    public String renew(String subscriptionId, String card) {
        return billing.bill(things.find(subscriptionId), card);
    }

    /// The shop gives a part back by hand, in the dashboard.
    public void refund(String intentId, long amount) {
        payments.createRefund(Map.of("payment_intent", intentId, "amount", Long.toString(amount)));
    }

    /// The buyer's bank sends a refund back.
    public void failRefund(String refundId) {
        payments.failRefund(refundId);
    }

    /// The buyer's bank asks its money back. Gives the id of the dispute.
    public String dispute(String intentId) {
        return payments.dispute(intentId);
    }

    /// The dispute ends.
    public void closeDispute(String disputeId, boolean won) {
        payments.closeDispute(disputeId, won);
    }

    /// Money goes to the shop's bank. Gives the id of the payout.
    public String payOut(String currency, long amount) {
        return payments.payOut(currency, amount);
    }

    /// The shop's bank does not take it.
    public void failPayout(String payoutId) {
        payments.failPayout(payoutId);
    }

    /// From now on Stripe changes what moves in one currency into another, at a rate of minor units.
    public void settleIn(String currency, String other, String rate) {
        payments.settleIn(currency, other, rate);
    }

    /// Somebody pays for something that the account is used for besides the shop.
    public void payOther(long amount, String currency) {
        Map<String, String> form = Map.of("amount", Long.toString(amount), "currency", currency);
        payments.pay(text(payments.createIntent(form, ""), "id"), "");
    }

    /// Money moves that nothing of the shop's tells of, such as a fee of Stripe's own.
    public String moveUntold(String type, String currency, long amount) {
        Map<String, Object> source = things.make("topup", "tu");
        source.put("currency", currency);
        return text(payments.move(type, source, amount, 0), "id");
    }
}
