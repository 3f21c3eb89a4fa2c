package dev.hearth.payment;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/// A call that changes something at Stripe, as it was written down before it was sent.
///
/// @param subjectId the payment, subscription or invoice that it is for
/// @param subjectVersion the subject's version when the call was written: what the answer says of it counts
///     only while nothing newer has been read
/// @param nextAt until when it is on its way, or when it is tried again
/// @param begun the payment that was inserted with the call, while the process that did so waits for the answer
record ApiCall(
        String id,
        Purpose purpose,
        String subjectId,
        Optional<String> refundId,
        String path,
        SequencedMap<String, String> parameters,
        String idempotencyKey,
        long subjectVersion,
        State state,
        int attempts,
        Instant firstSentAt,
        Optional<Instant> nextAt,
        Optional<Payment> begun) {

    enum Purpose {
        CREATE_SESSION,
        CREATE_INTENT,
        CAPTURE,
        CANCEL,
        EXPIRE_SESSION,
        REFUND,
        CREATE_SUBSCRIPTION,
        CHANGE_SUBSCRIPTION,
        END_SUBSCRIPTION,
        CANCEL_SUBSCRIPTION,
        CREATE_CUSTOMER,
        CREATE_INVOICE,
        ADD_LINES,
        FINALIZE_INVOICE,
        REMIND,
        VOID_INVOICE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Purpose of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }

        /// What calls of this kind are for.
        Subject subject() {
            return switch (this) {
                case CREATE_SESSION, CREATE_INTENT, CAPTURE, CANCEL, EXPIRE_SESSION, REFUND ->
                        Subject.PAYMENT;
                case CREATE_SUBSCRIPTION,
                        CHANGE_SUBSCRIPTION,
                        END_SUBSCRIPTION,
                        CANCEL_SUBSCRIPTION ->
                        Subject.SUBSCRIPTION;
                case CREATE_CUSTOMER,
                        CREATE_INVOICE,
                        ADD_LINES,
                        FINALIZE_INVOICE,
                        REMIND,
                        VOID_INVOICE ->
                        Subject.INVOICE;
            };
        }

        /// Whether the subject does not exist at Stripe before.
        boolean creates() {
            return this == CREATE_SESSION
                    || this == CREATE_INTENT
                    || this == CREATE_SUBSCRIPTION
                    || this == CREATE_CUSTOMER
                    || this == CREATE_INVOICE;
        }

        /// Whether Stripe knows a key for it. What is deleted needs none.
        boolean keyed() {
            return this != CANCEL_SUBSCRIPTION;
        }
    }

    /// What calls are for.
    enum Subject {
        PAYMENT,
        SUBSCRIPTION,
        INVOICE;

        /// The column of its id, which is also the member for callers.
        String column() {
            return name().toLowerCase(Locale.ROOT) + "_id";
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

    /// The call that makes this payment, which is inserted in the same transaction.
    ApiCall beginning(Payment payment) {
        return new ApiCall(
                id,
                purpose,
                subjectId,
                refundId,
                path,
                parameters,
                idempotencyKey,
                subjectVersion,
                state,
                attempts,
                firstSentAt,
                nextAt,
                Optional.of(payment));
    }

    StripeCall toStripe() {
        return purpose.keyed()
                ? StripeCall.post(path, parameters, idempotencyKey)
                : StripeCall.delete(path);
    }

    Subject subject() {
        return purpose.subject();
    }

    /// Never the parameters: they hold personal data.
    @Override
    public String toString() {
        return "%s of %s %s (call %s, attempt %d)"
                .formatted(
                        purpose.word(),
                        subject().name().toLowerCase(Locale.ROOT),
                        subjectId,
                        id,
                        attempts);
    }
}
