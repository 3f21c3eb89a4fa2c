package dev.hearth.payment;

import java.io.Serial;

/// Thrown where a payment would have to go from a state to one that cannot follow it.
public final class IllegalTransitionException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    IllegalTransitionException(PaymentState from, PaymentState to) {
        super("a payment that is %s cannot become %s".formatted(from, to));
    }
}
