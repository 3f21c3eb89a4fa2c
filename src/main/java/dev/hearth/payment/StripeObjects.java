package dev.hearth.payment;

import dev.hearth.payment.PaymentState.Authorized;
import dev.hearth.payment.PaymentState.Canceled;
import dev.hearth.payment.PaymentState.Expired;
import dev.hearth.payment.PaymentState.Failed;
import dev.hearth.payment.PaymentState.Paid;
import dev.hearth.payment.PaymentState.Pending;
import dev.hearth.payment.PaymentState.Processing;
import dev.hearth.payment.PaymentState.RequiresAction;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// Reads Stripe's objects into our own words. A word that is not known is never guessed at.
final class StripeObjects {
    private StripeObjects() {}

    /// The state that a payment intent is in.
    static PaymentState ofIntent(JsonNode intent) throws UnknownWordException {
        String status = word(intent, "status");
        return switch (status) {
            case "requires_payment_method" ->
                    Json.object(intent, "last_payment_error")
                            .<PaymentState>map(error -> new Failed(reason(error)))
                            .orElseGet(Pending::new);
            case "requires_confirmation" -> new Pending();
            case "requires_action" -> new RequiresAction();
            case "processing" -> new Processing();
            case "requires_capture" ->
                    new Authorized(or(Json.number(intent, "amount_capturable"), amount(intent)));
            case "canceled" -> new Canceled();
            case "succeeded" -> new Paid(or(received(intent), amount(intent)));
            default -> throw new UnknownWordException("payment intent", status);
        };
    }

    /// How much was taken, where Stripe says it.
    static OptionalLong received(JsonNode intent) {
        OptionalLong received = Json.number(intent, "amount_received");
        return received.isPresent()
                ? received
                : Json.number(intent.path("latest_charge"), "amount_captured");
    }

    /// Why a card was declined says more than that it was.
    private static Optional<String> reason(JsonNode error) {
        return Json.text(error, "decline_code").or(() -> Json.text(error, "code"));
    }

    /// The state of a payment by its Checkout session, and by its intent where it has one yet.
    static PaymentState ofSession(JsonNode session, Optional<JsonNode> intent)
            throws UnknownWordException {
        String status = word(session, "status");
        return switch (status) {
            case "expired" -> new Expired();
            case "open" -> {
                PaymentState inner = intent.isPresent() ? ofIntent(intent.get()) : new Pending();
                yield inner instanceof Canceled ? new Pending() : inner;
            }
            case "complete" ->
                    intent.isPresent() ? ofIntent(intent.get()) : ofCompletedSession(session);
            default -> throw new UnknownWordException("checkout session", status);
        };
    }

    /// Complete and unpaid is not paid: the bank still has it.
    private static PaymentState ofCompletedSession(JsonNode session) throws UnknownWordException {
        String paid = word(session, "payment_status");
        return switch (paid) {
            case "paid" -> new Paid(Json.number(session, "amount_total").orElse(0));
            case "unpaid" -> new Processing();
            default -> throw new UnknownWordException("payment of a checkout session", paid);
        };
    }

    static Refund.State refundState(JsonNode refund) throws UnknownWordException {
        String status = word(refund, "status");
        return switch (status) {
            case "pending" -> Refund.State.PENDING;
            case "requires_action" -> Refund.State.REQUIRES_ACTION;
            case "succeeded" -> Refund.State.SUCCEEDED;
            case "failed" -> Refund.State.FAILED;
            case "canceled" -> Refund.State.CANCELED;
            default -> throw new UnknownWordException("refund", status);
        };
    }

    static Dispute dispute(JsonNode dispute, Payment payment) throws UnknownWordException {
        String status = word(dispute, "status");
        return new Dispute(
                word(dispute, "id"),
                payment.id(),
                amount(dispute),
                currency(dispute, payment),
                Dispute.state(status)
                        .orElseThrow(() -> new UnknownWordException("dispute", status)),
                Json.text(dispute, "reason"),
                seconds(dispute.path("evidence_details"), "due_by"));
    }

    /// The currency of a dispute, which may be another than the payment's.
    static Currency currency(JsonNode dispute, Payment payment) throws UnknownWordException {
        Optional<String> code = Json.text(dispute, "currency");
        return code.isEmpty()
                ? payment.amount().currency()
                : Currency.find(code.get())
                        .orElseThrow(() ->
                                new UnknownWordException("currency of a dispute", code.get()));
    }

    /// A member that every such object has.
    static String word(JsonNode object, String member) throws UnknownWordException {
        return Json.text(object, member)
                .orElseThrow(() -> new UnknownWordException("object without " + member, ""));
    }

    static long amount(JsonNode object) throws UnknownWordException {
        return Json.number(object, "amount")
                .orElseThrow(() -> new UnknownWordException("object without amount", ""));
    }

    static Optional<String> metadata(JsonNode object, String name) {
        return Json.text(object.path("metadata"), name);
    }

    private static Optional<Instant> seconds(JsonNode object, String member) {
        OptionalLong seconds = Json.number(object, member);
        return seconds.isPresent()
                ? Optional.of(Instant.ofEpochSecond(seconds.getAsLong()))
                : Optional.empty();
    }

    private static long or(OptionalLong value, long otherwise) {
        return value.orElse(otherwise);
    }
}
