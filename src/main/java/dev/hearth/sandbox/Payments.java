package dev.hearth.sandbox;

import static dev.hearth.sandbox.Things.amount;
import static dev.hearth.sandbox.Things.metadata;
import static dev.hearth.sandbox.Things.number;
import static dev.hearth.sandbox.Things.require;
import static dev.hearth.sandbox.Things.text;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Intents, charges, refunds and disputes, and what the balance makes of them.
final class Payments {
    static final Set<String> OPEN =
            Set.of("requires_payment_method", "requires_confirmation", "requires_action");

    private static final long DISPUTE_FEE = 1_500;

    private record Settlement(String currency, BigDecimal rate) {}

    private final Things things;
    private final String secret;
    private final Map<String, Settlement> settlements = new HashMap<>();

    Payments(Things things, String secret) {
        this.things = things;
        this.secret = secret;
    }

    Map<String, Object> createIntent(Map<String, String> form, String within) {
        long amount = amount(form, "amount");
        Map<String, Object> intent = things.make("payment_intent", "pi");
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
        intent.put("client_secret", intent.get("id") + "_secret_" + secret);
        intent.put("latest_charge", null);
        intent.put("last_payment_error", null);
        intent.put("metadata", metadata(form, within.isEmpty() ? "" : within + "["));
        things.event("payment_intent.created", intent);
        if ("true".equals(form.get("confirm"))) {
            pay(text(intent, "id"), form.getOrDefault("payment_method", ""));
            requireNotDeclined(intent);
        }
        return intent;
    }

    private static void requireNotDeclined(Map<String, Object> intent) {
        if (intent.get("last_payment_error") instanceof Map<?, ?> error) {
            throw new NotDoneException(402, String.valueOf(error.get("code")), "");
        }
    }

    /// The buyer pays with a test card; those that Stripe declines are declined.
    void pay(String intentId, String card) {
        Map<String, Object> intent = things.find(intentId);
        require(intent, OPEN);
        switch (card.replace(" ", "")) {
            case "4000000000000002" -> decline(intent, "card_declined");
            case "4000000000009995" -> decline(intent, "insufficient_funds");
            case "4000000000000069" -> decline(intent, "expired_card");
            case "4000002500003155" -> {
                intent.put("status", "requires_action");
                things.event("payment_intent.requires_action", intent);
            }
            case "processing", "4000000000000077" -> {
                intent.put("status", "processing");
                things.event("payment_intent.processing", intent);
            }
            default -> settle(intent);
        }
    }

    /// The bank has decided on a payment that was processing or waited for the buyer.
    void settle(String intentId, boolean good) {
        Map<String, Object> intent = things.find(intentId);
        if (good) {
            settle(intent);
        } else {
            decline(intent, "card_declined");
        }
    }

    private void settle(Map<String, Object> intent) {
        if (text(intent, "capture_method").equals("manual")) {
            intent.put("latest_charge", charge(intent).get("id"));
            intent.put("status", "requires_capture");
            intent.put("amount_capturable", intent.get("amount"));
            things.event("payment_intent.amount_capturable_updated", intent);
        } else {
            intent.put("latest_charge", charge(intent).get("id"));
            succeed(intent, number(intent, "amount"));
        }
    }

    private void decline(Map<String, Object> intent, String code) {
        intent.put("status", "requires_payment_method");
        intent.put(
                "last_payment_error",
                Map.of(
                        "code",
                        code.equals("expired_card") ? code : "card_declined",
                        "decline_code",
                        code.equals("card_declined") ? "generic_decline" : code,
                        "type",
                        "card_error"));
        things.event("payment_intent.payment_failed", intent);
    }

    /// What the bank holds, and nobody has captured yet.
    private Map<String, Object> charge(Map<String, Object> intent) {
        Map<String, Object> charge = things.make("charge", "ch");
        charge.put("amount", intent.get("amount"));
        charge.put("amount_captured", 0);
        charge.put("amount_refunded", 0);
        charge.put("disputed", false);
        charge.put("currency", intent.get("currency"));
        charge.put("payment_intent", intent.get("id"));
        charge.put("balance_transaction", null);
        return charge;
    }

    private void succeed(Map<String, Object> intent, long amount) {
        Map<String, Object> charge = things.find(text(intent, "latest_charge"));
        charge.put("amount_captured", amount);
        charge.put("balance_transaction", move("charge", charge, amount, 25 + amount * 15 / 1000));
        release(charge, number(charge, "amount") - amount);
        intent.put("status", "succeeded");
        intent.put("amount_received", amount);
        intent.put("amount_capturable", 0);
        intent.put("last_payment_error", null);
        things.event("payment_intent.succeeded", intent);
    }

    /// What was held and is not captured goes back, which Stripe calls a refund, although no money moves.
    private void release(Map<String, Object> charge, long amount) {
        if (amount == 0) {
            return;
        }
        Map<String, Object> refund = things.make("refund", "re");
        refund.put("amount", amount);
        refund.put("currency", charge.get("currency"));
        refund.put("payment_intent", charge.get("payment_intent"));
        refund.put("charge", charge.get("id"));
        refund.put("status", "succeeded");
        refund.put("balance_transaction", null);
        refund.put("metadata", Map.of());
        charge.put("amount_refunded", number(charge, "amount_refunded") + amount);
        things.event("charge.refunded", charge);
    }

    /// From now on what moves in one currency is changed into another.
    ///
    /// @param rate of minor units
    void settleIn(String currency, String other, String rate) {
        settlements.put(currency, new Settlement(other, new BigDecimal(rate)));
    }

