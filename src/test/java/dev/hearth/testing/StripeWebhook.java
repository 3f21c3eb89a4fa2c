package dev.hearth.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Webhooks as Stripe sends them, signed with the JDK's own HMAC: independent of the code under test.
public final class StripeWebhook {
    private StripeWebhook() {}

    /// A small event with this id.
    public static byte[] event(String id) {
        return """
        {"id":"%s","object":"event","api_version":"2025-09-30.clover","created":%d,
         "data":{"object":{"id":"pi_%s","object":"payment_intent","amount":2000}},
         "livemode":false,"type":"payment_intent.succeeded"}\
        """
                .formatted(id, Instant.now().getEpochSecond(), id)
                .getBytes(UTF_8);
    }

    /// The header for this body.
    public static String signature(String secret, byte[] body, Instant time) {
        String seconds = Long.toString(time.getEpochSecond());
        return "t=" + seconds + ",v1=" + code(secret, seconds, body);
    }

    /// The code alone, in hex.
    public static String code(String secret, String seconds, byte[] body) {
        return codeOf(secret, seconds + ".", body);
    }

    /// The code of a text and a body, whatever stands between them.
    public static String codeOf(String secret, String text, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            mac.update(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// A request with a good signature, made now with the tests' secret.
    public static HttpRequest request(URI uri, byte[] body) {
        return request(uri, body, signature(HearthProcess.SECRET, body, Instant.now()));
    }

    /// A request with this signature header.
    public static HttpRequest request(URI uri, byte[] body, String signature) {
        return HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("Stripe-Signature", signature)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }
}
