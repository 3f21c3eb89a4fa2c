package dev.hearth.payment;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/// A call that changes something at Stripe, as it was written down before it was sent.
///
/// @param paymentVersion the payment's version when the call was written: what the answer says of the
///     payment counts only while nothing newer has been read
/// @param nextAt until when it is on its way, or when it is tried again
record ApiCall(
        String id,
        Purpose purpose,
        String paymentId,
        Optional<String> refundId,
        String path,
        SequencedMap<String, String> parameters,
        String idempotencyKey,
        long paymentVersion,
        State state,
        int attempts,
        Instant firstSentAt,
        Optional<Instant> nextAt) {

    enum Purpose {
        CREATE_SESSION,
        CREATE_INTENT,
        CAPTURE,
        CANCEL,
        EXPIRE_SESSION,
        REFUND;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean creates() {
            return this == CREATE_SESSION || this == CREATE_INTENT;
        }
    }

    enum State {
        /// Not sent, or refused for now: nothing was done.
        PENDING,
        /// On its way.
        SENT,
        /// Sent, and no answer came.
        UNKNOWN,
        OK,
        REJECTED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean isFinal() {
            return this == OK || this == REJECTED;
        }
    }

    StripeCall toStripe() {
        return StripeCall.post(path, parameters, idempotencyKey);
    }

    /// Never the parameters: they hold personal data.
    @Override
    public String toString() {
        return "%s of payment %s (call %s, attempt %d)"
                .formatted(purpose.word(), paymentId, id, attempts);
    }
}
