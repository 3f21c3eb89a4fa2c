package dev.hearth.payment;

import java.io.Serial;

/// Thrown where Stripe could not be asked now. Asking again later is safe.
public final class StripeUnavailableException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    StripeUnavailableException(StripeCall call, StripeReply reply) {
        super(call + " gave " + reply);
    }
}
