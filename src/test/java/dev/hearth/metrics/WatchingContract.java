package dev.hearth.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.AddressRange;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.http.Responses;
import dev.hearth.payment.Cashier;
import dev.hearth.payment.Currency;
import dev.hearth.payment.Money;
import dev.hearth.payment.OrderPrices;
import dev.hearth.payment.PaymentSettings;
import dev.hearth.payment.PaymentState;
import dev.hearth.payment.Payments;
import dev.hearth.payment.Sale;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.StripeStandIn;
import dev.hearth.webhook.EventHandlers;
import dev.hearth.webhook.EventHead;
import dev.hearth.webhook.Inbox;
import dev.hearth.webhook.Schemes;
import dev.hearth.webhook.Secret;
import dev.hearth.webhook.Source;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Readiness and metrics on one kind of database.
abstract class WatchingContract {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Source READY =
            new Source("stripe", Schemes.of("stripe", Map.of()), List.of(Secret.of("whsec_x")));

    private Database database;
    private Inbox inbox;
    private final Traffic traffic = new Traffic();
    private Instant now = NOW;
    private final InstantSource clock = () -> now;

    abstract DatabaseLocation location();

    @BeforeEach
    void open() {
        database = Database.open(location());
        inbox = Inbox.open(database, List.of(READY), new EventHandlers(), clock);
    }

    @AfterEach
    void close() {
        inbox.close();
        database.close();
    }

    private Readiness readiness(Source... sources) {
        return new Readiness(
                database, List.of(sources), Optional.empty(), Duration.ofMinutes(5), clock);
    }

    private static Response ask(Readiness readiness) throws Exception {
        return readiness.ready().handle(Requests.get("/readyz"));
    }

    private void store(String id, String object) throws SQLException {
        inbox.bring(
                "stripe",
                new EventHead(
                        id,
                        "t",
                        Optional.of("o"),
                        Optional.of(object),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(now)),
                "{}".getBytes(UTF_8));
    }

    @Test
    void is_ready_where_all_is_in_order() throws Exception {
        assertThat(ask(readiness(READY)).status()).isEqualTo(200);
        assertThat(readiness(READY).checks())
                .extracting(Readiness.Check::name)
                .containsExactly("database", "migrations", "oldest-event", "webhook.stripe");
    }

    @Test
    void says_that_stripe_refuses_the_key_until_it_takes_it_again() throws Exception {
        Instant[] paymentTime = {NOW};
        try (StripeStandIn stripe = StripeStandIn.start(() -> paymentTime[0])) {
            Payments payments =
                    Payments.open(
                            database,
                            PaymentSettings.of(StripeStandIn.KEY, Map.of("shop", "caller-key"))
                                    .withApiBase(stripe.base()),
                            OrderPrices.asAsked(),
                            () -> paymentTime[0]);
            Cashier cashier = payments.cashier("shop");
            Readiness readiness =
                    new Readiness(
                            database,
                            List.of(READY),
                            Optional.of(payments),
                            Duration.ofMinutes(5),
                            clock);
            assertThat(ask(readiness).status()).isEqualTo(200);

            stripe.next(StripeStandIn.Fault.UNAUTHORIZED);
            assertThat(cashier.intent(sale("A-1")).state()).isEqualTo(new PaymentState.Unknown());

            Response response = ask(readiness);
            assertThat(response.status()).isEqualTo(503);
            assertThat(Responses.text(response))
                    .contains("\"failing\":[{\"name\":\"stripe\",\"ok\":false")
                    .contains("Stripe refuses stripe.api_key")
                    .doesNotContain(StripeStandIn.KEY);

            paymentTime[0] = NOW.plus(Duration.ofMinutes(2));
            cashier.intent(sale("A-2"));
            assertThat(ask(readiness).status()).isEqualTo(200);
        }
    }

    private static Sale sale(String order) {
        return Sale.of(order, Money.of(1250, Currency.of("eur")));
    }

    @Test
    void a_source_without_secret_is_named() throws Exception {
        Source bare = new Source("shop", Schemes.of("stripe", Map.of()), List.of());

        Response response = ask(readiness(READY, bare));

        assertThat(response.status()).isEqualTo(503);
        assertThat(Responses.text(response))
                .contains("\"failing\":[{\"name\":\"webhook.shop\",\"ok\":false")
                .contains("has no secret")
                .doesNotContain("webhook.stripe");
    }

    @Test
    void a_secret_that_came_later_makes_it_ready() throws Exception {
        Source bare = new Source("stripe", Schemes.of("stripe", Map.of()), List.of());
        Readiness readiness = readiness(bare);
        assertThat(ask(readiness).status()).isEqualTo(503);

        readiness.reload(List.of(READY));

        assertThat(ask(readiness).status()).isEqualTo(200);
    }

    @Test
    void an_event_that_waits_too_long_for_a_worker_is_a_reason_and_one_that_waits_less_is_not()
            throws Exception {
        store("evt_1", "o_1");
        now = NOW.plus(Duration.ofMinutes(5)).minusMillis(1);
        assertThat(ask(readiness(READY)).status()).isEqualTo(200);

        now = NOW.plus(Duration.ofMinutes(5));
        Response response = ask(readiness(READY));
        assertThat(response.status()).isEqualTo(503);
        assertThat(Responses.text(response)).contains("oldest-event");
    }

