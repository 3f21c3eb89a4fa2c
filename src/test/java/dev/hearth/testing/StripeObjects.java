package dev.hearth.testing;

import java.io.Serial;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// What the stand-in has: intents, sessions, charges, refunds, disputes and events, and what may become of
/// them. Used under the stand-in's lock.
public final class StripeObjects {

    /// What Stripe answers to a request that it does not do.
    static final class RefusedException extends RuntimeException {
        @Serial private static final long serialVersionUID = 1L;
        private final int status;
        private final String code;
        private final String parameter;

        RefusedException(int status, String code, String parameter) {
            super(code);
            this.status = status;
            this.code = code;
            this.parameter = parameter;
        }

        int status() {
            return status;
        }

        String type() {
            return status == 402 ? "card_error" : "invalid_request_error";
        }

        String code() {
            return code;
        }

        String parameter() {
            return parameter;
        }
    }

    private static final Set<String> OPEN =
            Set.of("requires_payment_method", "requires_confirmation", "requires_action");

    private final JsonMapper json = JsonMapper.builder().build();
    private final InstantSource clock;
    private final Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    private final List<String> events = new ArrayList<>();
    private int last;

    StripeObjects(InstantSource clock) {
        this.clock = clock;
    }

    /// Every object of a kind, such as `payment_intent`, oldest first.
    public List<Map<String, Object>> all(String kind) {
        return all.values().stream().filter(each -> kind.equals(each.get("object"))).toList();
    }

    /// An object by its id.
    public Map<String, Object> find(String id) {
        return Optional.ofNullable(all.get(id))
                .orElseThrow(() -> new RefusedException(404, "resource_missing", "id"));
    }

    /// Every event as JSON, oldest first.
    public List<String> events() {
        return List.copyOf(events);
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
        String[] parts = path.split("/");
        String collection =
                path.startsWith("/v1/checkout/sessions") ? "checkout.session" : kind(parts[2]);
        String tail = path.replaceFirst("/v1/(checkout/sessions|[a-z_]+)/?", "");
        if (tail.equals("search")) {
            String id = query.get("query").replaceAll(".*:'(.*)'", "$1");
            return list(
                    all(collection).stream()
                            .filter(each -> id.equals(map(each, "metadata").get("payment_id")))
                            .toList(),
                    Map.of());
        }
        if (!tail.isEmpty()) {
            Map<String, Object> object = find(tail);
            return query.containsKey("expand[]") ? expanded(object) : object;
        }
        String intent = query.get("payment_intent");
        List<Map<String, Object>> found = new ArrayList<>(all(collection).reversed());
        found.removeIf(each -> intent != null && !intent.equals(each.get("payment_intent")));
        return list(found, query);
    }

    private Map<String, Object> list(List<Map<String, Object>> found, Map<String, String> query) {
        List<Map<String, Object>> page = found;
        String after = query.get("starting_after");
        if (after != null) {
            page = page.stream().dropWhile(each -> !after.equals(each.get("id"))).skip(1).toList();
        }
        int limit = Integer.parseInt(query.getOrDefault("limit", "10"));
        return Map.of(
                "object",
                "list",
                "has_more",
                page.size() > limit,
                "data",
                page.stream().limit(limit).toList());
    }

    private Map<String, Object> expanded(Map<String, Object> intent) {
        Map<String, Object> whole = new LinkedHashMap<>(intent);
        if (intent.get("latest_charge") instanceof String charge) {
            whole.put("latest_charge", find(charge));
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
            default -> throw new RefusedException(404, "resource_missing", "");
        };
    }

    Map<String, Object> post(String path, Map<String, String> form) {
        String[] parts = path.split("/");
        if (path.equals("/v1/payment_intents")) {
            return createIntent(form, "");
        }
        if (path.equals("/v1/checkout/sessions")) {
            return createSession(form);
        }
        if (path.equals("/v1/refunds")) {
            return createRefund(form);
        }
        if (path.endsWith("/capture")) {
            return capture(parts[3], form);
        }
        if (path.endsWith("/cancel")) {
            return cancel(parts[3]);
        }
        if (path.endsWith("/expire")) {
            return expire(parts[4]);
        }
        throw new RefusedException(404, "resource_missing", "");
    }

    private Map<String, Object> make(String kind, String prefix) {
        Map<String, Object> object = new LinkedHashMap<>();
        String id = "%s_%06d".formatted(prefix, ++last);
        object.put("id", id);
        object.put("object", kind);
        object.put("created", clock.instant().getEpochSecond());
        object.put("livemode", false);
        all.put(id, object);
        return object;
    }

