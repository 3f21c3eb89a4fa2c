package dev.hearth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.hearth.SmallShop.Item;
import dev.hearth.SmallShop.NewItem;
import dev.hearth.http.Headers;
import dev.hearth.jobs.Timetable;
import dev.hearth.sandbox.Sandbox;
import dev.hearth.webhook.InboxState;
import dev.hearth.webhook.Schemes;
import dev.hearth.webhook.Secret;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Events and jobs of an application in a test.
@Timeout(60)
class TestSiteWorkTest {
    @Test
    void a_delivered_event_is_handled_when_it_returns() {
        try (TestSite shop = TestSite.open(SmallShop::routes)) {
            shop.post("/items", new NewItem("bread"));

            assertThat(
                            shop.deliver(
                                            "stripe",
                                            "payment_intent.succeeded",
                                            "{\"id\":\"pi_1\",\"amount\":5}")
                                    .objectId())
                    .contains("pi_1");
            assertThat(shop.get("/items/1").json(Item.class).paid()).isTrue();
        }
    }

    @Test
    void an_event_that_nobody_handles_is_ignored() {
        try (TestSite shop = TestSite.open(SmallShop::routes)) {
            assertThat(shop.deliver("stripe", "payment_intent.canceled", Map.of()).state())
                    .isEqualTo(InboxState.IGNORED);
        }
    }

    @Test
    void a_handler_that_fails_fails_the_delivery_and_those_behind_it() {
        try (TestSite shop = TestSite.open(SmallShop::routes)) {
            shop.post("/items", new NewItem("bread"));

            assertThatIllegalStateException()
                    .isThrownBy(() ->
                            shop.deliver(
                                    "stripe",
                                    "payment_intent.succeeded",
                                    Map.of("id", "pi_1", "amount", 0)))
                    .withMessage(
                            "payment_intent.succeeded of stripe is not done:"
                                    + " ArithmeticException: nothing was paid")
                    .withCauseInstanceOf(ArithmeticException.class);
            assertThatIllegalStateException()
                    .isThrownBy(() ->
                            shop.deliver(
                                    "stripe",
                                    "payment_intent.succeeded",
                                    Map.of("id", "pi_1", "amount", 5)))
                    .withMessageContaining("stands in front of it");
            assertThat(shop.get("/items/1").json(Item.class).paid()).isFalse();
        }
    }

    @Test
    void an_event_that_is_refused_fails_the_delivery() {
        try (TestSite shop = TestSite.open(SmallShop::routes)) {
            Map<String, String> tooLong = Map.of("id", "pi_1", "note", "x".repeat(1 << 20));

            assertThatIllegalStateException()
                    .isThrownBy(() -> shop.deliver("stripe", "charge.updated", tooLong))
                    .withMessageStartingWith("POST /webhooks/stripe was answered with 413");
            assertThat(shop.post("/webhooks/stripe", "{}").status()).isEqualTo(400); // unsigned
        }
    }

    @Test
    void a_source_that_is_not_configured_fails_the_delivery() {
        try (TestSite shop = TestSite.open(SmallShop::routes)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> shop.deliver("github", "push", Map.of()))
                    .withMessageContaining("there is no source \"github\"; there is [stripe]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "x", "", "5"})
    void an_event_is_about_an_object(String json) {
        try (TestSite shop = TestSite.open(SmallShop::routes)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> shop.deliver("stripe", "charge.updated", json));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\"b", "a\\b", "a\nb"})
    void a_type_is_a_name(String type) {
        try (TestSite shop = TestSite.open(SmallShop::routes)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> shop.deliver("stripe", type, Map.of()))
                    .withMessageStartingWith("a type is a name");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "stripe, charge.updated",
        "github, push",
        "standard, order.shipped",
        "shopify, orders/create",
        "slack, app_mention",
        "hmac, event",
    })
    void every_sender_that_signs_with_a_shared_secret_can_be_played(String scheme, String type) {
        List<String> texts = new ArrayList<>();
        try (TestSite site =
                TestSite.open(
                        app -> app.on("them", type, (event, _) -> texts.add(event.text())),
                        Map.of("webhook.them.scheme", scheme))) {
            site.deliver("them", type, "{\"mark\":\"a mark\"}");

            assertThat(texts).singleElement().asString().contains("\"mark\":\"a mark\"");
        }
    }

