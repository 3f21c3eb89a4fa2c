package dev.hearth.payment;

import java.io.Serial;

/// Thrown where what Stripe has is not what was asked for: another amount, currency or mode, or another
/// payment. Nothing is marked as paid.
final class MismatchException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    MismatchException(Payment payment, String what, Object wanted, Object came) {
        this("payment " + payment.id(), what, wanted, came);
    }

    MismatchException(String subject, String what, Object wanted, Object came) {
        super("%s should have the %s %s, Stripe has %s".formatted(subject, what, wanted, came));
    }
}
