package dev.hearth.webhook;

import dev.hearth.http.Headers;
import dev.hearth.webhook.Verification.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Shopify: `X-Shopify-Hmac-SHA256: <base64>` over the body, keyed with the app's client secret. After a
/// rotation Shopify may sign with the old secret for up to an hour.
public record ShopifyScheme() implements Scheme {
    private static final String HEADER = "X-Shopify-Hmac-SHA256";
    private static final JsonFields FIELDS = JsonFields.of("/id");

    @Override
    public String name() {
        return "shopify";
    }

    @Override
    public Verifier verifier(List<Secret> secrets) {
        HmacKeys keys = new HmacKeys(Hmac.Algorithm.SHA256, secrets, Secret::bytes);
        return (headers, body, now) -> {
            List<String> values = headers.all(HEADER);
            if (values.isEmpty()) {
                return Verification.refused(Reason.MISSING);
            }
            Optional<byte[]> code =
                    values.size() == 1 ? Codes.base64(values.getFirst(), 32) : Optional.empty();
            return keys.verify(now, code, body);
        };
    }

    @Override
    public EventHead head(Headers headers, byte[] body) {
        String topic = RequiredHeader.of(headers, "X-Shopify-Topic");
        int slash = topic.indexOf('/');
        return EventHead.of(RequiredHeader.of(headers, "X-Shopify-Webhook-Id"), topic)
                .about(slash > 0 ? topic.substring(0, slash) : topic, FIELDS.readIfJson(body).id(0))
                .ofVersion(headers.first("X-Shopify-API-Version"))
                .createdAt(headers.first("X-Shopify-Triggered-At").flatMap(ShopifyScheme::time));
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> keptHeaders() {
        return List.of(
                "content-type",
                "user-agent",
                "x-shopify-topic",
                "x-shopify-shop-domain",
                "x-shopify-webhook-id",
                "x-shopify-event-id",
                "x-shopify-triggered-at");
    }

    @Override
    public boolean signsTime() {
        return false;
    }

    @Override
    public Headers sign(Secret secret, String id, String type, byte[] body, Instant now) {
        byte[] code = new Hmac(Hmac.Algorithm.SHA256, secret.bytes()).of(body);
        return Headers.of(HEADER, Base64.getEncoder().encodeToString(code))
                .with("X-Shopify-Webhook-Id", id)
                .with("X-Shopify-Topic", type)
                .with("X-Shopify-Triggered-At", now.toString());
    }
}
