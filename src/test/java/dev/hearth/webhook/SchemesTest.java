package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.standardwebhooks.Webhook;
import dev.hearth.http.Body;
import dev.hearth.http.Headers;
import dev.hearth.http.Response;
import dev.hearth.webhook.Verification.Reason;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for every scheme, and the senders' own vectors.
class SchemesTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_614_265_330L);
    private static final byte[] BODY = "{\"id\":\"1\",\"type\":\"a.b\"}".getBytes(UTF_8);
    private static final Secret STANDARD = Secret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final KeyPairOfSender SENDER = KeyPairOfSender.make();

    /// A key pair of Ed25519, written as senders write theirs.
    private record KeyPairOfSender(Secret privateKey, Secret publicKey, Secret publicHex) {
        static KeyPairOfSender make() {
            try {
                var pair =
                        KeyPairGenerator.getInstance(NamedParameterSpec.ED25519.getName())
                                .generateKeyPair();
                byte[] seed = Arrays.copyOfRange(pair.getPrivate().getEncoded(), 16, 48);
                byte[] point =
                        Arrays.copyOfRange(((EdECPublicKey) pair.getPublic()).getEncoded(), 12, 44);
                return new KeyPairOfSender(
                        Secret.of("whsk_" + Base64.getEncoder().encodeToString(seed)),
                        Secret.of("whpk_" + Base64.getEncoder().encodeToString(point)),
                        Secret.of(HexFormat.of().formatHex(point)));
            } catch (java.security.GeneralSecurityException missing) {
                throw new AssertionError(missing);
            }
        }
    }

    static Stream<Arguments> schemes() {
        Secret text = Secret.of("a secret");
        return Stream.of(
                Arguments.of(new StripeScheme(), text, text),
                Arguments.of(new GitHubScheme(), text, text),
                Arguments.of(new StandardScheme(), STANDARD, STANDARD),
                Arguments.of(new ShopifyScheme(), text, text),
                Arguments.of(new SlackScheme(), text, text),
                Arguments.of(HmacScheme.DEFAULT, text, text),
                Arguments.of(
                        Schemes.of(
                                "hmac",
                                Map.of(
                                        "header", "X-Sig",
                                        "algorithm", "sha512",
                                        "encoding", "base64",
                                        "timestamp_header", "X-Time",
                                        "id", "X-Id",
                                        "type", "/type")),
                        text,
                        text),
                Arguments.of(new Ed25519Scheme(), SENDER.privateKey, SENDER.publicKey));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void what_is_signed_is_genuine_and_has_an_id_and_a_type(
            Scheme scheme, Secret signing, Secret verifying) {
        SampleEvents.Sample sample = new SampleEvents().make(scheme, signing, "order.paid", NOW);

        assertThat(scheme.verifier(List.of(verifying)).verify(sample.headers(), sample.body(), NOW))
                .isEqualTo(Verification.GENUINE);
        EventHead head = scheme.head(sample.headers(), sample.body());
        assertThat(head.externalId()).isNotEmpty();
        assertThat(head.type()).isIn("order.paid", "event");
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void any_changed_byte_of_the_body_is_refused(Scheme scheme, Secret signing, Secret verifying) {
        Headers headers = scheme.sign(signing, "msg_1", "a.b", BODY, NOW);
        Verifier verifier = scheme.verifier(List.of(verifying));

        for (int i = 0; i < BODY.length; i++) {
            byte[] changed = BODY.clone();
            changed[i] ^= 1;
            assertThat(verifier.verify(headers, changed, NOW))
                    .isEqualTo(Verification.refused(Reason.MISMATCH));
        }
        assertThat(verifier.verify(headers, Arrays.copyOf(BODY, BODY.length - 1), NOW))
                .isEqualTo(Verification.refused(Reason.MISMATCH));
        assertThat(verifier.verify(headers, Arrays.copyOf(BODY, BODY.length + 1), NOW))
                .isEqualTo(Verification.refused(Reason.MISMATCH));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void a_request_without_any_header_is_refused(Scheme scheme, Secret signing, Secret verifying) {
        assertThat(scheme.verifier(List.of(verifying)).verify(Headers.EMPTY, BODY, NOW))
                .isEqualTo(Verification.refused(Reason.MISSING));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void no_header_can_be_doubled_emptied_or_be_too_long(
            Scheme scheme, Secret signing, Secret verifying) {
        Headers good = scheme.sign(signing, "msg_1", "a.b", BODY, NOW);
        Verifier verifier = scheme.verifier(List.of(verifying));
        for (String name : good.names()) {
            if (name.contains("sig") || name.contains("time") || name.contains("hmac")) {
                String value = good.first(name).orElseThrow();
                for (Headers bad :
                        List.of(
                                good.with(name, value),
                                good.replace(name, ""),
                                good.replace(name, value + " ".repeat(65_536)),
                                good.replace(name, "=" + value),
                                good.replace(name, value + "0"))) {
                    assertThat(verifier.verify(bad, BODY, NOW))
                            .as(name)
                            .isNotEqualTo(Verification.GENUINE);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void a_signed_time_counts_for_five_minutes_on_either_side(
            Scheme scheme, Secret signing, Secret verifying) {
        Headers headers = scheme.sign(signing, "msg_1", "a.b", BODY, NOW);
        Verifier verifier = scheme.verifier(List.of(verifying));
        boolean hasTime = headers.names().stream().anyMatch(name -> name.contains("time"));
        if (hasTime || scheme instanceof StripeScheme) {
            assertThat(verifier.verify(headers, BODY, NOW.plusSeconds(300)))
                    .isEqualTo(Verification.GENUINE);
            assertThat(verifier.verify(headers, BODY, NOW.minusSeconds(300)))
                    .isEqualTo(Verification.GENUINE);
            assertThat(verifier.verify(headers, BODY, NOW.plusSeconds(301)))
                    .isEqualTo(Verification.refused(Reason.STALE));
            assertThat(verifier.verify(headers, BODY, NOW.minusSeconds(301)))
                    .isEqualTo(Verification.refused(Reason.STALE));
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void a_source_without_a_secret_has_no_verifier(
            Scheme scheme, Secret signing, Secret verifying) {
        assertThatIllegalArgumentException().isThrownBy(() -> scheme.verifier(List.of()));
        assertThat(new Source("a", scheme, List.of()).isReady()).isFalse();
    }

    @Test
    void two_secrets_count_side_by_side() {
        Verifier verifier =
                new GitHubScheme().verifier(List.of(Secret.of("new"), Secret.until(NOW, "old")));
        Headers old = new GitHubScheme().sign(Secret.of("old"), "1", "push", BODY, NOW);

        assertThat(verifier.verify(old, BODY, NOW.minusMillis(1))).isEqualTo(Verification.GENUINE);
        assertThat(verifier.verify(old, BODY, NOW))
                .isEqualTo(Verification.refused(Reason.MISMATCH));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "It's a Secret to Everybody | Hello, World! | 757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                "secret | {\"a\": \"z\"} | f417af3a21bd70379b5796d5f013915e7029f62c580fb0f500f59a35a6f04c89",
                "secret | '' | f9e66e179b6747ae54108f82f8ade8b3c25d76fd30afde6c395822c530196169",
            })
    void accepts_what_github_signs(String secret, String body, String code) {
        assertThat(
                        new GitHubScheme()
                                .verifier(List.of(Secret.of(secret.strip())))
                                .verify(
                                        Headers.of("X-Hub-Signature-256", "sha256=" + code),
                                        body.getBytes(UTF_8),
                                        NOW))
                .isEqualTo(Verification.GENUINE);
    }

    @Test
    void an_object_whose_id_cannot_be_kept_does_not_lose_the_event() {
        Function<String, Optional<String>> objectOf =
                id ->
                        new StandardScheme()
                                .head(
                                        Headers.of("webhook-id", "msg_1"),
                                        "{\"type\":\"a.b\",\"data\":{\"id\":\"%s\"}}"
                                                .formatted(id)
                                                .getBytes(UTF_8))
                                .objectId();
        assertThat(objectOf.apply("x".repeat(255))).contains("x".repeat(255));
        assertThat(objectOf.apply("")).isEmpty();
        assertThat(objectOf.apply("x".repeat(256)).orElseThrow())
                .matches("sha256-[0-9a-f]{64}")
                .isEqualTo(objectOf.apply("x".repeat(256)).orElseThrow())
                .isNotEqualTo(objectOf.apply("y".repeat(256)).orElseThrow());
        assertThat(objectOf.apply("a\\u0000b").orElseThrow()).startsWith("sha256-");
    }

    @Test
    void a_made_up_event_has_its_id_type_and_object_where_the_source_looks_for_them() {
        Map<String, String> places = Map.of("id", "/a/b~1c", "type", "/a/kind", "object", "/id");
        Scheme scheme = Schemes.of("hmac", places);
        SampleEvents.Sample sample =
                new SampleEvents().make(scheme, Secret.of("secret"), "press.stopped", NOW);
        EventHead head = scheme.head(sample.headers(), sample.body());
        assertThat(head.externalId()).isEqualTo(sample.id());
        assertThat(head.type()).isEqualTo("press.stopped");
        assertThat(head.objectId()).contains("press-7");
    }

    @Test
    void accepts_the_published_standard_webhook_under_both_names() {
        byte[] body = "{\"test\": 2432232314}".getBytes(UTF_8);
        for (String names : List.of("webhook-", "svix-")) {
            Headers headers =
                    Headers.of(names + "id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                            .with(names + "timestamp", "1614265330")
                            .with(
                                    names + "signature",
                                    "v1a,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

            assertThat(new StandardScheme().verifier(List.of(STANDARD)).verify(headers, body, NOW))
                    .isEqualTo(Verification.GENUINE);
            assertThat(new StandardScheme().head(headers, body).externalId())
                    .isEqualTo("msg_p5jXN8AQM9LWM0D4loKWxJek");
        }
    }

    @Test
    void agrees_with_the_library_of_standard_webhooks() {
        Instant now = Instant.now();
        Headers signed = new StandardScheme().sign(STANDARD, "msg_1", "a", BODY, now);
        Map<String, List<String>> headers = new HashMap<>();
        signed.forEach((name, value) -> headers.put(name, List.of(value)));

        assertThatCode(() ->
                        new Webhook("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                                .verify(
                                        new String(BODY, UTF_8),
                                        java.net.http.HttpHeaders.of(headers, (_, _) -> true)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.1614265330", "", "a b", "é", "a/b"})
    void refuses_an_id_that_could_stand_for_another_message(String id) {
        Headers headers =
                new StandardScheme()
                        .sign(STANDARD, "msg_1", "a", BODY, NOW)
                        .replace("webhook-id", id);

        assertThat(new StandardScheme().verifier(List.of(STANDARD)).verify(headers, BODY, NOW))
                .isEqualTo(Verification.refused(Reason.MALFORMED));
    }

    @Test
    void accepts_what_shopify_signs() {
        assertThat(
                        new ShopifyScheme()
                                .verifier(List.of(Secret.of("hush")))
                                .verify(
                                        Headers.of(
                                                "X-Shopify-Hmac-SHA256",
                                                "VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY="),
                                        "{\"id\":1}".getBytes(UTF_8),
                                        NOW))
                .isEqualTo(Verification.GENUINE);
    }

    @ParameterizedTest
    @CsvSource({
        "hex, 244449b7f48cbc2709060c9dcdc2b3aa47a78f540430579015c579fb12defbb4",
        "hex, 244449B7F48CBC2709060C9DCDC2B3AA47A78F540430579015C579FB12DEFBB4",
        "base64, JERJt/SMvCcJBgydzcKzqkenj1QEMFeQFcV5+xLe+7Q=",
    })
    void accepts_a_plain_hmac_in_both_encodings(String encoding, String code) {
        Scheme scheme = Schemes.of("hmac", Map.of("encoding", encoding, "header", "X-Convoy"));

        assertThat(
                        scheme.verifier(List.of(Secret.of("convoy-webhook-secret")))
                                .verify(
                                        Headers.of("X-Convoy", code),
                                        "{\"event\":\"charge.success\",\"amount\":1000,\"currency\":\"NGN\"}"
                                                .getBytes(UTF_8),
                                        NOW))
                .isEqualTo(Verification.GENUINE);
    }

    @Test
    void slack_asks_once_whether_we_are_there() {
        Response answer =
                new SlackScheme()
                        .greeting(
                                Headers.EMPTY,
                                "{\"type\":\"url_verification\",\"challenge\":\"3eZbrw1a\"}"
                                        .getBytes(UTF_8))
                        .orElseThrow();

        assertThat(answer.body())
                .isInstanceOfSatisfying(
                        Body.Bytes.class,
                        bytes ->
                                assertThat(new String(bytes.content(), UTF_8))
                                        .isEqualTo("3eZbrw1a"));
        assertThat(new SlackScheme().greeting(Headers.EMPTY, BODY)).isEmpty();
    }

    @Test
    void accepts_the_style_of_discord() throws Exception {
        byte[] seed =
                Base64.getDecoder().decode(SENDER.privateKey.text().substring("whsk_".length()));
        var signer = java.security.Signature.getInstance("Ed25519");
        byte[] pkcs8 = HexFormat.of().parseHex("302e020100300506032b657004220420");
        byte[] encoded = Arrays.copyOf(pkcs8, pkcs8.length + 32);
        System.arraycopy(seed, 0, encoded, pkcs8.length, 32);
        signer.initSign(
                java.security.KeyFactory.getInstance("Ed25519")
                        .generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(encoded)));
        signer.update("1614265330".getBytes(UTF_8));
        signer.update(BODY);
        Headers headers =
                Headers.of("X-Signature-Ed25519", HexFormat.of().formatHex(signer.sign()))
                        .with("X-Signature-Timestamp", "1614265330");

        assertThat(
                        new Ed25519Scheme()
                                .verifier(List.of(SENDER.publicHex))
                                .verify(headers, BODY, NOW))
                .isEqualTo(Verification.GENUINE);
        assertThat(
                        new Ed25519Scheme()
                                .verifier(List.of(SENDER.publicHex))
                                .verify(
                                        headers.replace("X-Signature-Timestamp", "1614265331"),
                                        BODY,
                                        NOW))
                .isEqualTo(Verification.refused(Reason.MISMATCH));
    }

    @Test
    void a_public_key_cannot_sign() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Ed25519Scheme().sign(SENDER.publicKey, "msg_1", "a", BODY, NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "standard, not base64!",
        "ed25519, zz",
        "ed25519, abcd",
        "ed25519, whpk_!!",
    })
    void a_secret_that_the_scheme_cannot_use_is_refused_without_being_shown(
            String scheme, String secret) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Source("a", Schemes.named(scheme), List.of(Secret.of(secret))))
                .satisfies(refused -> assertThat(refused).hasMessageNotContaining(secret));
    }

    @ParameterizedTest
    @CsvSource({
        "hmac, algorithm, md5",
        "hmac, encoding, HEX",
        "hmac, heder, X-Sig",
        "hmac, header, 'X Sig'",
        "hmac, id, 'no header'",
        "stripe, header, X-Sig",
        "paypal, header, X-Sig",
    })
    void a_wrong_option_is_refused_when_the_scheme_is_made(
            String scheme, String option, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schemes.of(scheme, Map.of(option, value)));
    }
}
