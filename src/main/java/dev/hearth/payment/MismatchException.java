package dev.hearth.payment;

import java.io.Serial;

/// Thrown where what Stripe has is not what was asked for: another amount, currency or mode, or another
/// payment. Nothing is marked as paid.
final class MismatchException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    MismatchException(Payment payment, String what, Object wanted, Object came) {
        super(
                "payment %s should have the %s %s, Stripe has %s"
                        .formatted(payment.id(), what, wanted, came));
    }
}
