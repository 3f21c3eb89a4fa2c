package dev.hearth.payment;

import dev.hearth.webhook.PermanentFailureException;
import java.time.Duration;
import java.util.List;
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
            case CREATE_SESSION, CREATE_SUBSCRIPTION -> made(call, "/v1/checkout/sessions");
            case CREATE_CUSTOMER -> made(call, "/v1/customers");
            case CREATE_INVOICE -> made(call, "/v1/invoices");
            case REFUND ->
                    byMetadata(
                            reader.list(
                                    "/v1/refunds",
                                    "payment_intent",
                                    String.valueOf(call.parameters().get("payment_intent"))),
                            "refund_id",
                            call.refundId().orElseThrow());
            case CAPTURE -> changed(call, "succeeded");
            case CANCEL -> changed(call, "canceled");
            case EXPIRE_SESSION -> changed(call, "expired");
            case CHANGE_SUBSCRIPTION, END_SUBSCRIPTION ->
                    byMetadata(
                            List.of(reader.query(call.path())),
                            "change_id",
                            String.valueOf(call.parameters().get("metadata[change_id]")));
            case CANCEL_SUBSCRIPTION -> inStatus(reader.query(call.path()), "canceled");
            case ADD_LINES ->
                    present(call).filter(invoice -> Json.number(invoice, "total").orElse(0) > 0);
            case FINALIZE_INVOICE ->
                    present(call)
                            .filter(invoice ->
                                    !Json.text(invoice, "status").equals(Optional.of("draft")));
            case VOID_INVOICE -> changed(call, "void");
            case REMIND -> present(call); // it may have gone out: not twice
        };
    }

    private Optional<JsonNode> made(ApiCall call, String collection)
            throws StripeUnavailableException, PermanentFailureException {
        return byMetadata(
                reader.list(collection, "created[gte]", since(call)),
                call.subject().column(),
                call.subjectId());
    }

    private Optional<JsonNode> findIntent(ApiCall call)
            throws StripeUnavailableException, PermanentFailureException {
        JsonNode found;
        try {
            found =
                    reader.query(
                            "/v1/payment_intents/search",
                            "query",
                            "metadata['payment_id']:'%s'".formatted(call.subjectId()));
        } catch (PermanentFailureException noSearch) { // not offered in every country
            return byMetadata(
                    reader.list("/v1/payment_intents", "created[gte]", since(call)),
                    "payment_id",
                    call.subjectId());
        }
        return byMetadata(found.path("data"), "payment_id", call.subjectId());
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

    private Optional<JsonNode> changed(ApiCall call, String wanted)
            throws StripeUnavailableException, PermanentFailureException {
        return present(call).flatMap(object -> inStatus(object, wanted));
    }

    private static Optional<JsonNode> inStatus(JsonNode object, String wanted) {
        return Json.text(object, "status").filter(wanted::equals).map(_ -> object);
    }

    /// What the call's path is about, as it is now.
    private Optional<JsonNode> present(ApiCall call)
            throws StripeUnavailableException, PermanentFailureException {
        return Optional.of(reader.query(call.path().substring(0, call.path().lastIndexOf('/'))));
    }

    private static String since(ApiCall call) {
        return Long.toString(call.firstSentAt().minus(CLOCKS_MAY_DIFFER).getEpochSecond());
    }
}
