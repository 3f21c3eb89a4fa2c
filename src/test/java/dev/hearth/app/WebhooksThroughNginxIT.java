package dev.hearth.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.NginxServer;
import dev.hearth.testing.StripeWebhook;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The main job on real ground: nginx with `deploy/nginx/hearth.conf`, FastCGI over a unix socket, a
/// process of its own, SQLite on disk.
class WebhooksThroughNginxIT {
    private static final int CLIENTS = 32;

    @TempDir Path folder;
    private HearthProcess hearth;
    private NginxServer nginx;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void start() throws Exception {
        hearth = HearthProcess.in(folder).options("--http", "off").start();
        nginx = NginxServer.inFrontOf(hearth.socket(), folder);
    }

    @AfterEach
    void stop() {
        http.close();
        nginx.close();
        hearth.close();
    }

    @Test
    void a_good_signature_is_stored_before_it_is_answered_and_handled_once() throws Exception {
        HttpResponse<String> answer = post(StripeWebhook.event("evt_good"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"duplicate\":false");
        assertThat(stored()).containsExactly("evt_good");
        HttpResponse<String> again = post(StripeWebhook.event("evt_good"));
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).contains("\"duplicate\":true");
        assertThat(stored()).containsExactly("evt_good");
        Await.until("it is done", () -> "done".equals(state("evt_good")));
    }

    /// PAYMENTS: what every verifier must refuse. One body for all causes, no row, never a 500.
    @Test
    void every_forged_stale_or_malformed_signature_is_refused_alike() throws Exception {
        byte[] body = StripeWebhook.event("evt_forged");
        Instant now = Instant.now();
        String t = Long.toString(now.getEpochSecond());
        String good = StripeWebhook.code(HearthProcess.SECRET, t, body);
        List<String> headers =
                Stream.concat(
                                Stream.of(
                                        "",
                                        "t",
                                        "t=",
                                        "t=abc",
                                        "t=" + "1".repeat(20) + ",v1=" + good,
                                        "t=" + "1".repeat(400) + ",v1=" + good,
                                        "t=+" + t + ",v1=" + good,
                                        "t=-" + t + ",v1=" + good,
                                        "t=" + t + ",t=" + t + ",v1=" + good,
                                        "t=" + t,
                                        "v1=" + good,
                                        "v1",
                                        "t=" + t + ",v1",
                                        "t=" + t + ",v1=",
                                        "t=" + t + ",v0=" + good,
                                        "t=" + t + ", v1=" + good,
                                        "t=" + t + ",v1=" + good.toUpperCase(Locale.ROOT),
                                        "t=" + t + ",v1=" + good.substring(1),
                                        "t=" + t + ",v1=" + good + "0",
                                        "t=" + t + ",v1=" + "0".repeat(64),
                                        "x".repeat(6_000)),
                                Stream.of(-301L, 302L, 10L * 365 * 86_400)
                                        .map(off ->
                                                StripeWebhook.signature(
                                                        HearthProcess.SECRET,
                                                        body,
                                                        now.plusSeconds(off))))
                        .toList();
        Set<String> answers = new TreeSet<>();
        for (String header : headers) {
            HttpResponse<String> answer = send(StripeWebhook.request(uri(), body, header));
            assertThat(answer.statusCode()).as(header).isEqualTo(400);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .contains("application/problem+json");
            answers.add(answer.body());
        }
        answers.add(
                send(HttpRequest.newBuilder(uri())
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build())
                        .body());
        answers.add(
                send(StripeWebhook.request(
                                uri(), body, StripeWebhook.signature("whsec_other", body, now)))
                        .body());
        // What "advanced" signatures of other services sign looks alike, with a comma between.
        answers.add(
                send(StripeWebhook.request(
                                uri(),
                                body,
                                "t="
                                        + t
                                        + ",v1="
                                        + StripeWebhook.codeOf(
                                                HearthProcess.SECRET, t + ",", body)))
                        .body());

        assertThat(answers).hasSize(1);
        assertThat(stored()).isEmpty();
    }

