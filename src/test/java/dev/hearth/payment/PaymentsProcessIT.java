package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.StripeStandIn;
import dev.hearth.testing.StripeStandIn.Fault;
import dev.hearth.testing.StripeWebhook;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Payments as a program of their own, killed in the middle.
class PaymentsProcessIT {
    private static final String CALLER_KEY = "planted-caller-key";

    @TempDir Path folder;
    private final StripeStandIn stripe = StripeStandIn.start(InstantSource.system());
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
        stripe.close();
    }

    private HearthProcess.Plan plan() {
        return HearthProcess.in(folder)
                .environment("HEARTH_STRIPE_API_KEY", StripeStandIn.KEY)
                .environment("HEARTH_STRIPE_API_BASE", stripe.base())
                .environment("HEARTH_PAYMENTS_API_KEY", CALLER_KEY);
    }

    private HttpResponse<String> post(HearthProcess hearth, String path, String key, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(hearth.uri(path))
                        .header("Authorization", "Bearer " + CALLER_KEY)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode get(HearthProcess hearth, String path)
            throws IOException, InterruptedException {
        return Json.read(
                http.send(
                                HttpRequest.newBuilder(hearth.uri(path))
                                        .header("Authorization", "Bearer " + CALLER_KEY)
                                        .build(),
                                BodyHandlers.ofString())
                        .body());
    }

    private void deliver(HearthProcess hearth) throws IOException, InterruptedException {
        List<String> events = stripe.with(objects -> objects.events());
        for (String event : events) {
            byte[] body = event.getBytes(StandardCharsets.UTF_8);
            String signature = StripeWebhook.signature(HearthProcess.SECRET, body, Instant.now());
            int status =
                    http.send(
                                    StripeWebhook.request(
                                            hearth.uri("/webhooks/stripe"), body, signature),
                                    BodyHandlers.discarding())
                            .statusCode();
            assertThat(status).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"after_write", "after_send", "after_response"})
    void killed_in_the_middle_it_makes_one_payment(String where) throws Exception {
        String body = Shop.order("A-1", 1250);
        try (HearthProcess first = plan().jvmFlags("-Dhearth.test.stop=" + where).start()) {
            try {
                post(first, "/payments/intents", "k1", body);
            } catch (IOException killed) {
                assertThat(first.process().awaitExit()).isEqualTo(137);
            }
        }
        try (HearthProcess second = plan().start()) {
            Await.until(
                    "the outcome is known",
                    () -> post(second, "/payments/intents", "k1", body).statusCode() == 201);

            long intents = stripe.with(objects -> objects.all("payment_intent").size());
            assertThat(intents).isOne();
        }
    }

    @Test
    void killed_in_the_middle_of_a_posting_it_posts_once_and_whole() throws Exception {
        String id;
        try (HearthProcess first = plan().jvmFlags("-Dhearth.test.stop=mid_journal").start()) {
            id =
                    Json.read(
                                    post(first, "/payments/intents", "k1", Shop.order("A-1", 1250))
                                            .body())
                            .path("payment_id")
                            .asString("");
            String payment = id;
            stripe.with(world -> {
                world.pay((String) world.intentOf(payment).get("id"), "4242424242424242");
                return true;
            });
            try {
                deliver(first);
            } catch (IOException killed) {
                // perhaps before the last of them was answered
            }
            assertThat(first.process().awaitExit()).isEqualTo(137);
        }
        try (HearthProcess second = plan().start()) {
            deliver(second);
            Await.until(
                    "it is paid",
                    () ->
                            get(second, "/payments/" + id)
                                    .path("status")
                                    .asString("")
                                    .equals("paid"));
            String csv = plan().run("payments", "journal", "--csv").output();
            assertThat(csv).containsOnlyOnce(",revenue,EUR,-12.50");
            assertThat(csv.lines().filter(line -> line.contains(",receivable_stripe,"))).hasSize(2);
        }
    }

    @Test
    void nothing_secret_is_printed_on_the_way_from_order_to_refund() throws Exception {
        try (HearthProcess hearth = plan().environment("HEARTH_LOG_LEVEL", "debug").start()) {
            stripe.next(Fault.NONE, Fault.ERROR_AFTER);
            JsonNode made =
                    Json.read(
                            post(hearth, "/payments/intents", "k1", Shop.order("A-1", 1250))
                                    .body());
            String id = made.path("payment_id").asString("");
            String intent = stripe.with(objects -> (String) objects.intentOf(id).get("id"));
            stripe.with(objects -> {
                objects.pay(intent, "4242424242424242");
                return true;
            });
            deliver(hearth);
            Await.until(
                    "it is paid",
                    () ->
                            get(hearth, "/payments/" + id)
                                    .path("status")
                                    .asString("")
                                    .equals("paid"));
            assertThat(post(hearth, "/payments/" + id + "/refunds", "r1", "{}").statusCode())
                    .isEqualTo(202);
            Await.until(
                    "it is refunded",
                    () ->
                            get(hearth, "/payments/" + id)
                                    .path("status")
                                    .asString("")
                                    .equals("refunded"));

            assertThat(made.path("client_secret").asString("")).contains("planted");
            assertThat(hearth.output())
                    .doesNotContain(
                            "planted", StripeStandIn.KEY, HearthProcess.SECRET, "4242424242424242");
            assertThat(hearth.stop()).isZero();
        }
    }
}
