package dev.hearth.payment;

import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What came of a call, by what can be done about it.
sealed interface StripeReply {

    /// Done; Stripe's object or list.
    record Done(JsonNode object, Optional<String> requestId) implements StripeReply {}

    /// The card was refused (402). The same call cannot succeed; another card can.
    record Declined(
            Optional<String> code,
            Optional<String> declineCode,
            Optional<JsonNode> intent,
            Optional<String> requestId)
            implements StripeReply {}

    /// Stripe refuses the request as it is (400, 404): nothing was done.
    ///
    /// @param parameter which of ours it complains of
    /// @param idempotencyError whether the key was used with other parameters: our own mistake
    record Refused(
            int status,
            Optional<String> code,
            Optional<String> parameter,
            boolean idempotencyError,
            Optional<String> requestId)
            implements StripeReply {

        /// As it stands in the log: `404 resource_missing id (req_123)`.
        @Override
        public String toString() {
            return status
                    + code.map(word -> " " + word).orElse("")
                    + parameter.map(name -> " " + name).orElse("")
                    + requestId.map(id -> " (" + id + ")").orElse("");
        }
    }

    /// Nothing was done now (409, 429): the same call again, later.
    record Busy(int status, Optional<Duration> retryAfter) implements StripeReply {}

    /// Our key does not count (401, 403): nothing was done, nor will anything be.
    record KeyRefused(int status) implements StripeReply {}

    /// Nothing was sent, because too many calls are on their way, or too many failed of late.
    record NotSent(String why) implements StripeReply {}

    /// Nobody knows whether it was done: no answer, or one that tells nothing (5xx).
    record NoAnswer(String why) implements StripeReply {}
}