    @Test
    void one_byte_more_less_or_other_is_refused() throws Exception {
        byte[] body = StripeWebhook.event("evt_tampered");
        String signature = StripeWebhook.signature(HearthProcess.SECRET, body, Instant.now());
        String text = new String(body, UTF_8);

        for (String other :
                List.of(text + " ", text.substring(1), text.replace("2000", "2001"), "")) {
            assertThat(
                            send(StripeWebhook.request(uri(), other.getBytes(UTF_8), signature))
                                    .statusCode())
                    .isEqualTo(400);
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void signed_bytes_that_are_no_event_are_refused_without_a_row() throws Exception {
        for (byte[] body :
                List.of(
                        new byte[0],
                        new byte[] {'"', (byte) 0xff, '"'},
                        "[]".getBytes(UTF_8),
                        "null".getBytes(UTF_8),
                        "{}".getBytes(UTF_8),
                        "{\"id\":5,\"type\":[]}".getBytes(UTF_8),
                        "{\"id\":\"evt_1\"".getBytes(UTF_8))) {
            assertThat(post(body).statusCode()).as(new String(body, UTF_8)).isEqualTo(400);
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void a_body_that_is_too_large_is_refused_with_413() throws Exception {
        for (int size : new int[] {(1 << 20) + 1, 20_000_000}) {
            HttpResponse<String> answer = post(new byte[size]);

            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .contains("application/problem+json");
            assertThat(answer.body()).contains("urn:hearth:problem:content-too-large");
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void an_unknown_source_is_404_and_a_wrong_method_405() throws Exception {
        HttpResponse<String> unknown =
                send(
                        StripeWebhook.request(
                                nginx.uri("/webhooks/nobody"), StripeWebhook.event("evt_1")));
        HttpResponse<String> wrong = send(HttpRequest.newBuilder(uri()).build());

        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("urn:hearth:problem:");
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.headers().firstValue("Allow")).contains("OPTIONS, POST");
    }

    @Test
    void a_thousand_events_from_32_clients_are_there_exactly_once_after_a_restart_in_between()
            throws Exception {
        List<String> ids =
                Stream.iterate(1, n -> n <= 1_000, n -> n + 1).map(n -> "evt_" + n).toList();
        Set<String> unanswered = new ConcurrentSkipListSet<>(ids);
        AtomicInteger answered = new AtomicInteger();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> all = new ArrayList<>();
            for (String id : ids) {
                all.add(
                        clients.submit(() -> {
                            postUntilTaken(id);
                            unanswered.remove(id);
                            answered.incrementAndGet();
                            return null;
                        }));
            }
            Await.until("300 are answered", () -> answered.get() >= 300);
            assertThat(hearth.stop()).isZero();
            hearth = HearthProcess.in(folder).options("--http", "off").start();
            for (Future<?> each : all) {
                each.get();
            }
        }

        assertThat(unanswered).isEmpty();
        assertThat(stored()).containsExactlyInAnyOrderElementsOf(ids);
        Await.until("all are done", () -> count("state <> 'done'") == 0);
    }

    @Test
    void kill_9_in_the_middle_of_a_load_loses_nothing_that_was_answered_with_200()
            throws Exception {
        Set<String> taken = new ConcurrentSkipListSet<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                String prefix = "evt_" + client + "_";
                all.add(
                        clients.submit(() -> {
                            for (int n = 0; hearth.process().isAlive(); n++) {
                                if (post(StripeWebhook.event(prefix + n)).statusCode() == 200) {
                                    taken.add(prefix + n);
                                }
                            }
                            return null;
                        }));
            }
            Await.until("500 are answered", () -> taken.size() >= 500);
            hearth.kill();
            for (Future<?> each : all) {
                each.get();
            }
        }

        assertThat(stored()).containsAll(taken);
        hearth = HearthProcess.in(folder).options("--http", "off").start();
        assertThat(post(StripeWebhook.event("evt_after")).statusCode()).isEqualTo(200);
        Await.until("all are done", () -> count("state <> 'done'") == 0);
    }

    /// As Stripe does: tries again until it gets 200.
    private void postUntilTaken(String id) {
        Await.until(
                id + " is taken",
                () -> {
                    int status = post(StripeWebhook.event(id)).statusCode();
                    assertThat(status).isIn(200, 503);
                    return status == 200;
                });
    }

    private URI uri() {
        return nginx.uri("/webhooks/stripe");
    }

    private HttpResponse<String> post(byte[] body) throws IOException, InterruptedException {
        return send(StripeWebhook.request(uri(), body));
    }

    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        return http.send(request, BodyHandlers.ofString());
    }

    private List<String> stored() throws SQLException {
        return query("SELECT external_id FROM webhook_inbox");
    }

    private String state(String id) throws SQLException {
        return query("SELECT state FROM webhook_inbox WHERE external_id = '" + id + "'").getFirst();
    }

    private int count(String where) throws SQLException {
        return query("SELECT id FROM webhook_inbox WHERE " + where).size();
    }

    private List<String> query(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + hearth.data().resolve("hearth.db"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
