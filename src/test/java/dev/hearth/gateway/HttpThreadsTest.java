package dev.hearth.gateway;

import static dev.hearth.gateway.LocalHttp.LIMITS;
import static dev.hearth.gateway.LocalHttp.await;
import static dev.hearth.gateway.LocalHttp.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Handler;
import dev.hearth.http.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Nobody waits for another's request, whichever thread it found.
@Timeout(120)
final class HttpThreadsTest {
    private static final String QUICK = "GET /page?quick HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String SLOW = "GET /page?slow HTTP/1.1\r\nHost: h\r\n\r\n";

    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch free = new CountDownLatch(1);

    /// Quick, but for `?slow`, which nobody can foretell.
    private final Handler page =
            request -> {
                if (request.rawQuery().equals("slow")) {
                    inside.countDown();
                    await(free);
                }
                return Response.text(request.rawQuery());
            };

    /// Has the gateway learn that the page is quick.
    private static void learn(RawHttp client) throws IOException {
        for (int i = 0; i < 20; i++) {
            assertThat(client.send(QUICK).response()).endsWith("quick");
        }
    }

    @Test
    void a_handler_that_is_slow_by_surprise_keeps_nobody_waiting() throws Exception {
        try (HttpGateway gateway = start(page);
                RawHttp slow = new RawHttp(gateway.port());
                RawHttp other = new RawHttp(gateway.port())) {
            learn(other);
            slow.send(SLOW);
            await(inside);
            learn(other);
            try (RawHttp fresh = new RawHttp(gateway.port())) {
                learn(fresh);
            }
            free.countDown();
            assertThat(slow.response()).endsWith("slow");
        }
    }

    @Test
    void as_many_as_may_be_handled_at_once_wait_and_one_more_is_told_503() throws Exception {
        int most = 5;
        CountDownLatch all = new CountDownLatch(most);
        Handler waiting =
                request -> {
                    if (request.rawQuery().equals("slow")) {
                        all.countDown();
                        await(free);
                    }
                    return Response.text(request.rawQuery());
                };
        List<RawHttp> clients = new ArrayList<>();
        try (HttpGateway gateway =
                        start(waiting, LIMITS.withRequestsAtOnce(most, Duration.ofMillis(50)));
                RawHttp other = new RawHttp(gateway.port())) {
            learn(other);
            for (int i = 0; i < most; i++) {
                clients.add(new RawHttp(gateway.port()).send(SLOW));
            }
            await(all);
            for (int i = 0; i < 2 * most; i++) {
                assertThat(other.send(QUICK).response()).startsWith("HTTP/1.1 503 ");
            }
            free.countDown();
            for (RawHttp client : clients) {
                assertThat(client.response()).endsWith("slow");
            }
            learn(other);
        } finally {
            for (RawHttp client : clients) {
                client.close();
            }
        }
    }

    @Test
    void bodies_arrive_while_every_handler_waits_for_one() throws Exception {
        int most = 4;
        CountDownLatch all = new CountDownLatch(most);
        Handler reading =
                request -> {
                    all.countDown();
                    return Response.text(request.bytes(100).length + " bytes");
                };
        List<RawHttp> clients = new ArrayList<>();
        try (HttpGateway gateway =
                start(reading, LIMITS.withRequestsAtOnce(most, Duration.ofSeconds(5)))) {
            for (int i = 0; i < most; i++) {
                RawHttp client = new RawHttp(gateway.port());
                clients.add(
                        client.send(
                                "POST /page HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab"));
            }
            await(all);
            for (RawHttp client : clients.reversed()) {
                assertThat(client.send("cd").response()).endsWith("4 bytes");
            }
        } finally {
            for (RawHttp client : clients) {
                client.close();
            }
        }
    }

    @Test
    void a_client_that_takes_nothing_keeps_nobody_waiting() throws Exception {
        byte[] piece = new byte[1 << 20];
        Handler unending =
                request ->
                        request.rawQuery().equals("quick")
                                ? Response.text("quick")
                                : Response.stream(
                                        "text/plain",
                                        to -> {
                                            inside.countDown();
                                            for (int i = 0; i < 64; i++) {
                                                to.write(piece);
                                            }
                                        });
        try (HttpGateway gateway = start(unending);
                RawHttp slow = new RawHttp(gateway.port());
                RawHttp other = new RawHttp(gateway.port())) {
            learn(other);
            slow.send(SLOW);
            await(inside);
            learn(other);
            assertThat(slow.rest().length()).isGreaterThan(64 << 20);
        }
    }

    @Test
    void a_stream_of_http2_keeps_no_other_and_no_other_connection_waiting() throws Exception {
        try (HttpGateway gateway = start(page);
                HttpClient http = HttpClient.newHttpClient();
                RawHttp other = new RawHttp(gateway.port())) {
            for (int i = 0; i < 20; i++) { // HTTP/2 from the second on
                assertThat(get(http, gateway, "quick").get(30, TimeUnit.SECONDS).body())
                        .isEqualTo("quick");
            }
            CompletableFuture<HttpResponse<String>> slow = get(http, gateway, "slow");
            await(inside);
            HttpResponse<String> beside = get(http, gateway, "quick").get(30, TimeUnit.SECONDS);
            assertThat(beside.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(beside.body()).isEqualTo("quick");
            learn(other);
            free.countDown();
            assertThat(slow.get(30, TimeUnit.SECONDS).body()).isEqualTo("slow");
        }
    }

    private static CompletableFuture<HttpResponse<String>> get(
            HttpClient http, HttpGateway gateway, String query) {
        URI page = URI.create("http://127.0.0.1:" + gateway.port() + "/page?" + query);
        return http.sendAsync(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
    }
}
