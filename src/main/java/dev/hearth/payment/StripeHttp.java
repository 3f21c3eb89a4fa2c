package dev.hearth.payment;

import com.stripe.exception.StripeException;
import dev.hearth.payment.StripeConnections.Received;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Stripe over HTTP, with the headers and the API version of Stripe's own library. Nothing is repeated here, since a
/// call may only be repeated by someone who has written it down.
final class StripeHttp implements StripeGateway {
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private final String base;
    private final StripeConnections http;

    /// @param callsAtOnce as many idle connections are kept: with the JDK's default of five most calls of a busy
    ///     shop would begin with a TLS handshake
    StripeHttp(String apiKey, String base, Duration readTimeout, int callsAtOnce) {
        // The JDK would send a POST again by itself after a reset, out of our sight. It reads this
        // with its first request, so a program that makes requests before sets it at its start, as
        // ours does.
        System.setProperty("sun.net.http.retryPost", "false");
        if (System.getProperty("http.maxConnections") == null) {
            System.setProperty("http.maxConnections", Integer.toString(callsAtOnce));
        }
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        this.http = new StripeConnections(apiKey, this.base, readTimeout);
    }

    @Override
    public StripeReply send(StripeCall call) {
        try {
            return read(http.request(call));
        } catch (IOException lost) {
            return new StripeReply.NoAnswer(lost.getClass().getSimpleName());
        } catch (StripeException refused) {
            throw new IllegalStateException("Stripe's library refused " + call, refused);
        }
    }

    private static StripeReply read(Received response) {
        int status = response.status();
        Optional<String> requestId = response.requestId();
        if (status == 401 || status == 403) {
            return new StripeReply.KeyRefused(status);
        }
        if (status == 409 || status == 429) {
            return new StripeReply.Busy(status, retryAfter(response));
        }
        if (status >= 500 || status < 200 || (status >= 300 && status < 400)) {
            return new StripeReply.NoAnswer("status " + status);
        }
        Optional<JsonNode> body = json(response.body());
        if (status < 300) {
            return body.<StripeReply>map(object -> new StripeReply.Done(object, requestId))
                    .orElseGet(() -> new StripeReply.NoAnswer("an answer that is not JSON"));
        }
        JsonNode error = body.map(whole -> whole.path("error")).orElseGet(Json::missing);
        if (!error.isObject()) { // somebody's on the way to Stripe
            return new StripeReply.NoAnswer("status " + status + " without an error of Stripe's");
        }
        if (status == 402) {
            return new StripeReply.Declined(
                    Json.text(error, "code"),
                    Json.text(error, "decline_code"),
                    Json.object(error, "payment_intent"),
                    requestId);
        }
        return new StripeReply.Refused(
                status,
                Json.text(error, "code"),
                Json.text(error, "param"),
                Json.text(error, "type").filter("idempotency_error"::equals).isPresent(),
                requestId);
    }

    private static Optional<JsonNode> json(String body) {
        try {
            String text = body.startsWith("\uFEFF") ? body.substring(1) : body;
            return Optional.of(Json.read(text)).filter(JsonNode::isObject);
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> retryAfter(Received response) {
        return response.retryAfter()
                .map(wait -> wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait);
    }

    /// Never the key.
    @Override
    public String toString() {
        return "Stripe at " + base;
    }
}
