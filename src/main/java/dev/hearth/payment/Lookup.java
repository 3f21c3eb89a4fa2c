package dev.hearth.payment;

import dev.hearth.webhook.PermanentFailureException;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Finds out whether a call without an answer was done after all: everything that we make at Stripe carries
/// our own ids.
final class Lookup {
    private static final Duration CLOCKS_MAY_DIFFER = Duration.ofMinutes(5);

    private final Reader reader;

    Lookup(Reader reader) {
        this.reader = reader;
    }

    /// The object that the call has made or changed, or nothing if it was not done.
    Optional<JsonNode> find(ApiCall call)
            throws StripeUnavailableException, PermanentFailureException {
        return switch (call.purpose()) {
            case CREATE_INTENT -> findIntent(call);
            case CREATE_SESSION ->
                    byMetadata(
                            reader.list("/v1/checkout/sessions", "created[gte]", since(call)),
                            "payment_id",
                            call.paymentId());
            case REFUND ->
                    byMetadata(
                            reader.list(
                                    "/v1/refunds",
                                    "payment_intent",
                                    String.valueOf(call.parameters().get("payment_intent"))),
                            "refund_id",
                            call.refundId().orElseThrow());
            case CAPTURE -> changed(call, "status", "succeeded");
            case CANCEL -> changed(call, "status", "canceled");
            case EXPIRE_SESSION -> changed(call, "status", "expired");
        };
    }

    private Optional<JsonNode> findIntent(ApiCall call)
            throws StripeUnavailableException, PermanentFailureException {
        JsonNode found;
        try {
            found =
                    reader.query(
                            "/v1/payment_intents/search",
                            "query",
                            "metadata['payment_id']:'%s'".formatted(call.paymentId()));
        } catch (PermanentFailureException noSearch) { // not offered in every country
            return byMetadata(
                    reader.list("/v1/payment_intents", "created[gte]", since(call)),
                    "payment_id",
                    call.paymentId());
        }
        return byMetadata(found.path("data"), "payment_id", call.paymentId());
    }

    private static Optional<JsonNode> byMetadata(
            Iterable<JsonNode> objects, String name, String value) {
        for (JsonNode object : objects) {
            if (StripeObjects.metadata(object, name).filter(value::equals).isPresent()) {
                return Optional.of(object);
            }
        }
        return Optional.empty();
    }

    private Optional<JsonNode> changed(ApiCall call, String member, String wanted)
            throws StripeUnavailableException, PermanentFailureException {
        String object = call.path().substring(0, call.path().lastIndexOf('/'));
        JsonNode present = reader.query(object);
        return Json.text(present, member).filter(wanted::equals).isPresent()
                ? Optional.of(present)
                : Optional.empty();
    }

    private static String since(ApiCall call) {
        return Long.toString(call.firstSentAt().minus(CLOCKS_MAY_DIFFER).getEpochSecond());
    }
}
