package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hearth.http.Headers;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.storage.Dialect;
import dev.hearth.storage.TestClock;
import dev.hearth.testing.Await;
import dev.hearth.testing.LogOf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Webhooks that we send, on whichever database.
abstract class OutboxContract {
    private static final Secret SECRET = Secret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final Secret OLD = Secret.of("whsec_bXkgb2xkIHNlY3JldCBvZiBsYXN0IHllYXI=");

    /// What a receiver got.
    private record Delivery(Headers headers, byte[] body) {}

    @TempDir Path folder;
    private final TestClock clock = new TestClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private volatile int answer = 200;
    private HttpServer receiver;
    private Database database;

    /// A new, empty database.
    abstract DatabaseLocation location();

    @BeforeEach
    final void open() throws IOException {
        database = Database.open(location());
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", this::receive);
        receiver.start();
    }

    @AfterEach
    final void close() {
        receiver.stop(0);
        database.close();
    }

    private void receive(HttpExchange exchange) throws IOException {
        Headers headers = Headers.EMPTY;
        for (var header : exchange.getRequestHeaders().entrySet()) {
            headers = headers.with(header.getKey(), header.getValue().getFirst());
        }
        deliveries.add(new Delivery(headers, exchange.getRequestBody().readAllBytes()));
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    private Endpoint endpoint(Secret... secrets) {
        URI url =
                URI.create(
                        "http://127.0.0.1:%d/hook?a=b".formatted(receiver.getAddress().getPort()));
        return new Endpoint("partner", url, List.of(secrets), true);
    }

    private Outbox outbox(Endpoint endpoint) {
        return Outbox.open(database, List.of(endpoint), clock);
    }

    private String send(Outbox outbox) throws SQLException {
        return database.write(tx -> outbox.notify(tx, "partner", "order.paid", "{\"id\":\"A-1\"}"));
    }

    private static String state(Outbox outbox, String id) throws SQLException {
        return outbox.records().find(id).orElseThrow().state();
    }

    @Test
    void a_message_arrives_signed_as_standard_webhooks_has_it() throws Exception {
        Outbox outbox = outbox(endpoint(SECRET));
        try (var _ = outbox.startSender()) {
            String id = send(outbox);
            Await.until("it is delivered", () -> state(outbox, id).equals("delivered"));

            Delivery delivery = deliveries.getFirst();
            assertThat(delivery.headers.first("webhook-id")).contains(id);
            assertThat(
                            new StandardScheme()
                                    .verifier(List.of(SECRET))
                                    .verify(delivery.headers, delivery.body, clock.instant()))
                    .isEqualTo(Verification.GENUINE);
            assertThat(new String(delivery.body, java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo(
                            "{\"type\":\"order.paid\",\"timestamp\":\"2026-11-21T10:00:00Z\",\"data\":{\"id\":\"A-1\"}}");
        }
    }

    @Test
    void what_was_going_on_where_a_message_was_written_is_told_to_another_process()
            throws Exception {
        Outbox written = outbox(endpoint(SECRET));
        List<String> told = new CopyOnWriteArrayList<>();
        written.watch(new Watching("00-trace-span-01", told));
        String first = send(written);
        Outbox afterRestart = outbox(endpoint(SECRET));
        afterRestart.watch(new Watching("", told));
        String second = send(afterRestart);
        try (var _ = afterRestart.startSender()) {
            Await.until("both arrive", () -> deliveries.size() == 2);
        }
        assertThat(told).containsExactlyInAnyOrder(first + " 00-trace-span-01", second + " ");
    }

    private record Watching(String origin, List<String> told) implements DeliveryWatch {
        @Override
        public Consumer<String> begin(Attempt attempt) {
            told.add(attempt.id() + " " + attempt.origin());
            return _ -> {};
        }
    }

    private boolean isSignedWith(Secret secret, Delivery delivery) {
        return new StandardScheme()
                        .verifier(List.of(secret))
                        .verify(delivery.headers, delivery.body, clock.instant())
                instanceof Verification.Genuine;
    }

    @Test
    void another_secret_counts_without_a_restart_and_another_endpoint_does_not() throws Exception {
        Outbox outbox = outbox(endpoint(OLD));
        try (var _ = outbox.startSender()) {
            send(outbox);
            Await.until("the first arrives", () -> deliveries.size() == 1);
            Endpoint changed = endpoint(SECRET);
            outbox.reload(
                    List.of(
                            changed,
                            new Endpoint("another", changed.url(), changed.secrets(), true)));
            send(outbox);
            Await.until("the second arrives", () -> deliveries.size() == 2);
        }

        assertThat(isSignedWith(OLD, deliveries.getFirst())).isTrue();
        assertThat(isSignedWith(OLD, deliveries.getLast())).isFalse();
        assertThat(isSignedWith(SECRET, deliveries.getLast())).isTrue();
        assertThat(outbox.hasEndpoint("another")).isFalse();
    }

    @Test
    void while_a_secret_is_replaced_both_sign() throws Exception {
        Secret ending = Secret.until(clock.instant().plusSeconds(60), OLD.text());
        Outbox outbox = outbox(endpoint(SECRET, ending));
        try (var _ = outbox.startSender()) {
            send(outbox);
            Await.until("the first arrives", () -> deliveries.size() == 1);
            clock.advance(Duration.ofSeconds(60));
            send(outbox);
            Await.until("the second arrives", () -> deliveries.size() == 2);
        }

        Verifier old = new StandardScheme().verifier(List.of(OLD));
        assertThat(
                        old.verify(
                                deliveries.getFirst().headers,
                                deliveries.getFirst().body,
                                clock.instant()))
                .isEqualTo(Verification.GENUINE);
        assertThat(
                        old.verify(
                                deliveries.getLast().headers,
                                deliveries.getLast().body,
                                clock.instant()))
                .isNotEqualTo(Verification.GENUINE);
    }

    @Test
    void what_the_database_never_takes_is_not_tried_for_ever() throws Exception {
        Outbox outbox = outbox(endpoint(SECRET));
        database.write(tx -> tx.update("ALTER TABLE outgoing_attempt RENAME TO elsewhere"));
        try (LogOf log = LogOf.of(OutboxSender.class);
                var _ = outbox.startSender()) {
            String id = send(outbox);
            String line = "ERROR attempt 1 of %s could not be written down".formatted(id);
            Await.until("it is told", () -> log.lines().contains(line));
            assertThat(log.lines()).noneMatch(each -> each.startsWith("WARN"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "1,\"type\":\"another\"", "1}", "1 2", "nope"})
    void what_is_not_one_json_value_is_refused(String data) throws Exception {
        Outbox outbox = outbox(endpoint(SECRET));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        database.write(tx -> outbox.notify(tx, "partner", "order.paid", data)));
        assertThat(outbox.records().list(OutboxFilter.ALL)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", " [1, 2] ", "\"é\"", "-1.5e3"})
    void any_json_value_is_sent(String data) throws Exception {
        Outbox outbox = outbox(endpoint(SECRET));
        database.write(tx -> outbox.notify(tx, "partner", "order.paid", data));
        assertThat(outbox.records().list(OutboxFilter.ALL)).hasSize(1);
    }

    @Test
    void what_waits_for_one_endpoint_is_not_read_for_another() throws Exception {
        database.write(tx ->
                tx.update(
                        """
                        INSERT INTO outgoing_webhook
                               (id, endpoint, event_type, body, created_at, state, next_at)
                        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
                        SELECT CAST(i AS TEXT), 'gone', 'a', ?, i, 'waiting', i FROM n
                        """,
                        new byte[] {'{', '}'}));
        database.write(tx -> tx.update("ANALYZE outgoing_webhook"));
        boolean sqlite = database.dialect() == Dialect.SQLITE;
        List<String> plan =
                database.<List<String>, SQLException>read(tx ->
                        tx.query(
                                (sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ")
                                        + OutboxQueue.SELECT_DUE,
                                row -> row.text(sqlite ? "detail" : "QUERY PLAN"),
                                clock.instant(),
                                "partner",
                                4));
        assertThat(plan).anyMatch(line -> line.contains("outgoing_webhook_turn"));
    }

    private void insert(String id, String endpoint, String state, Instant nextAt)
            throws SQLException {
        database.write(tx ->
                tx.update(
                        """
                        INSERT INTO outgoing_webhook
                               (id, endpoint, event_type, body, created_at, state, next_at, lease_owner)
                        VALUES (?, ?, 'a', ?, ?, ?, ?, 'somebody')
                        """,
                        id,
                        endpoint,
                        new byte[] {'{', '}'},
                        clock.instant(),
                        state,
                        Optional.ofNullable(nextAt)));
    }

    @Test
    void what_waits_for_nobody_is_told_and_can_be_given_up() throws Exception {
        Instant now = clock.instant();
        insert("waits", "gone", "waiting", now.plusSeconds(60));
        insert("lost", "gone", "sending", now);
        insert("in-hand", "gone", "sending", now.plusMillis(1));
        insert("over", "gone", "delivered", null);
        insert("ours", "partner", "waiting", now);
        Outbox outbox = outbox(endpoint(SECRET));
        OutboxRecords records = outbox.records();
        assertThat(outbox.stranded()).containsOnly(Map.entry("gone", 3L));

        assertThat(records.giveUpAll("gone")).isEqualTo(2);

        assertThat(outbox.stranded()).containsOnly(Map.entry("gone", 1L));
        assertThat(state(outbox, "waits")).isEqualTo("dead");
        assertThat(state(outbox, "lost")).isEqualTo("dead");
        assertThat(state(outbox, "in-hand")).isEqualTo("sending");
        assertThat(state(outbox, "over")).isEqualTo("delivered");
        assertThat(state(outbox, "ours")).isEqualTo("waiting");
        assertThat(outbox.isAnyWaiting()).isTrue();
        assertThat(records.find("waits").orElseThrow().lastError()).contains("given up by hand");
        assertThat(records.giveUp("ours")).isTrue();
        assertThat(outbox.isAnyWaiting()).isFalse(); // what is in hand is nobody's
        assertThat(records.giveUp("ours")).isFalse();
        assertThat(records.giveUp("in-hand")).isFalse();
        assertThat(records.retry("waits")).isTrue();
    }

    @Test
    void a_great_many_messages_are_given_up() throws Exception {
        database.write(tx ->
                tx.update(
                        """
                        INSERT INTO outgoing_webhook
                               (id, endpoint, event_type, body, created_at, state, next_at)
                        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
                        SELECT CAST(i AS TEXT), 'gone', 'a', ?, i, 'waiting', i FROM n
                        """,
                        new byte[] {'{', '}'}));
        OutboxRecords records = outbox(endpoint(SECRET)).records();
        assertThat(records.giveUpAll("gone")).isEqualTo(1001);
        assertThat(records.giveUpAll("gone")).isZero();
    }

    @Test
    void data_has_at_most_a_mebibyte() throws Exception {
        Outbox outbox = outbox(endpoint(SECRET));
        String most = "\"" + "é".repeat((1 << 19) - 1) + "\""; // two bytes each in UTF-8
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        database.write(
                                tx -> outbox.notify(tx, "partner", "order.paid", most + " ")))
                .withMessageContaining("1048577 bytes");
        database.write(tx -> outbox.notify(tx, "partner", "order.paid", most));
        assertThat(outbox.records().list(OutboxFilter.ALL)).hasSize(1);
    }

    @Test
    void what_is_rolled_back_is_never_sent() throws Exception {
        Outbox outbox = outbox(endpoint(SECRET));
        try {
            database.write(tx -> {
                outbox.notify(tx, "partner", "order.paid", "{}");
                throw new IllegalStateException("no");
            });
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("no");
        }

        assertThat(outbox.records().list(OutboxFilter.ALL.atMost(10))).isEmpty();
    }

    @Test
    void a_failed_attempt_is_written_down_and_tried_again_later() throws Exception {
        answer = 500;
        Outbox outbox = outbox(endpoint(SECRET));
        try (var _ = outbox.startSender()) {
            String id = send(outbox);
            Await.until(
                    "it has failed",
                    () -> outbox.records().find(id).orElseThrow().tries().size() == 1);
            OutboxEntry failed = outbox.records().find(id).orElseThrow();
            assertThat(failed.state()).isEqualTo("waiting");
            assertThat(failed.lastError()).contains("answered 500");
            answer = 204;
            clock.advance(Duration.ofSeconds(12));
            Await.until("it is delivered", () -> state(outbox, id).equals("delivered"));
            assertThat(outbox.records().find(id).orElseThrow().tries())
                    .extracting(OutboxEntry.Try::status)
                    .containsExactly(500, 204);
        }
    }

    @Test
    void a_redirect_is_not_followed() throws Exception {
        answer = 302;
        Outbox outbox = outbox(endpoint(SECRET));
        try (var _ = outbox.startSender()) {
            String id = send(outbox);
            Await.until(
                    "it has failed",
                    () -> outbox.records().find(id).orElseThrow().tries().size() == 1);
            assertThat(state(outbox, id)).isEqualTo("waiting");
        }
    }

    @Test
    void a_receiver_that_is_gone_is_asked_no_more_until_a_replay() throws Exception {
        answer = 410;
        Outbox outbox = outbox(endpoint(SECRET));
        try (var _ = outbox.startSender()) {
            String id = send(outbox);
            Await.until("it is dead", () -> state(outbox, id).equals("dead"));
            answer = 200;
            assertThat(outbox.records().retry(id)).isTrue();
            Await.until("it is delivered", () -> state(outbox, id).equals("delivered"));
        }
    }

    @Test
    void an_endpoint_that_fails_is_left_in_peace_then_tried_with_one_message() throws Exception {
        answer = 503;
        Outbox outbox = outbox(endpoint(SECRET));
        try (var _ = outbox.startSender()) {
            for (int i = 0; i < 20; i++) {
                send(outbox);
            }
            Await.until("the breaker is open", () -> deliveries.size() >= CircuitBreaker.FAILURES);
            Await.until(
                    "attempts in flight are over",
                    () ->
                            outbox.records().list(OutboxFilter.ALL.atMost(20)).stream()
                                    .noneMatch(e -> e.state().equals("sending")));
            int before = deliveries.size();
            assertThat(before).isLessThan(CircuitBreaker.FAILURES + 4);
            answer = 200;
            clock.advance(CircuitBreaker.FIRST_PAUSE.plusSeconds(20));
            Await.until(
                    "all are delivered",
                    () ->
                            outbox.records().list(OutboxFilter.ALL.atMost(20)).stream()
                                    .allMatch(e -> e.state().equals("delivered")));
        }
    }

    @Test
    void an_endpoint_that_names_a_private_address_is_never_connected_to() throws Exception {
        Endpoint outsider =
                new Endpoint(
                        "partner",
                        URI.create(
                                "https://localhost:%d/hook"
                                        .formatted(receiver.getAddress().getPort())),
                        List.of(SECRET),
                        false);
        Outbox outbox = outbox(outsider);
        try (var _ = outbox.startSender()) {
            String id = send(outbox);
            Await.until(
                    "it has failed",
                    () -> outbox.records().find(id).orElseThrow().tries().size() == 1);
            assertThat(outbox.records().find(id).orElseThrow().lastError())
                    .hasValueSatisfying(error -> assertThat(error).contains("not public"));
        }
        assertThat(deliveries).isEmpty();
    }
}
