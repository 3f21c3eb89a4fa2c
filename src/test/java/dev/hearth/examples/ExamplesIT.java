package dev.hearth.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.examples.Example.Way;
import dev.hearth.fastcgi.wire.Role;
import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.StripeStandIn;
import dev.hearth.testing.StripeWebhook;
import dev.hearth.web.json.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class ExamplesIT {
    @TempDir Path folder;

    private Example start(Way way, String name) throws Exception {
        return Example.start(way, name, folder, Map.of());
    }

    private static JsonNode json(Reply reply) {
        return Json.mapper().readTree(reply.body());
    }

    @ParameterizedTest
    @EnumSource
    void hello_greets_and_shows_its_variables(Way way) throws Exception {
        try (Example hello = start(way, "Hello")) {
            assertThat(hello.get("/hello/wide%20world").body()).isEqualTo("Hello, wide world!\n");
            String variables = hello.get("/variables?a=b").body();
            if (way == Way.HTTP) {
                assertThat(variables).isEmpty();
            } else {
                assertThat(variables)
                        .contains("REQUEST_METHOD=GET\n", "QUERY_STRING=a=b\n")
                        .contains("REMOTE_ADDR=192.0.2.7\n");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void users_are_checked_stored_and_given_back(Way way) throws Exception {
        try (Example users = start(way, "Users")) {
            Reply added = users.post("/users", "{\"name\":\"Ada\",\"email\":\"ada@example.org\"}");
            assertThat(added.status()).as(added.body()).isEqualTo(201);
            JsonNode user = json(added);
            assertThat(user.path("name").asString()).isEqualTo("Ada");
            assertThat(json(users.get("/users/" + user.path("id").asString()))).isEqualTo(user);

            Reply again = users.post("/users", "{\"name\":\"Eve\",\"email\":\"ada@example.org\"}");
            assertThat(again.status()).isEqualTo(409);
            Reply wrong = users.post("/users", "{\"name\":\" \",\"email\":\"ada\"}");
            assertThat(wrong.status()).isEqualTo(422);
            assertThat(wrong.body()).contains("\"/name\"", "\"/email\"");
            assertThat(users.get("/users/nobody").status()).isEqualTo(404);
            assertThat(json(users.get("/users"))).hasSize(1);
            assertThat(users.get("/openapi.json").body()).contains("\"/users/{id}\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    void events_come_as_a_stream_that_ends(Way way) throws Exception {
        try (Example events = start(way, "Events")) {
            Reply countdown = events.get("/countdown?from=2&pause=1");
            assertThat(countdown.headers().get("Content-Type")).startsWith("text/event-stream");
            assertThat(countdown.body())
                    .isEqualTo(
                            """
                            event: tick
                            id: 2
                            data: 2 …

                            event: tick
                            id: 1
                            data: 1 …

                            event: end
                            id: 0
                            data: lift-off

                            """);
            assertThat(events.get("/").body()).contains("EventSource");
            assertThat(events.get("/countdown?from=x").status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_authorizer_knows_its_tokens(Way way) throws Exception {
        Map<String, String> variables = Map.of("TOKENS", "ada:first-secret bob:second-secret");
        try (Example authorizer = Example.start(way, "Authorizer", folder, variables)) {
            Map<String, String> bob = Map.of("Authorization", "Bearer second-secret");
            assertThat(authorizer.send("GET", "/whoami", bob, "").body()).isEqualTo("bob\n");
            assertThat(authorizer.get("/whoami").status()).isEqualTo(403);
        }
    }

    @Test
    void a_web_server_that_asks_the_authorizer_learns_who_it_is() throws Exception {
        Map<String, String> variables = Map.of("TOKENS", "ada:first-secret");
        try (Example.ByFastCgi authorizer =
                (Example.ByFastCgi) Example.start(Way.FASTCGI, "Authorizer", folder, variables)) {
            Map<String, String> ada = Map.of("Authorization", "Bearer first-secret");
            Reply passed =
                    authorizer.ask(
                            Role.AUTHORIZER,
                            Example.variables("GET", "/private/plan.txt", ada, new byte[0]),
                            new byte[0]);
            assertThat(passed.status()).isEqualTo(200);
            assertThat(passed.headers()).containsEntry("Variable-REMOTE_USER", "ada");
            Reply refused =
                    authorizer.ask(
                            Role.AUTHORIZER,
                            Example.variables("GET", "/private/plan.txt", Map.of(), new byte[0]),
                            new byte[0]);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo("not with this token\n");
        }
    }

    private static void deliver(StripeStandIn stripe, Example bakery) throws Exception {
        List<String> events = stripe.with(objects -> objects.events());
        assertThat(events).isNotEmpty();
        for (String event : events) {
            String signature =
                    StripeWebhook.signature(
                            HearthProcess.SECRET, event.getBytes(UTF_8), Instant.now());
            Reply stored =
                    bakery.send(
                            "POST",
                            "/webhooks/stripe",
                            Map.of("Stripe-Signature", signature),
                            event);
            assertThat(stored.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_cake_is_ordered_paid_and_baked(Way way) throws Exception {
        try (StripeStandIn stripe = StripeStandIn.start(InstantSource.system());
                Example bakery =
                        Example.start(
                                way,
                                "Bakery",
                                folder,
                                Map.of(
                                        "HEARTH_STRIPE_API_KEY", StripeStandIn.KEY,
                                        "HEARTH_STRIPE_API_BASE", stripe.base(),
                                        "HEARTH_WEBHOOK_STRIPE_SECRET", HearthProcess.SECRET))) {
            assertThat(bakery.get("/cakes").body()).contains("Sachertorte");
            Reply placed =
                    bakery.post(
                            "/orders",
                            "{\"email\":\"ada@example.org\",\"lines\":[{\"cake\":\"sacher\",\"quantity\":2}]}");
            assertThat(placed.status()).as(placed.body()).isEqualTo(201);
            assertThat(json(placed).path("cents").asLong()).isEqualTo(7800);
            assertThat(json(placed).path("pay").asString()).startsWith("https://");
            String order = "/orders/" + json(placed).path("id").asString();
            assertThat(json(bakery.get(order)).path("state").asString()).isEqualTo("waiting");

            stripe.with(objects -> {
                String session =
                        String.valueOf(objects.all("checkout.session").getFirst().get("id"));
                objects.payCheckout(session, "4242424242424242");
                return session;
            });
            deliver(stripe, bakery);
            Await.until(
                    "it is baked",
                    () -> json(bakery.get(order)).path("state").asString().equals("baking"));
        }
    }

    @Test
    void the_bakery_refuses_what_it_cannot_bake() throws Exception {
        try (Example bakery = start(Way.HTTP, "Bakery")) {
            Reply unknown =
                    bakery.post(
                            "/orders",
                            "{\"email\":\"ada@example.org\",\"lines\":[{\"cake\":\"mud\",\"quantity\":1}]}");
            assertThat(unknown.status()).isEqualTo(422);
            assertThat(unknown.body()).contains("We do not bake");
            Reply wrong =
                    bakery.post(
                            "/orders",
                            "{\"email\":\"ada\",\"lines\":[{\"cake\":\"sacher\",\"quantity\":0}]}");
            assertThat(wrong.status()).isEqualTo(422);
            assertThat(wrong.body()).contains("\"/email\"", "\"/lines/0/quantity\"");
            assertThat(bakery.post("/orders", "{\"email\":").status()).isEqualTo(400);
        }
    }
}
