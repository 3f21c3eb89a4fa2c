package dev.hearth.payment;

import dev.hearth.payment.PaymentState.Paid;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// Makes sure that what Stripe has is what was asked for, before any of it counts.
final class Checks {
    private Checks() {}

    static void intent(Payment payment, JsonNode intent) throws MismatchException {
        String status = Json.text(intent, "status").orElse("");
        boolean holdsMoney = status.equals("succeeded") || status.equals("requires_capture");
        money(payment, "amount", intent, holdsMoney);
        if (payment.stripeIntent().isPresent()) {
            same(payment, "payment intent", payment.stripeIntent().get(), Json.text(intent, "id"));
        }
    }

    /// @param proven whether its intent is at hand, which tells the amount
    static void session(Payment payment, JsonNode session, boolean proven)
            throws MismatchException {
        boolean paid = Json.text(session, "payment_status").equals(Optional.of("paid"));
        money(payment, "amount_total", session, paid && !proven);
        if (payment.stripeSession().isPresent()) {
            same(payment, "session", payment.stripeSession().get(), Json.text(session, "id"));
        }
    }

    /// What was captured is the amount, or a part of it where the capture is ours to make.
    static void captured(Payment payment, long captured, PaymentState state)
            throws MismatchException {
        long wanted = payment.amount().minorUnits();
        boolean right =
                captured == wanted
                        || (payment.manualCapture() && captured > 0 && captured < wanted);
        if (state instanceof Paid && !right) {
            throw new MismatchException(payment, "captured amount", wanted, captured);
        }
    }

    /// An amount of another currency is never added to what went back.
    static void refund(Payment payment, JsonNode refund) throws MismatchException {
        String wanted = payment.amount().currency().code();
        String currency =
                Json.text(refund, "currency")
                        .map(code -> code.toLowerCase(Locale.ROOT))
                        .orElse(wanted);
        if (!currency.equals(wanted)) {
            throw new MismatchException(payment, "currency of a refund", wanted, currency);
        }
    }

    /// What holds no money yet need not tell how much; it must not tell anything else.
    private static void money(Payment payment, String member, JsonNode object, boolean told)
            throws MismatchException {
        long wanted = payment.amount().minorUnits();
        OptionalLong amount = Json.number(object, member);
        boolean absent = isAbsent(object, member) && !told;
        if (!absent && (amount.isEmpty() || amount.getAsLong() != wanted)) {
            throw new MismatchException(
                    payment, "amount", wanted, amount.isPresent() ? amount.getAsLong() : "none");
        }
        String currency = Json.text(object, "currency").orElse("none").toLowerCase(Locale.ROOT);
        boolean unnamed = isAbsent(object, "currency") && !told;
        if (!unnamed && !currency.equals(payment.amount().currency().code())) {
            throw new MismatchException(payment, "currency", payment.amount().currency(), currency);
        }
        Optional<Boolean> livemode = Json.flag(object, "livemode");
        if (payment.livemode().isPresent()
                && livemode.isPresent()
                && !payment.livemode().equals(livemode)) {
            throw new MismatchException(
                    payment, "live mode", payment.livemode().get(), livemode.get());
        }
        Optional<String> id = StripeObjects.metadata(object, "payment_id");
        if (id.isPresent()) {
            same(payment, "id", payment.id(), id);
        }
        Optional<String> order = StripeObjects.metadata(object, "order_ref");
        if (order.isPresent()) {
            same(payment, "order", payment.orderRef(), order);
        }
    }

    private static boolean isAbsent(JsonNode object, String member) {
        return object.path(member).isMissingNode() || object.path(member).isNull();
    }

    private static void same(Payment payment, String what, String wanted, Optional<String> came)
            throws MismatchException {
        if (!came.equals(Optional.of(wanted))) {
            throw new MismatchException(payment, what, wanted, came.orElse("none"));
        }
    }
}
