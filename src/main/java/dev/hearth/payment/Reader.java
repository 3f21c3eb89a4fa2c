package dev.hearth.payment;

import dev.hearth.webhook.PermanentFailureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Asks Stripe for the present state of things.
final class Reader {
    /// A list that does not end by then, after a million objects, never will.
    private static final int MOST_PAGES = 10_000;

    /// Has refunds tell what moved when they went, and when they came back.
    private static final String[] MOVEMENTS = {
        "expand[0]", "data.balance_transaction", "expand[1]", "data.failure_balance_transaction"
    };

    private final StripeGateway stripe;

    Reader(StripeGateway stripe) {
        this.stripe = stripe;
    }

    /// Everything about a payment that can matter, as it is now.
    ///
    /// @param knownRefunds whether we know of refunds of it, or have heard of one
    /// @param knownDisputes whether we know of disputes of it, or have heard of one
    Snapshot snapshot(
            Optional<String> intentId,
            Optional<String> sessionId,
            boolean knownRefunds,
            boolean knownDisputes)
            throws StripeUnavailableException, PermanentFailureException {
        Optional<JsonNode> session = Optional.empty();
        if (sessionId.isPresent()) {
            session = Optional.of(session(sessionId.get()));
        }
        Optional<String> intentOfIt = intentId;
        if (intentOfIt.isEmpty() && session.isPresent()) {
            intentOfIt = Json.id(session.get(), "payment_intent");
        }
        if (intentOfIt.isEmpty()) {
            return new Snapshot(Optional.empty(), session, List.of(), List.of());
        }
        String id = intentOfIt.get();
        JsonNode intent = intent(id);
        JsonNode charge = intent.path("latest_charge");
        boolean refunds =
                knownRefunds
                        || Json.number(charge, "amount_refunded").orElse(0) > 0
                        || Json.flag(charge, "refunded").orElse(false);
        boolean disputes = knownDisputes || Json.flag(charge, "disputed").orElse(false);
        return new Snapshot(
                Optional.of(intent),
                session,
                refunds ? ofIntent(id, charge, "/v1/refunds", MOVEMENTS) : List.of(),
                disputes ? ofIntent(id, charge, "/v1/disputes") : List.of());
    }

    /// The refunds or disputes of an intent. Others' money must never be booked here, so what names another intent,
    /// or no intent and another charge, does not count, whatever was asked for.
    private List<JsonNode> ofIntent(
            String intentId, JsonNode charge, String path, String... expanded)
            throws StripeUnavailableException, PermanentFailureException {
        Optional<String> chargeId =
                charge.isString() ? Optional.of(charge.stringValue()) : Json.text(charge, "id");
        List<String> query = new ArrayList<>(List.of("payment_intent", intentId));
        query.addAll(List.of(expanded));
        List<JsonNode> all = list(path, query.toArray(String[]::new));
        all.removeIf(each ->
                Json.id(each, "payment_intent")
                        .map(named -> !named.equals(intentId))
                        .orElseGet(() -> {
                            Optional<String> named = Json.id(each, "charge");
                            return named.isPresent()
                                    && chargeId.isPresent()
                                    && !named.equals(chargeId);
                        }));
        return all;
    }

    JsonNode intent(String id) throws StripeUnavailableException, PermanentFailureException {
        return object(
                StripeCall.get(
                        "/v1/payment_intents/" + safe(id),
                        "expand[]",
                        "latest_charge.balance_transaction"));
    }

    JsonNode session(String id) throws StripeUnavailableException, PermanentFailureException {
        return object(StripeCall.get("/v1/checkout/sessions/" + safe(id)));
    }

    /// Any object by the collection that it is in.
    JsonNode object(String collection, String id)
            throws StripeUnavailableException, PermanentFailureException {
        return object(StripeCall.get(collection + "/" + safe(id)));
    }

    /// Any object with a member of it in full.
    JsonNode expanded(String collection, String id, String member)
            throws StripeUnavailableException, PermanentFailureException {
        return object(StripeCall.get(collection + "/" + safe(id), "expand[]", member));
    }

    /// Whatever a path of our own making gives.
    JsonNode query(String path, String... namesAndValues)
            throws StripeUnavailableException, PermanentFailureException {
        return object(StripeCall.get(path, namesAndValues));
    }

    private JsonNode object(StripeCall call)
            throws StripeUnavailableException, PermanentFailureException {
        return switch (stripe.send(call)) {
            case StripeReply.Done(JsonNode object, _) -> object;
            case StripeReply.Refused refused ->
                    throw new PermanentFailureException(
                            call + " was refused by Stripe: " + refused);
            case StripeReply other -> throw new StripeUnavailableException(call, other);
        };
    }

    /// Looks at one object of a list.
    @FunctionalInterface
    interface Visitor<X extends Exception> {
        void visit(JsonNode object) throws X;
    }

    /// Every object of a list, through all its pages.
    List<JsonNode> list(String path, String... namesAndValues)
            throws StripeUnavailableException, PermanentFailureException {
        List<JsonNode> all = new ArrayList<>();
        this.<RuntimeException>visit(all::add, path, namesAndValues);
        return all;
    }

    /// Visits every object of a list, however long it is: one page is in memory at a time.
    <X extends Exception> void visit(Visitor<X> visitor, String path, String... namesAndValues)
            throws StripeUnavailableException, PermanentFailureException, X {
        String after = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            StripeCall call = StripeCall.get(path, namesAndValues);
            call.parameters().put("limit", "100");
            if (!after.isEmpty()) {
                call.parameters().put("starting_after", after);
            }
            JsonNode list = object(call);
            for (JsonNode each : list.path("data")) {
                visitor.visit(each);
            }
            int size = list.path("data").size();
            if (!Json.flag(list, "has_more").orElse(false) || size == 0) {
                return;
            }
            String last = Json.text(list.path("data").get(size - 1), "id").orElse("");
            if (last.isEmpty() || last.equals(after)) {
                throw new PermanentFailureException(
                        path + " says that it has more, and gives the same page again");
            }
            after = last;
        }
        throw new PermanentFailureException(path + " has more than " + MOST_PAGES + " pages");
    }

    /// Ids come from outside: none may change the path.
    private static String safe(String id) throws PermanentFailureException {
        if (!id.matches("[A-Za-z0-9_-]{1,255}")) {
            throw new PermanentFailureException("no id of Stripe's has such characters");
        }
        return id;
    }
}
