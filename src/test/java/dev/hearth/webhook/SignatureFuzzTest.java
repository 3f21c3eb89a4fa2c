package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hearth.http.Headers;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/// Whatever a stranger sends: refused, never an exception and never believed.
class SignatureFuzzTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final Secret TEXT = Secret.of("a secret nobody guesses");
    private static final Secret BASE64 = Secret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final Secret KEY =
            Secret.of("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    private record Target(Verifier verifier, List<String> headers) {}

    private static final List<Target> TARGETS =
            List.of(
                    new Target(
                            new StripeScheme().verifier(List.of(TEXT)),
                            List.of("Stripe-Signature")),
                    new Target(
                            new GitHubScheme().verifier(List.of(TEXT)),
                            List.of("X-Hub-Signature-256")),
                    new Target(
                            new ShopifyScheme().verifier(List.of(TEXT)),
                            List.of("X-Shopify-Hmac-SHA256")),
                    new Target(
                            new SlackScheme().verifier(List.of(TEXT)),
                            List.of("X-Slack-Signature", "X-Slack-Request-Timestamp")),
                    new Target(
                            new StandardScheme().verifier(List.of(BASE64)),
                            List.of("webhook-id", "webhook-timestamp", "webhook-signature")),
                    new Target(HmacScheme.DEFAULT.verifier(List.of(TEXT)), List.of("X-Signature")),
                    new Target(
                            new Ed25519Scheme().verifier(List.of(KEY)),
                            List.of("X-Signature-Ed25519", "X-Signature-Timestamp")));

    @FuzzTest(maxDuration = "60s")
    void no_headers_and_body_are_believed_or_throw(FuzzedDataProvider data) {
        Target target = data.pickValue(TARGETS);
        Headers headers = Headers.EMPTY;
        for (String name : target.headers) {
            headers = headers.with(name, headerValue(data.consumeBytes(300)));
        }
        Verification verification =
                target.verifier.verify(headers, data.consumeRemainingAsBytes(), NOW);

        Assertions.assertInstanceOf(Verification.Refused.class, verification);
    }

    /// What a gateway lets through: no control characters, Latin-1.
    private static String headerValue(byte[] bytes) {
        StringBuilder value = new StringBuilder(bytes.length);
        for (char c : new String(bytes, ISO_8859_1).toCharArray()) {
            value.append(c < 0x20 || c == 0x7f ? ' ' : c);
        }
        return value.toString();
    }
}
