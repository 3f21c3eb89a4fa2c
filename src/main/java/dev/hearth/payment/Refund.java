package dev.hearth.payment;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Money on its way back to a buyer.
///
/// @param amount in minor units of the payment's currency
/// @param failureReason Stripe's word for why it did not arrive
public record Refund(
        String id,
        String paymentId,
        long amount,
        State state,
        Optional<String> stripeId,
        Optional<String> reason,
        Optional<String> failureReason,
        Instant createdAt) {

    /// Where a refund is. Also one that succeeded can fail later: the bank sends the money back.
    public enum State {
        /// Written down and being sent.
        REQUESTED,
        /// Sent, and no answer came.
        UNKNOWN,
        PENDING,
        REQUIRES_ACTION,
        SUCCEEDED,
        FAILED,
        CANCELED,
        /// Stripe refused to begin it.
        REJECTED;

        /// The name in the database and for callers.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }

        /// Whether the amount is gone or may yet go.
        public boolean takesMoney() {
            return switch (this) {
                case REQUESTED, UNKNOWN, PENDING, REQUIRES_ACTION, SUCCEEDED -> true;
                case FAILED, CANCELED, REJECTED -> false;
            };
        }

        /// Whether Stripe still works on it.
        boolean isMoving() {
            return switch (this) {
                case REQUESTED, UNKNOWN, PENDING, REQUIRES_ACTION -> true;
                case SUCCEEDED, FAILED, CANCELED, REJECTED -> false;
            };
        }
    }

    Refund with(State other, Optional<String> failure) {
        return new Refund(id, paymentId, amount, other, stripeId, reason, failure, createdAt);
    }

    Refund withStripeId(String known) {
        return new Refund(
                id, paymentId, amount, state, Optional.of(known), reason, failureReason, createdAt);
    }
}