    @Test
    void a_type_that_the_body_does_not_say_is_refused() {
        try (TestSite site =
                TestSite.open(
                        _ -> {},
                        Map.of(
                                "webhook.press.scheme", "hmac",
                                "webhook.press.type", "/kind"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> site.deliver("press", "hot", Map.of("kind", "cold")))
                    .withMessageContaining("would read cold");
            assertThat(site.deliver("press", "hot", Map.of("kind", "hot")).type()).isEqualTo("hot");
        }
    }

    @Test
    void a_senders_private_key_is_not_made_up() {
        try (TestSite site = TestSite.open(_ -> {}, Map.of("webhook.them.scheme", "ed25519"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> site.deliver("them", "a.b", Map.of()))
                    .withMessageContaining("private key");
        }
    }

    @Test
    void events_wait_for_whoever_asks_for_what_is_due() throws Exception {
        List<String> types = new ArrayList<>();
        try (TestSite site =
                TestSite.open(
                        app -> app.on("them", "*", (event, _) -> types.add(event.type())),
                        Map.of("webhook.them.scheme", "github", "webhook.them.secret", "s"))) {
            byte[] body = "{}".getBytes(UTF_8);
            Headers signed =
                    Schemes.named("github").sign(Secret.of("s"), "1", "push", body, Instant.EPOCH);
            TestRequest push = site.request("POST", "/webhooks/them").with(signed).json(body);

            assertThat(push.send().text()).contains("\"duplicate\":false");
            assertThat(push.send().text()).contains("\"duplicate\":true");
            assertThat(types).isEmpty();
            site.runDueWork();
            assertThat(types).containsExactly("push");
        }
    }

    @Test
    void work_for_later_is_run_when_it_is_asked_for() {
        try (TestSite shop = TestSite.open(SmallShop::routes)) {
            shop.request("POST", "/reminders/bread").send();

            shop.runDueWork();
            assertThat(shop.get("/reminded").text()).isEqualTo("[]");

            shop.runJob("remind");
            assertThat(shop.get("/reminded").text()).isEqualTo("[\"bread\"]");
            assertThatIllegalStateException()
                    .isThrownBy(() -> shop.runJob("remind"))
                    .withMessage("no job \"remind\" waits");
        }
    }

    @Test
    void a_job_that_fails_fails_the_test() {
        try (TestSite shop = TestSite.open(SmallShop::routes)) {
            shop.request("POST", "/reminders/nobody").send();

            assertThatIllegalStateException()
                    .isThrownBy(() -> shop.runJob("remind"))
                    .withCauseInstanceOf(IOException.class)
                    .withMessageContaining("no such address");
        }
    }

    @Test
    void jobs_that_come_back_run_once_each_time() {
        List<String> runs = new ArrayList<>();
        try (TestSite site =
                TestSite.open(app -> {
                    app.every("hourly", Duration.ofHours(1), _ -> runs.add("hourly"));
                    app.every("nightly", Timetable.daily("03:00"), _ -> runs.add("nightly"));
                })) {
            assertThat(runs).isEmpty();

            site.runJob("hourly");
            assertThat(runs).containsExactly("hourly");

            site.runJob("nightly");
            site.runJob("hourly");
            site.runDueWork();
            assertThat(runs).containsExactly("hourly", "nightly", "hourly");
        }
    }

    @Test
    void payments_ask_the_stripe_that_is_configured() throws Exception {
        try (Sandbox stripe = Sandbox.open();
                TestSite site =
                        TestSite.open(
                                _ -> {},
                                Map.of(
                                        "stripe.api_key", stripe.key(),
                                        "stripe.api_base", stripe.address(),
                                        "payments.api_key", "a key of the shop's servers"))) {
            TestAnswer asked =
                    site.request("POST", "/payments/intents")
                            .with("Authorization", "Bearer a key of the shop's servers")
                            .with("Idempotency-Key", "1")
                            .json(Map.of("order_ref", "a", "amount", 500, "currency", "eur"))
                            .send();
            assertThat(asked.status()).isEqualTo(201);

            String intent = asked.text().replaceFirst("(?s).*\"(pi_[0-9]+)_secret.*", "$1");
            assertThat(stateAfter(site, intent)).isEqualTo(InboxState.DONE); // Stripe was asked
            stripe.close();
            assertThatIllegalStateException().isThrownBy(() -> stateAfter(site, intent));
        }
    }

    private static InboxState stateAfter(TestSite site, String intent) {
        return site.deliver("stripe", "payment_intent.succeeded", Map.of("id", intent)).state();
    }
}
