package dev.hearth.payment;

import dev.hearth.webhook.PassingFailureException;
import java.io.Serial;

/// Thrown where Stripe could not be asked now. Asking again later is safe.
public final class StripeUnavailableException extends PassingFailureException {
    @Serial private static final long serialVersionUID = 1L;

    StripeUnavailableException(StripeCall call, StripeReply reply) {
        super(call + " has no answer: " + why(reply));
    }

    private static String why(StripeReply reply) {
        return switch (reply) {
            case StripeReply.NoAnswer(String why) -> why;
            case StripeReply.NotSent(String why) -> why;
            case StripeReply.Busy(int status, _) -> "status " + status;
            case StripeReply.KeyRefused(int status) ->
                    "status " + status + ", stripe.api_key does not count for it";
            case StripeReply.Done _, StripeReply.Declined _, StripeReply.Refused _ ->
                    reply.toString();
        };
    }
}
