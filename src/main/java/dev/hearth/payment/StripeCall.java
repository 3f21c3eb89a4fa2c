package dev.hearth.payment;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// A call of Stripe's API. Parameters keep their order, so that a call sent again is the same byte for byte.
///
/// @param path such as `/v1/payment_intents`
/// @param parameters names as Stripe's forms write them, such as `metadata[payment_id]`
/// @param idempotencyKey for a call that changes something
record StripeCall(
        Method method,
        String path,
        SequencedMap<String, String> parameters,
        Optional<String> idempotencyKey) {

    enum Method {
        GET,
        POST,
        DELETE
    }

    StripeCall {
        if ((method == Method.POST) != idempotencyKey.isPresent()) {
            throw new IllegalArgumentException(
                    "only a POST has an idempotency key: %s %s".formatted(method, path));
        }
    }

    /// Reads an object or a list.
    static StripeCall get(String path, String... namesAndValues) {
        SequencedMap<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new StripeCall(Method.GET, path, parameters, Optional.empty());
    }

    /// Changes something, at most once under this key.
    static StripeCall post(
            String path, SequencedMap<String, String> parameters, String idempotencyKey) {
        return new StripeCall(Method.POST, path, parameters, Optional.of(idempotencyKey));
    }

    /// Ends something. Doing it again changes nothing, so Stripe knows no keys for it.
    static StripeCall delete(String path) {
        return new StripeCall(Method.DELETE, path, new LinkedHashMap<>(), Optional.empty());
    }

    /// The parameters as a form or a query.
    String form() {
        StringBuilder form = new StringBuilder(256);
        parameters.forEach((name, value) -> {
            if (!form.isEmpty()) {
                form.append('&');
            }
            append(form, name, "[]"); // which stay as they are, as in Stripe's own libraries
            form.append('=');
            append(form, value, "");
        });
        return form.toString();
    }

    private static void append(StringBuilder form, String text, String asTheyAre) {
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            if (asTheyAre.indexOf(text.charAt(i)) >= 0) {
                form.append(encode(text.substring(done, i))).append(text.charAt(i));
                done = i + 1;
            }
        }
        form.append(encode(text.substring(done)));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// Never the parameters: they hold personal data.
    @Override
    public String toString() {
        return method + " " + path;
    }
}