    private static Map<String, Object> metadata(Map<String, String> form, String within) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        String prefix = within + "metadata" + (within.isEmpty() ? "[" : "][");
        form.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                metadata.put(name.substring(prefix.length(), name.length() - 1), value);
            }
        });
        return metadata;
    }

    private static long amount(Map<String, String> form, String name) {
        long amount = Long.parseLong(form.getOrDefault(name, "0"));
        if (amount < 1 || amount > 99_999_999) {
            throw new RefusedException(400, "parameter_invalid_integer", name);
        }
        return amount;
    }

    private Map<String, Object> createIntent(Map<String, String> form, String within) {
        long amount = amount(form, "amount");
        Map<String, Object> intent = make("payment_intent", "pi");
        intent.put("amount", amount);
        intent.put("amount_received", 0);
        intent.put("amount_capturable", 0);
        intent.put("currency", form.get("currency"));
        intent.put(
                "capture_method",
                form.getOrDefault(
                        within.isEmpty() ? "capture_method" : within + "[capture_method]",
                        "automatic"));
        intent.put("status", "requires_payment_method");
        intent.put("client_secret", intent.get("id") + "_secret_planted");
        intent.put("latest_charge", null);
        intent.put("last_payment_error", null);
        intent.put("metadata", metadata(form, within.isEmpty() ? "" : within + "["));
        event("payment_intent.created", intent);
        return intent;
    }

    private Map<String, Object> createSession(Map<String, String> form) {
        long total = 0;
        for (int i = 0; form.containsKey("line_items[" + i + "][quantity]"); i++) {
            String at = "line_items[" + i + "]";
            total +=
                    amount(form, at + "[price_data][unit_amount]")
                            * amount(form, at + "[quantity]");
        }
        Map<String, Object> session = make("checkout.session", "cs_test");
        session.put("amount_total", total);
        session.put("currency", form.get("line_items[0][price_data][currency]"));
        session.put("status", "open");
        session.put("payment_status", "unpaid");
        session.put("payment_intent", null);
        session.put("client_reference_id", form.get("client_reference_id"));
        session.put("url", "https://checkout.stripe.example/c/" + session.get("id"));
        session.put("metadata", metadata(form, ""));
        session.put("form", form);
        return session;
    }

    private Map<String, Object> createRefund(Map<String, String> form) {
        Map<String, Object> intent = find(String.valueOf(form.get("payment_intent")));
        Map<String, Object> charge = find(String.valueOf(intent.get("latest_charge")));
        long left = number(charge, "amount_captured") - number(charge, "amount_refunded");
        long amount = form.containsKey("amount") ? amount(form, "amount") : left;
        if (amount > left) {
            throw new RefusedException(400, left == 0 ? "charge_already_refunded" : "", "amount");
        }
        Map<String, Object> refund = make("refund", "re");
        refund.put("amount", amount);
        refund.put("currency", intent.get("currency"));
        refund.put("payment_intent", intent.get("id"));
        refund.put("charge", charge.get("id"));
        refund.put("status", "succeeded");
        refund.put("metadata", metadata(form, ""));
        charge.put("amount_refunded", number(charge, "amount_refunded") + amount);
        event("refund.created", refund);
        event("charge.refunded", charge);
        return refund;
    }

    private Map<String, Object> capture(String id, Map<String, String> form) {
        Map<String, Object> intent = find(id);
        require(intent, Set.of("requires_capture"));
        long held = number(intent, "amount_capturable");
        long amount =
                form.containsKey("amount_to_capture") ? amount(form, "amount_to_capture") : held;
        if (amount > held) {
            throw new RefusedException(400, "amount_too_large", "amount_to_capture");
        }
        succeed(intent, amount);
        return intent;
    }

    private Map<String, Object> cancel(String id) {
        Map<String, Object> intent = find(id);
        require(
                intent,
                Set.of(
                        "requires_payment_method",
                        "requires_confirmation",
                        "requires_action",
                        "requires_capture",
                        "processing"));
        intent.put("status", "canceled");
        intent.put("amount_capturable", 0);
        event("payment_intent.canceled", intent);
        return intent;
    }

    private Map<String, Object> expire(String id) {
        Map<String, Object> session = find(id);
        require(session, Set.of("open"));
        session.put("status", "expired");
        session.put("url", null);
        event("checkout.session.expired", session);
        return session;
    }

    private static void require(Map<String, Object> object, Set<String> statuses) {
        if (!statuses.contains(String.valueOf(object.get("status")))) {
            throw new RefusedException(400, "payment_intent_unexpected_state", "");
        }
    }

    /// The buyer pays with a test card; those that Stripe declines are declined.
    public void pay(String intentId, String card) {
        Map<String, Object> intent = find(intentId);
        require(intent, OPEN);
        switch (card) {
            case "4000000000000002" -> decline(intent, "card_declined");
            case "4000000000009995" -> decline(intent, "insufficient_funds");
            case "4000002500003155" -> {
                intent.put("status", "requires_action");
                event("payment_intent.requires_action", intent);
            }
            case "processing" -> {
                intent.put("status", "processing");
                event("payment_intent.processing", intent);
            }
            default -> settle(intent);
        }
    }

    /// The bank has decided on a payment that was processing or waited for the buyer.
    public void settle(String intentId, boolean good) {
        Map<String, Object> intent = find(intentId);
        if (good) {
            settle(intent);
        } else {
            decline(intent, "card_declined");
        }
    }

    private void settle(Map<String, Object> intent) {
        if (intent.get("capture_method").equals("manual")) {
            intent.put("status", "requires_capture");
            intent.put("amount_capturable", intent.get("amount"));
            event("payment_intent.amount_capturable_updated", intent);
        } else {
            succeed(intent, number(intent, "amount"));
        }
    }

    private void decline(Map<String, Object> intent, String code) {
        intent.put("status", "requires_payment_method");
        intent.put("last_payment_error", Map.of("code", code, "type", "card_error"));
        event("payment_intent.payment_failed", intent);
    }

    private void succeed(Map<String, Object> intent, long amount) {
        Map<String, Object> charge = make("charge", "ch");
        charge.put("amount", intent.get("amount"));
        charge.put("amount_captured", amount);
        charge.put("amount_refunded", 0);
        charge.put("disputed", false);
        charge.put("currency", intent.get("currency"));
        charge.put("payment_intent", intent.get("id"));
        charge.put(
                "balance_transaction",
                Map.of(
                        "id",
                        "txn_" + last,
                        "object",
                        "balance_transaction",
                        "currency",
                        intent.get("currency"),
                        "fee",
                        25 + amount * 15 / 1000));
        intent.put("status", "succeeded");
        intent.put("amount_received", amount);
        intent.put("amount_capturable", 0);
        intent.put("last_payment_error", null);
        intent.put("latest_charge", charge.get("id"));
        event("payment_intent.succeeded", intent);
    }

    /// The buyer goes through Stripe's page.
    public void payCheckout(String sessionId, String card) {
        Map<String, Object> session = find(sessionId);
        require(session, Set.of("open"));
        @SuppressWarnings("unchecked")
        Map<String, String> form = new LinkedHashMap<>((Map<String, String>) session.get("form"));
        form.put("amount", String.valueOf(session.get("amount_total")));
        form.put("currency", String.valueOf(session.get("currency")));
        Map<String, Object> intent = createIntent(form, "payment_intent_data");
        session.put("payment_intent", intent.get("id"));
        pay(String.valueOf(intent.get("id")), card);
        if (!OPEN.contains(String.valueOf(intent.get("status")))) {
            session.put("status", "complete");
            session.put("url", null);
            session.put(
                    "payment_status", intent.get("status").equals("succeeded") ? "paid" : "unpaid");
            event("checkout.session.completed", session);
        }
    }

    /// The buyer's bank sends a refund back.
    public void failRefund(String refundId) {
        Map<String, Object> refund = find(refundId);
        Map<String, Object> charge = find(String.valueOf(refund.get("charge")));
        refund.put("status", "failed");
        refund.put("failure_reason", "expired_or_canceled_card");
        charge.put("amount_refunded", number(charge, "amount_refunded") - number(refund, "amount"));
        event("refund.failed", refund);
    }

    /// The buyer's bank asks its money back.
    public String dispute(String intentId) {
        Map<String, Object> intent = find(intentId);
        Map<String, Object> charge = find(String.valueOf(intent.get("latest_charge")));
        Map<String, Object> dispute = make("dispute", "dp");
        dispute.put("amount", charge.get("amount_captured"));
        dispute.put("currency", charge.get("currency"));
        dispute.put("payment_intent", intentId);
        dispute.put("charge", charge.get("id"));
        dispute.put("reason", "fraudulent");
        dispute.put("status", "needs_response");
        dispute.put(
                "evidence_details", Map.of("due_by", clock.instant().getEpochSecond() + 604_800));
        charge.put("disputed", true);
        event("charge.dispute.created", dispute);
        return String.valueOf(dispute.get("id"));
    }

    /// The dispute ends.
    public void closeDispute(String disputeId, boolean won) {
        Map<String, Object> dispute = find(disputeId);
        dispute.put("status", won ? "won" : "lost");
        event("charge.dispute.closed", dispute);
    }

    private void event(String type, Map<String, Object> object) {
        Map<String, Object> event = make("event", "evt");
        event.put("type", type);
        event.put("api_version", "2026-07-29.dahlia");
        event.put("data", Map.of("object", new LinkedHashMap<>(object)));
        events.add(json.writeValueAsString(event));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> object, String name) {
        return (Map<String, Object>) object.getOrDefault(name, Map.of());
    }

    private static long number(Map<String, Object> object, String name) {
        return ((Number) object.get(name)).longValue();
    }
}