    @Test
    void an_event_behind_an_earlier_one_of_its_object_waits_rightly() throws Exception {
        store("evt_1", "o_1");
        store("evt_2", "o_1");
        database.write(tx ->
                tx.update(
                        "UPDATE webhook_inbox SET state = 'retry', next_at = ? WHERE external_id ="
                                + " 'evt_1'",
                        NOW.plus(Duration.ofDays(1))));
        now = NOW.plus(Duration.ofHours(1));

        assertThat(ask(readiness(READY)).status()).isEqualTo(200);
    }

    @Test
    void a_schema_of_another_version_is_a_reason() throws Exception {
        database.write(tx ->
                tx.update(
                        "UPDATE flyway_schema_history SET version = '9999' WHERE version ="
                                + " (SELECT MAX(version) FROM flyway_schema_history)"));

        Response response = ask(readiness(READY));

        assertThat(response.status()).isEqualTo(503);
        assertThat(Responses.text(response)).contains("\"name\":\"migrations\"");
    }

    @Test
    void a_lost_database_is_a_reason() throws Exception {
        database.write(tx -> tx.update("ALTER TABLE webhook_inbox RENAME TO gone"));

        Response response = ask(readiness(READY));

        assertThat(response.status()).isEqualTo(503);
        assertThat(Responses.text(response)).contains("the inbox cannot be read");
    }

    private MetricsPage page(Optional<String> token, String... allowed) {
        Vitals vitals = new Vitals(traffic, database, inbox.counters(), clock);
        return new MetricsPage(
                vitals,
                new Pulse(vitals),
                Arrays.stream(allowed).map(AddressRange::parse).toList(),
                token);
    }

    @Test
    void prometheus_reads_what_was_counted() throws Exception {
        traffic.record("GET", "/hello", 200, 2_000_000);
        store("evt_1", "o_1");
        now = NOW.plusSeconds(7);
        try (MetricsPage page = page(Optional.empty(), "192.0.2.1")) {

            String text = Responses.text(page.handle(Requests.get("/metrics")));

            assertThat(text.lines())
                    .contains(
                            "hearth_requests_total{method=\"GET\",route=\"/hello\",status=\"200\"}"
                                    + " 1.0",
                            "hearth_request_seconds_bucket{method=\"GET\",route=\"/hello\",le=\"0.001\"}"
                                    + " 0",
                            "hearth_request_seconds_bucket{method=\"GET\",route=\"/hello\",le=\"0.0025\"}"
                                    + " 1",
                            "hearth_request_seconds_count{method=\"GET\",route=\"/hello\"} 1",
                            "hearth_inbox_committed_total 1.0",
                            "hearth_inbox_commit_events_bucket{le=\"1.0\"} 1",
                            "hearth_inbox_commit_events_bucket{le=\"+Inf\"} 1",
                            "hearth_inbox_waiting 1.0",
                            "hearth_inbox_oldest_seconds 7.0",
                            "hearth_database_up 1.0")
                    .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                    .anyMatch(line -> line.startsWith("hearth_pool_most{pool="));
        }
    }

    @Test
    void who_is_not_allowed_does_not_learn_that_there_are_metrics() throws Exception {
        try (MetricsPage page = page(Optional.of("let-me"), "10.0.0.0/8")) {
            refused(page, Requests.of("GET", "/metrics"));
            refused(page, Requests.of("GET", "/metrics").with("Authorization", "Bearer let-mf"));
            refused(
                    page,
                    Requests.of("GET", "/metrics")
                            .from("10.1.2.3")
                            .with("X-Forwarded-For", "1.2.3.4"));

            assertThat(
                            page.handle(Requests.of("GET", "/metrics").from("10.1.2.3").request())
                                    .status())
                    .isEqualTo(200);
            assertThat(
                            page.handle(
                                            Requests.of("GET", "/metrics")
                                                    .with("Authorization", "Bearer let-me")
                                                    .request())
                                    .status())
                    .isEqualTo(200);
        }
        try (MetricsPage page = page(Optional.empty())) {
            refused(page, Requests.of("GET", "/metrics").with("Authorization", "Bearer "));
        }
    }

    private static void refused(MetricsPage page, Requests request) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> page.handle(request.request()))
                .matches(refusal -> refusal.problem().status() == 404);
    }

    @Test
    void programs_get_the_newest_moment_as_json() throws Exception {
        traffic.record("GET", "/hello", 500, 2_000_000);
        try (MetricsPage page = page(Optional.empty(), "192.0.2.1")) {
            String json =
                    Responses.text(
                            page.handle(
                                    Requests.of("GET", "/metrics")
                                            .with("Accept", "application/json")
                                            .request()));

            assertThat(json)
                    .contains("\"databaseUp\":true", "\"pools\":[{\"name\":", "\"waiting\":0");
        }
    }
}
