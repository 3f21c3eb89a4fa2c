package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Body;
import dev.hearth.http.Headers;
import dev.hearth.http.Response;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Discord asks twice whether an address is ours, for interactions and for events, and numbers both differently.
class DiscordTest {
    private static final Headers SIGNED =
            Headers.of("X-Signature-Ed25519", "00").with("X-Signature-Timestamp", "1614265330");

    private static final byte[] EVENT =
            """
            {"version":1,"application_id":"1234560123453231555","type":1,"event":{
             "type":"APPLICATION_AUTHORIZED","timestamp":"2024-10-18T14:42:53.064834","data":{}}}
            """
                    .getBytes(UTF_8);

    private final Ed25519Scheme scheme = new Ed25519Scheme();

    @Test
    void an_interaction_that_asks_gets_its_type_back() {
        Response answer =
                scheme.greeting(SIGNED, "{\"id\":\"1\",\"type\":1,\"token\":\"t\"}".getBytes(UTF_8))
                        .orElseThrow();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(((Body.Bytes) answer.body()).content())
                .isEqualTo("{\"type\":1}".getBytes(UTF_8));
    }

    @Test
    void the_question_of_webhook_events_is_answered_with_nothing() {
        Response answer =
                scheme.greeting(
                                SIGNED,
                                "{\"version\":1,\"application_id\":\"1\",\"type\":0}"
                                        .getBytes(UTF_8))
                        .orElseThrow();

        assertThat(answer.status()).isEqualTo(204);
    }

    @Test
    void an_event_is_no_question_although_its_type_is_1() {
        assertThat(scheme.greeting(SIGNED, EVENT)).isEmpty();

        EventHead head = scheme.head(SIGNED, EVENT);
        assertThat(head.type()).isEqualTo("APPLICATION_AUTHORIZED");
        assertThat(head.externalId()).startsWith("sha256-");
    }

    @Test
    void an_event_of_standard_webhooks_is_no_question_of_discord() {
        Headers standard = Headers.of("webhook-id", "msg_1");

        assertThat(scheme.greeting(standard, "{\"type\":\"1\"}".getBytes(UTF_8))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Signature-Ed25519", "X-Signature-Timestamp"})
    void a_signature_that_does_not_count_is_told_as_discord_wants_it(String header) {
        assertThat(scheme.refusedStatus(Headers.of(header, "x"))).isEqualTo(401);
        assertThat(scheme.refusedStatus(Headers.of("webhook-id", "msg_1"))).isEqualTo(400);
        assertThat(new StripeScheme().refusedStatus(Headers.of(header, "x"))).isEqualTo(400);
    }

    @Test
    void the_time_of_an_event_is_read_where_it_has_a_zone() {
        byte[] zoned = new String(EVENT, UTF_8).replace("064834", "064834Z").getBytes(UTF_8);

        assertThat(scheme.head(SIGNED, zoned).created())
                .hasValue(Instant.parse("2024-10-18T14:42:53.064834Z"));
    }
}
