package dev.hearth.webhook;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hearth.http.Headers;

// A class of its own: the fuzzer takes one target of a class and passes over the others.
class EventFuzzTest {

    @FuzzTest(maxDuration = "60s")
    void any_body_is_read_as_an_event_or_refused(byte[] body) {
        try {
            new StripeScheme().head(Headers.EMPTY, body);
        } catch (UnreadableEventException expected) {
            // refused, as it should be
        }
        new SlackScheme().greeting(Headers.EMPTY, body);
        new Ed25519Scheme().greeting(Headers.of("X-Signature-Ed25519", ""), body);
        new ShopifyScheme()
                .head(
                        Headers.of("X-Shopify-Topic", "a/b").with("X-Shopify-Webhook-Id", "1"),
                        new byte[0]);
    }
}
