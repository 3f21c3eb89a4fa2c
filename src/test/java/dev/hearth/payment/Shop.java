package dev.hearth.payment;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.http.Body;
import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Headers;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.storage.TestClock;
import dev.hearth.testing.Await;
import dev.hearth.testing.StripeStandIn;
import dev.hearth.testing.StripeWebhook;
import dev.hearth.webhook.EventHandlers;
import dev.hearth.webhook.Inbox;
import dev.hearth.webhook.InboxWorker;
import dev.hearth.webhook.Secret;
import dev.hearth.webhook.Source;
import dev.hearth.webhook.StripeScheme;
import dev.hearth.webhook.WorkerSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A shop with payments, its inbox and a stand-in of Stripe, all of this process.
final class Shop implements AutoCloseable {
    static final String CALLER_KEY = "planted-caller-key";
    private static final String WEBHOOK_SECRET = "whsec_planted";

    final TestClock clock = new TestClock(Instant.parse("2026-11-21T10:00:00Z"));
    final StripeStandIn stripe = StripeStandIn.start(clock);
    final Database database;
    final Payments payments;
    final PaymentRecords records;
    final PaymentDesk desk;
    final Cashier cashier;
    final Inbox inbox;
    private final InboxWorker worker;
    private final Handler routes;
    private final Handler webhooks;

    Shop(DatabaseLocation location) {
        this(location, OrderPrices.asAsked());
    }

    Shop(DatabaseLocation location, OrderPrices prices) {
        database = Database.open(location);
        PaymentSettings settings =
                PaymentSettings.of(
                                StripeStandIn.KEY,
                                Map.of("shop", CALLER_KEY, "other", CALLER_KEY + "-of-another"))
                        .withApiBase(stripe.base())
                        .withLimits(64, Duration.ofSeconds(5));
        payments = Payments.open(database, settings, prices, clock);
        records = payments.records();
        desk = payments.desk();
        cashier = payments.cashier("shop");
        EventHandlers handlers = new EventHandlers();
        payments.listenTo(handlers);
        inbox =
                Inbox.open(
                        database,
                        List.of(
                                new Source(
                                        "stripe",
                                        new StripeScheme(),
                                        List.of(Secret.of(WEBHOOK_SECRET)))),
                        handlers,
                        clock);
        worker =
                inbox.startWorker(
                        WorkerSettings.DEFAULT.withTimes(
                                Duration.ofSeconds(20),
                                Duration.ofMinutes(1),
                                Duration.ofMillis(10)));
        routes = payments.routes().build();
        webhooks = new dev.hearth.web.Router().post("/webhooks/{source}", inbox.handler()).build();
    }

    /// A response read.
    record Got(int status, JsonNode json, Headers headers) {
        String text(String member) {
            return json.path(member).asString("");
        }

        long number(String member) {
            return json.path(member).asLong(-1);
        }
    }

    Got post(String path, String key, String body) throws Exception {
        Requests request =
                Requests.of("POST", path)
                        .with("Authorization", "Bearer " + CALLER_KEY)
                        .with("Content-Type", "application/json")
                        .body(body.getBytes(UTF_8));
        return send(key.isEmpty() ? request : request.with("Idempotency-Key", key));
    }

    Got get(String path) throws Exception {
        return send(Requests.of("GET", path).with("Authorization", "Bearer " + CALLER_KEY));
    }

    Got send(Requests request) throws Exception {
        Response response = Errors.answer(routes, request.request());
        response.afterwards().forEach(Runnable::run);
        String text =
                response.body() instanceof Body.Bytes(byte[] content)
                        ? new String(content, UTF_8)
                        : "{}";
        return new Got(response.status(), Json.read(text), response.headers());
    }

    /// A payment of 1250 cents that waits for its buyer.
    String intent(String order) throws Exception {
        return post("/payments/intents", "key-" + order, order(order, 1250)).text("payment_id");
    }

    /// A payment that is paid, and known to be.
    String paid(String order) throws Exception {
        String id = intent(order);
        buyerPays(id, "4242424242424242");
        deliverAll();
        return id;
    }

    static String order(String order, long amount) {
        return "{\"order_ref\":\"%s\",\"amount\":%d,\"currency\":\"eur\"}".formatted(order, amount);
    }

    String intentId(String paymentId) {
        return stripe.with(objects -> (String) objects.intentOf(paymentId).get("id"));
    }

    void buyerPays(String paymentId, String card) {
        String intent = intentId(paymentId);
        stripe.with(objects -> {
            objects.pay(intent, card);
            return true;
        });
    }

    /// Delivers every event there is, and waits until all are handled.
    void deliverAll() throws Exception {
        deliver(stripe.with(objects -> objects.events()));
    }

    void deliver(List<String> events) throws Exception {
        for (String event : events) {
            byte[] body = event.getBytes(UTF_8);
            Response response =
                    webhooks.handle(
                            Requests.of("POST", "/webhooks/stripe")
                                    .with(
                                            "Stripe-Signature",
                                            StripeWebhook.signature(
                                                    WEBHOOK_SECRET, body, clock.instant()))
                                    .body(body)
                                    .request());
            if (response.status() != 200) {
                throw new AssertionError("webhook refused with " + response.status());
            }
        }
        Await.until(
                "every event is handled",
                () -> inboxStates().stream().allMatch(Set.of("done", "ignored", "dead")::contains));
    }

    List<String> inboxStates() throws Exception {
        return database.read(tx ->
                tx.query("SELECT state FROM webhook_inbox ORDER BY id", row -> row.text("state")));
    }

    List<Refund> refunds(String paymentId) throws Exception {
        return records.find(paymentId).orElseThrow().refunds();
    }

    String show(String paymentId) throws Exception {
        return get("/payments/" + paymentId).text("status");
    }

    /// Lets time pass and finishes what is due, until nothing is left to finish.
    void recoverAll() throws Exception {
        for (int round = 0; round < 60; round++) {
            clock.advance(Duration.ofSeconds(45));
            payments.recover();
            long open =
                    database.read(tx ->
                                    tx.first(
                                            "SELECT COUNT(*) AS n FROM api_call WHERE state NOT IN"
                                                    + " ('ok', 'rejected')",
                                            row -> row.number("n")))
                            .orElseThrow();
            if (open == 0) {
                return;
            }
        }
        throw new AssertionError("calls without outcome are left");
    }

    @Override
    public void close() {
        worker.close();
        inbox.close();
        database.close();
        stripe.close();
    }
}
