package dev.hearth.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.Await;
import dev.hearth.testing.Browser;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.NginxServer;
import dev.hearth.testing.StripeStandIn;
import dev.hearth.testing.StripeWebhook;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The site as a person meets it: Chromium, nginx with `deploy/nginx`, FastCGI, a process of its own, a Stripe that is
/// not Stripe.
abstract class OperatorBrowserFixture {
    static final String PASSWORD = "correct horse battery";
    static final String CALLER_KEY = "planted-caller-key";
    static final JsonMapper JSON = new JsonMapper();

    @TempDir Path folder;
    final StripeStandIn stripe = StripeStandIn.start(InstantSource.system());
    final HttpClient http = HttpClient.newHttpClient();
    HearthProcess hearth;
    NginxServer nginx;
    Database database;
    Browser browser;

    @BeforeEach
    void start() throws Exception {
        hearth =
                HearthProcess.in(folder)
                        .options("--http", "off")
                        .environment("HEARTH_STRIPE_API_KEY", StripeStandIn.KEY)
                        .environment("HEARTH_STRIPE_API_BASE", stripe.base())
                        .environment("HEARTH_PAYMENTS_API_KEY", CALLER_KEY)
                        .start();
        nginx = NginxServer.inFrontOf(hearth.socket(), folder);
        database =
                Database.open(new DatabaseLocation.SqliteFile(hearth.data().resolve("hearth.db")));
        Operators operators = new Operators(database);
        operators.add("anna", Role.OPERATOR, PASSWORD, Instant.now());
        operators.add("viktor", Role.VIEWER, PASSWORD, Instant.now());
        browser = Browser.open();
    }

    @AfterEach
    void stop() {
        if (browser != null) {
            browser.close();
        }
        database.close();
        nginx.close();
        hearth.close();
        http.close();
        stripe.close();
    }

    URI page(String path) {
        return nginx.uri("/operator" + path);
    }

    void signIn(String name) {
        browser.go(page("")).type("name", name).type("password", PASSWORD).click("button.main");
        Await.until("signed in", () -> browser.text().contains("Overview"));
    }

    void receive(byte[] event) throws Exception {
        HttpResponse<String> answer =
                http.send(
                        StripeWebhook.request(nginx.uri("/webhooks/stripe"), event),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /// A paid payment, and its id.
    String pay(String order) throws Exception {
        HttpResponse<String> made =
                http.send(
                        HttpRequest.newBuilder(nginx.uri("/payments/intents"))
                                .header("Authorization", "Bearer " + CALLER_KEY)
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", order)
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"order_ref\":\"%s\",\"amount\":1250,\"currency\":\"eur\"}"
                                                        .formatted(order)))
                                .build(),
                        BodyHandlers.ofString());
        String id = JSON.readTree(made.body()).path("payment_id").asString();
        String intent = stripe.with(objects -> (String) objects.intentOf(id).get("id"));
        stripe.with(objects -> {
            objects.pay(intent, "4242424242424242");
            return true;
        });
        for (String event : stripe.with(objects -> objects.events())) {
            receive(event.getBytes(UTF_8));
        }
        Await.until("it is paid", () -> "paid".equals(state(id)));
        return id;
    }

    String state(String payment) throws Exception {
        return database.read(tx ->
                        tx.first(
                                "SELECT state FROM payment WHERE id = ?",
                                row -> row.text("state"),
                                payment))
                .orElseThrow();
    }

    /// Every page, with whatever stands on it.
    static final Map<String, String> PAGES =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("overview", ""),
                            Map.entry("events", "/events"),
                            Map.entry("events-wrong", "/events?since=yesterday&state=nonsense"),
                            Map.entry("events-empty", "/events?type=nothing.like.this"),
                            Map.entry("dead", "/dead"),
                            Map.entry("payments", "/payments"),
                            Map.entry("outgoing", "/outgoing"),
                            Map.entry("jobs", "/jobs"),
                            Map.entry("routes", "/routes"),
                            Map.entry("configuration", "/configuration"),
                            Map.entry("health", "/health"),
                            Map.entry("audit", "/audit"),
                            Map.entry("nothing", "/nothing-here")));

    String idOf(String query) throws Exception {
        return database.read(tx -> tx.first(query, row -> row.text("id"))).orElse("");
    }
}
