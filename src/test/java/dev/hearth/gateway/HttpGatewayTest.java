package dev.hearth.gateway;

import static dev.hearth.gateway.LocalHttp.ECHO;
import static dev.hearth.gateway.LocalHttp.LIMITS;
import static dev.hearth.gateway.LocalHttp.await;
import static dev.hearth.gateway.LocalHttp.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.Handler;
import dev.hearth.http.Response;
import dev.hearth.testing.LogOf;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the HTTP gateway starts, fills up, fails and stops.
@Timeout(180)
final class HttpGatewayTest {
    @Test
    void what_was_asked_for_afterwards_runs_once_the_client_has_its_answer() throws Exception {
        CountDownLatch clientHasIt = new CountDownLatch(1);
        CompletableFuture<String> done = new CompletableFuture<>();
        Handler later =
                _ ->
                        Response.text("answer")
                                .afterwards(() -> {
                                    throw new IllegalStateException("logged");
                                })
                                .afterwards(() -> {
                                    await(clientHasIt);
                                    done.complete("ran");
                                });
        try (HttpGateway gateway = start(later);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.response()).endsWith("answer");
            clientHasIt.countDown();
            assertThat(done.get(20, TimeUnit.SECONDS)).isEqualTo("ran");
        }
    }

    @Test
    void more_requests_than_the_limit_wait_and_are_then_told_503() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Handler slow =
                _ -> {
                    inside.countDown();
                    await(free);
                    return Response.text("done");
                };
        HttpLimits one = LIMITS.withRequestsAtOnce(1, Duration.ofMillis(50));
        try (HttpGateway gateway = start(slow, one);
                RawHttp first = new RawHttp(gateway.port());
                RawHttp second = new RawHttp(gateway.port())) {
            first.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            await(inside);
            second.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(second.response())
                    .startsWith("HTTP/1.1 503 ")
                    .contains("Retry-After: 1\r\n")
                    .contains("urn:hearth:problem:busy");
            free.countDown();
            assertThat(first.response()).endsWith("done");
        }
    }

    @Test
    void closing_lets_a_request_in_progress_end_and_refuses_new_connections()
            throws Exception { // T19
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Handler slow =
                _ -> {
                    inside.countDown();
                    await(free);
                    return Response.text("done");
                };
        HttpGateway gateway = start(slow);
        int port = gateway.port();
        try (RawHttp client = new RawHttp(port)) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            await(inside);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway::close);
            awaitRefusal(port);
            assertThat(closed).isNotDone();
            free.countDown();
            assertThat(client.response()).endsWith("done");
            closed.get(20, TimeUnit.SECONDS);
        }
        gateway.close(); // twice is harmless
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_outlives_the_time_to_end_is_named_and_told_503_if_it_heeds_an_interrupt(boolean heeds)
            throws Exception { // T19
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Handler slow =
                _ -> {
                    inside.countDown();
                    if (heeds) {
                        free.await();
                    } else {
                        awaitUninterruptibly(free);
                    }
                    return Response.text("too late");
                };
        try (LogOf log = LogOf.of(HttpGateway.class);
                LogOf jetty = LogOf.all("org.eclipse.jetty");
                HttpGateway gateway = start(slow, HttpLimits.DEFAULT);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("POST /slow?secret=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
            await(inside);
            gateway.drainWithin(Duration.ofMillis(100));
            gateway.close();
            if (heeds) {
                assertThat(client.rest())
                        .startsWith("HTTP/1.1 503 ")
                        .contains("\r\nRetry-After: 5\r\n", "\r\nConnection: close\r\n");
            } else {
                assertThat(client.rest()).isEmpty();
            }
            free.countDown();
            assertThat(log.lines())
                    .containsExactly(
                            "WARN requests over HTTP outlive the time to end, and are cut off: [POST /slow]");
            assertThat(jetty.lines()) // of a thread that goes on
                    .allMatch(line -> !heeds && line.startsWith("WARN Couldn't stop Thread"));
        }
    }

    private static void awaitUninterruptibly(CountDownLatch free) {
        while (free.getCount() > 0) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void once_it_is_to_stop_every_answer_is_the_last_of_its_connection() throws Exception {
        CountDownLatch inside = new CountDownLatch(2);
        Handler echo =
                request -> {
                    inside.countDown();
                    return ECHO.handle(request);
                };
        try (HttpGateway gateway = start(echo);
                RawHttp kept = new RawHttp(gateway.port())) {
            kept.send("GET /before HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(kept.response()).startsWith("HTTP/1.1 200 ").doesNotContain("close");
            int port = gateway.port();
            kept.send("POST /after HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n");
            await(inside);
            gateway.stopAccepting();
            awaitRefusal(port);
            kept.send("late");
            assertThat(kept.rest())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("\r\n\r\nlate"); // and then the end
        }
    }

    @Test
    void a_kept_connection_ends_when_its_request_does_after_the_stop_has_begun() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        Handler later = _ -> Response.text("answer").afterwards(() -> await(stopped));
        try (HttpGateway gateway = start(later, HttpLimits.DEFAULT);
                RawHttp kept = new RawHttp(gateway.port())) {
            kept.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(kept.response()).endsWith("answer");
            gateway.stopAccepting();
            stopped.countDown();
            assertThat(kept.rest()).isEmpty(); // long before the idle time of connections
        }
    }

    @Test
    void a_body_that_comes_slowly_is_taken_while_the_server_stops() throws Exception {
        CountDownLatch inside = new CountDownLatch(2);
        Handler reading =
                request -> {
                    inside.countDown();
                    return Response.text(request.bytes(100).length + " bytes");
                };
        HttpGateway gateway =
                start(
                        reading,
                        HttpLimits.DEFAULT.withTimes(
                                Duration.ofSeconds(60), Duration.ofSeconds(60)));
        try (RawHttp client = new RawHttp(gateway.port());
                RawHttp idle = new RawHttp(gateway.port())) {
            idle.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(idle.response()).endsWith("0 bytes");
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n");
            await(inside);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway::close);
            // A connection without a request is kept for a moment; the pause in the body is longer.
            assertThat(idle.rest()).isEmpty();
            client.send("late");
            assertThat(client.response()).endsWith("4 bytes");
            closed.get(20, TimeUnit.SECONDS);
        }
    }

    private static void awaitRefusal(int port) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            try (RawHttp probe = new RawHttp(port)) {
                Thread.onSpinWait();
            } catch (IOException refused) {
                return;
            }
        }
        throw new AssertionError("new connections are still accepted");
    }

    @Test
    void a_port_in_use_is_told_at_start() throws Exception {
        try (HttpGateway gateway = start(ECHO)) {
            InetSocketAddress taken =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port());
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> HttpGateway.start(taken, ECHO, LIMITS))
                    .withRootCauseInstanceOf(BindException.class);
        }
    }

    @Test
    void a_handlers_bug_is_500_with_an_id_and_the_connection_lives_on() throws Exception {
        Handler bug =
                request -> {
                    if (request.path().equals("/bug")) {
                        throw new IllegalStateException("secret");
                    }
                    return Response.text("fine");
                };
        try (HttpGateway gateway = start(bug);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("GET /bug HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.response()).startsWith("HTTP/1.1 500 ").doesNotContain("secret");
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.response()).endsWith("fine");
        }
    }
}