    /// Money that comes to the balance, or goes from it.
    Map<String, Object> move(String type, Map<String, Object> source, long amount, long fee) {
        String currency = text(source, "currency");
        Settlement settled =
                settlements.getOrDefault(currency, new Settlement(currency, BigDecimal.ONE));
        long came = changed(amount, settled.rate);
        long kept = changed(fee, settled.rate);
        Map<String, Object> moved = things.make("balance_transaction", "txn");
        moved.put("type", type);
        moved.put("amount", came);
        moved.put("fee", kept);
        moved.put("net", came - kept);
        moved.put("currency", settled.currency);
        moved.put("exchange_rate", settled.currency.equals(currency) ? null : settled.rate);
        moved.put("source", source.get("id"));
        return moved;
    }

    private static long changed(long amount, BigDecimal rate) {
        return BigDecimal.valueOf(amount)
                .multiply(rate)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    Map<String, Object> capture(String id, Map<String, String> form) {
        Map<String, Object> intent = things.find(id);
        require(intent, Set.of("requires_capture"));
        long held = number(intent, "amount_capturable");
        long amount =
                form.containsKey("amount_to_capture") ? amount(form, "amount_to_capture") : held;
        if (amount > held) {
            throw new NotDoneException(400, "amount_too_large", "amount_to_capture");
        }
        succeed(intent, amount);
        return intent;
    }

    Map<String, Object> cancel(String id) {
        Map<String, Object> intent = things.find(id);
        require(
                intent,
                Set.of(
                        "requires_payment_method",
                        "requires_confirmation",
                        "requires_action",
                        "requires_capture",
                        "processing"));
        if (Things.isIn(intent, "requires_capture")) {
            release(
                    things.find(text(intent, "latest_charge")),
                    number(intent, "amount_capturable"));
        }
        intent.put("status", "canceled");
        intent.put("amount_capturable", 0);
        things.event("payment_intent.canceled", intent);
        return intent;
    }

    Map<String, Object> createRefund(Map<String, String> form) {
        Map<String, Object> intent = things.find(String.valueOf(form.get("payment_intent")));
        Map<String, Object> charge = things.find(text(intent, "latest_charge"));
        long left = number(charge, "amount") - number(charge, "amount_refunded");
        long amount = form.containsKey("amount") ? amount(form, "amount") : left;
        if (amount > left) {
            throw new NotDoneException(400, left == 0 ? "charge_already_refunded" : "", "amount");
        }
        Map<String, Object> refund = things.make("refund", "re");
        refund.put("amount", amount);
        refund.put("currency", intent.get("currency"));
        refund.put("payment_intent", intent.get("id"));
        refund.put("charge", charge.get("id"));
        refund.put("status", "succeeded");
        refund.put("metadata", metadata(form, ""));
        refund.put("balance_transaction", move("refund", refund, -amount, 0).get("id"));
        charge.put("amount_refunded", number(charge, "amount_refunded") + amount);
        things.event("refund.created", refund);
        things.event("charge.refunded", charge);
        return refund;
    }

    /// The buyer's bank sends a refund back.
    void failRefund(String refundId) {
        Map<String, Object> refund = things.find(refundId);
        Map<String, Object> charge = things.find(text(refund, "charge"));
        refund.put("status", "failed");
        refund.put("failure_reason", "expired_or_canceled_card");
        refund.put(
                "failure_balance_transaction",
                move("refund_failure", refund, number(refund, "amount"), 0).get("id"));
        charge.put("amount_refunded", number(charge, "amount_refunded") - number(refund, "amount"));
        things.event("refund.failed", refund);
    }

    /// The buyer's bank asks its money back.
    String dispute(String intentId) {
        Map<String, Object> intent = things.find(intentId);
        Map<String, Object> charge = things.find(text(intent, "latest_charge"));
        Map<String, Object> dispute = things.make("dispute", "dp");
        long amount = number(charge, "amount_captured");
        dispute.put("amount", amount);
        dispute.put("currency", charge.get("currency"));
        dispute.put("payment_intent", intentId);
        dispute.put("charge", charge.get("id"));
        dispute.put("reason", "fraudulent");
        dispute.put("status", "needs_response");
        dispute.put("evidence_details", Map.of("due_by", things.now() + 604_800));
        List<Object> moves = new ArrayList<>();
        moves.add(move("adjustment", dispute, -amount, DISPUTE_FEE));
        dispute.put("balance_transactions", moves);
        charge.put("disputed", true);
        things.event("charge.dispute.created", dispute);
        return text(dispute, "id");
    }

    /// The dispute ends.
    void closeDispute(String disputeId, boolean won) {
        Map<String, Object> dispute = things.find(disputeId);
        dispute.put("status", won ? "won" : "lost");
        if (won) {
            List<Object> moves = new ArrayList<>((List<?>) dispute.get("balance_transactions"));
            moves.add(move("adjustment", dispute, number(dispute, "amount"), 0));
            dispute.put("balance_transactions", moves);
        }
        things.event("charge.dispute.closed", dispute);
    }

    /// Money goes to the shop's bank.
    String payOut(String currency, long amount) {
        Map<String, Object> payout = things.make("payout", "po");
        payout.put("amount", amount);
        payout.put("currency", currency);
        payout.put("status", "paid");
        move("payout", payout, -amount, 0);
        things.event("payout.paid", payout);
        return text(payout, "id");
    }

    /// The shop's bank does not take it.
    void failPayout(String id) {
        Map<String, Object> payout = things.find(id);
        payout.put("status", "failed");
        move("payout_failure", payout, number(payout, "amount"), 0);
        things.event("payout.failed", payout);
    }

    /// An intent with its charge in full.
    Map<String, Object> expanded(Map<String, Object> intent) {
        Map<String, Object> whole = new LinkedHashMap<>(intent);
        if (intent.get("latest_charge") instanceof String charge) {
            whole.put("latest_charge", things.find(charge));
        }
        return whole;
    }
}
