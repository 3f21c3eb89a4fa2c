package dev.hearth.payment;

import java.io.Serial;

/// Thrown where something would have to go from a state to one that cannot follow it.
public final class IllegalTransitionException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    IllegalTransitionException(Object from, Object to) {
        super("what is %s cannot become %s".formatted(from, to));
    }
}
