package dev.hearth.payment;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What Stripe had of one payment when it was asked. What was not asked for is absent.
record Snapshot(
        Optional<JsonNode> intent,
        Optional<JsonNode> session,
        List<JsonNode> refunds,
        List<JsonNode> disputes) {

    static Snapshot ofIntent(JsonNode intent) {
        return new Snapshot(Optional.of(intent), Optional.empty(), List.of(), List.of());
    }

    static Snapshot ofSession(JsonNode session) {
        return new Snapshot(Optional.empty(), Optional.of(session), List.of(), List.of());
    }

    static Snapshot ofRefund(JsonNode refund) {
        return new Snapshot(Optional.empty(), Optional.empty(), List.of(refund), List.of());
    }

    /// The state that the payment is in, unless neither session nor intent was asked for.
    Optional<PaymentState> state() throws UnknownWordException {
        if (session.isPresent()) {
            return Optional.of(StripeObjects.ofSession(session.get(), intent));
        }
        return intent.isPresent()
                ? Optional.of(StripeObjects.ofIntent(intent.get()))
                : Optional.empty();
    }

    /// The charge, where the intent has it in full.
    Optional<JsonNode> charge() {
        return intent.flatMap(whole -> Json.object(whole, "latest_charge"));
    }
}
