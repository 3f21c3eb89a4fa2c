package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import dev.hearth.http.Headers;
import dev.hearth.webhook.Verification.Reason;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StripeSchemeTest {
    private static final String SECRET = "whsec_test_secret";
    private static final long T = 1_700_000_000L;
    private static final Instant NOW = Instant.ofEpochSecond(T);
    private static final byte[] BODY = "{\"id\":\"evt_1\",\"type\":\"a.b\"}".getBytes(UTF_8);

    private final Verifier verifier = new StripeScheme().verifier(List.of(Secret.of(SECRET)));

    private Verification verify(String header) {
        return verifier.verify(Headers.of("Stripe-Signature", header), BODY, NOW);
    }

    private static String codeOf(byte[] body) {
        String header =
                StripeScheme.sign(Secret.of(SECRET), body, NOW)
                        .first("Stripe-Signature")
                        .orElseThrow();
        return header.substring(header.indexOf("v1=") + 3);
    }

    static Stream<Arguments> vectors() {
        return Stream.of(
                Arguments.of(
                        "{\n  \"id\": \"evt_test_webhook\",\n  \"object\": \"event\"\n}",
                        1614265330L,
                        "af4ead0627a34a8cca29808e8de9ada8e41a92e6237c63cef6eacf51d36cca34"),
                Arguments.of(
                        "{\"id\":\"evt_1\",\"object\":\"event\",\"note\":\"Zürich €\"}",
                        1700000000L,
                        "e4e73c3a17ada8f0c8a9aec319f559444a9c497806a4ab38a413ead5c848d97d"),
                Arguments.of(
                        "",
                        1700000000L,
                        "316b9ab98c15bfa039d243f3196acee619cf29749a91a634e6a8154e2f7b6727"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void accepts_what_stripe_signs(String body, long t, String code) {
        Headers headers = Headers.of("Stripe-Signature", "t=" + t + ",v1=" + code);

        assertThat(verifier.verify(headers, body.getBytes(UTF_8), Instant.ofEpochSecond(t)))
                .isEqualTo(Verification.GENUINE);
    }

    @Test
    void agrees_with_stripes_own_library() throws SignatureVerificationException {
        String header =
                StripeScheme.sign(Secret.of(SECRET), BODY, Instant.now())
                        .first("Stripe-Signature")
                        .orElseThrow();

        assertThat(Webhook.Signature.verifyHeader(new String(BODY, UTF_8), header, SECRET, 300))
                .isTrue();
    }

    @Test
    void accepts_one_good_code_among_several() {
        assertThat(verify("t=" + T + ",v1=" + "0".repeat(64) + ",v1=" + codeOf(BODY) + ",v0=ab"))
                .isEqualTo(Verification.GENUINE);
    }

    static Stream<String> malformed() {
        String code = codeOf(BODY);
        return Stream.of(
                "",
                "t",
                "t=",
                "v1=" + code,
                "t,v1=" + code,
                "t=,v1=" + code,
                "t=abc,v1=" + code,
                "t=" + "1".repeat(20) + ",v1=" + code,
                "t=" + "1".repeat(400) + ",v1=" + code,
                "t=+" + T + ",v1=" + code,
                "t=-" + T + ",v1=" + code,
                "t= " + T + ",v1=" + code,
                "t=" + T + ",t=" + T + ",v1=" + code,
                "t=" + T + ",v0=" + code,
                "t=" + T + ",v1",
                "t=" + T + ",v1=",
                "t=" + T + ", v1=" + code,
                "t=" + T + ",v1=" + code.toUpperCase(java.util.Locale.ROOT),
                "t=" + T + ",v1=" + code.substring(1),
                "t=" + T + ",v1=" + code + "0",
                "t=" + T + ",v1=" + code.substring(1) + "g",
                "t=" + T + ";v1=" + code,
                "t=" + T + ",v1=" + code + ",x",
                "t=" + T + ",v1=" + code + ",",
                "t=" + T + ",v1=" + code + ",a=" + "b".repeat(65_536));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refuses_a_header_that_is_not_as_stripe_writes_it(String header) {
        assertThat(verify(header)).isEqualTo(Verification.refused(Reason.MALFORMED));
    }

    @Test
    void refuses_a_missing_and_a_repeated_header() {
        String good = "t=" + T + ",v1=" + codeOf(BODY);

        assertThat(verifier.verify(Headers.EMPTY, BODY, NOW))
                .isEqualTo(Verification.refused(Reason.MISSING));
        assertThat(
                        verifier.verify(
                                Headers.of("Stripe-Signature", good).with("stripe-signature", good),
                                BODY,
                                NOW))
                .isEqualTo(Verification.refused(Reason.MALFORMED));
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, -299, 0, 299, 300})
    void accepts_a_time_within_five_minutes(long away) {
        String header = "t=" + T + ",v1=" + codeOf(BODY);

        assertThat(
                        verifier.verify(
                                Headers.of("Stripe-Signature", header),
                                BODY,
                                NOW.plusSeconds(away)))
                .isEqualTo(Verification.GENUINE);
    }

    @ParameterizedTest
    @ValueSource(longs = {-315_360_000, -600, -301, 301, 600})
    void refuses_a_time_further_away_on_either_side(long away) {
        String header = "t=" + T + ",v1=" + codeOf(BODY);

        assertThat(
                        verifier.verify(
                                Headers.of("Stripe-Signature", header),
                                BODY,
                                NOW.plusSeconds(away)))
                .isEqualTo(Verification.refused(Reason.STALE));
    }

    @Test
    void refuses_a_body_one_byte_longer_shorter_or_other() {
        Headers headers = StripeScheme.sign(Secret.of(SECRET), BODY, NOW);
        String body = new String(BODY, UTF_8);

        for (String other :
                List.of(
                        body + " ",
                        body.substring(0, body.length() - 1),
                        body.replace("evt_1", "evt_2"))) {
            assertThat(verifier.verify(headers, other.getBytes(UTF_8), NOW))
                    .as(other)
                    .isEqualTo(Verification.refused(Reason.MISMATCH));
        }
    }

    @Test
    void refuses_a_scheme_that_only_looks_like_stripes() {
        byte[] code =
                new Hmac(Hmac.Algorithm.SHA256, SECRET.getBytes(UTF_8))
                        .of((T + ",").getBytes(UTF_8), BODY);

        assertThat(verify("t=" + T + ",v1=" + java.util.HexFormat.of().formatHex(code)))
                .isEqualTo(Verification.refused(Reason.MISMATCH));
    }

    @Test
    void verifies_bytes_that_are_not_utf_8() {
        byte[] body = {'{', (byte) 0xff, '}'};

        assertThat(verifier.verify(StripeScheme.sign(Secret.of(SECRET), body, NOW), body, NOW))
                .isEqualTo(Verification.GENUINE);
        assertThatExceptionOfType(UnreadableEventException.class)
                .isThrownBy(() -> new StripeScheme().head(Headers.EMPTY, body));
    }

    @Test
    void an_old_secret_counts_until_its_end_and_not_from_then_on() {
        Verifier rotating =
                new StripeScheme()
                        .verifier(List.of(Secret.of("whsec_new"), Secret.until(NOW, "whsec_old")));
        Instant before = NOW.minusMillis(1);

        assertThat(
                        rotating.verify(
                                StripeScheme.sign(Secret.of("whsec_old"), BODY, before),
                                BODY,
                                before))
                .isEqualTo(Verification.GENUINE);
        assertThat(rotating.verify(StripeScheme.sign(Secret.of("whsec_old"), BODY, NOW), BODY, NOW))
                .isEqualTo(Verification.refused(Reason.MISMATCH));
        assertThat(rotating.verify(StripeScheme.sign(Secret.of("whsec_new"), BODY, NOW), BODY, NOW))
                .isEqualTo(Verification.GENUINE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void an_empty_secret_cannot_be_made(String empty) {
        assertThatIllegalArgumentException().isThrownBy(() -> Secret.of(empty));
    }

    @Test
    void a_secret_is_never_shown() {
        assertThat(Secret.of(SECRET)).asString().doesNotContain(SECRET);
    }

    @Test
    void reads_what_the_inbox_needs_of_an_event() {
        EventHead head =
                new StripeScheme()
                        .head(
                                Headers.EMPTY,
                                """
                                {"id":"evt_7","object":"event","api_version":"2026-08-27.basil","created":1700000000,
                                 "data":{"previous_attributes":{"id":"no"},"object":{"metadata":{"id":"no"},"id":"pi_3","object":"payment_intent"}},
                                 "livemode":false,"type":"payment_intent.succeeded","request":{"id":"req_1"}}
                                """
                                        .getBytes(UTF_8));

        assertThat(head.externalId()).isEqualTo("evt_7");
        assertThat(head.type()).isEqualTo("payment_intent.succeeded");
        assertThat(head.objectType()).contains("payment_intent");
        assertThat(head.objectId()).contains("pi_3");
        assertThat(head.apiVersion()).contains("2026-08-27.basil");
        assertThat(head.livemode()).contains(false);
        assertThat(head.created()).contains(NOW);
    }

    @Test
    void reads_a_thin_event_too() {
        EventHead head =
                new StripeScheme()
                        .head(
                                Headers.EMPTY,
                                """
                                {"id":"evt_test_65","object":"v2.core.event","type":"v1.billing.meter.error_report_triggered",
                                 "created":"2023-11-14T22:13:20.000Z","livemode":true,"reason":null,
                                 "related_object":{"id":"mtr_1","type":"billing.meter","url":"/v1/billing/meters/mtr_1"}}
                                """
                                        .getBytes(UTF_8));

        assertThat(head.objectType()).contains("billing.meter");
        assertThat(head.objectId()).contains("mtr_1");
        assertThat(head.created()).contains(NOW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''",
                "null",
                "[]",
                "7",
                "{",
                "{}",
                "{\"id\":\"evt_1\"}",
                "{\"type\":\"a\"}",
                "{\"id\":7,\"type\":\"a\"}",
                "{\"id\":\"\",\"type\":\"a\"}",
                "{\"id\":\"a\\u0000b\",\"type\":\"a\"}",
                "{\"id\":\"evt_1\",\"type\":\"a\"} x",
                "{\"id\":\"evt_1\",\"type\":\"a\"}{}",
            })
    void refuses_what_is_not_an_event(String body) {
        assertThatExceptionOfType(UnreadableEventException.class)
                .isThrownBy(() -> new StripeScheme().head(Headers.EMPTY, body.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"e\",\"type\":\"a\",\"api_version\":null,\"livemode\":{\"a\":[1]},\"created\":1e99}",
                "{\"id\":\"e\",\"type\":\"a\",\"created\":99999999999999999999,\"data\":null}",
                "{\"id\":\"e\",\"type\":\"a\",\"created\":9223372036854775807,\"data\":{\"object\":\"x\"}}",
                "{\"id\":\"e\",\"type\":\"a\",\"created\":-1,\"data\":[{\"object\":{\"id\":\"x\"}}]}",
            })
    void members_of_another_kind_count_as_not_said(String body) {
        EventHead head = new StripeScheme().head(Headers.EMPTY, body.getBytes(UTF_8));

        assertThat(head).isEqualTo(EventHead.of("e", "a"));
    }
}
