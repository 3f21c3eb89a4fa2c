package dev.hearth.payment;

import java.io.Serial;

/// Thrown where Stripe says something that this version does not know. The event is tried again and in the
/// end is dead, where someone sees it; nothing is guessed.
final class UnknownWordException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    UnknownWordException(String what, String word) {
        super("Stripe's %s is \"%s\", which this version does not know".formatted(what, word));
    }
}
