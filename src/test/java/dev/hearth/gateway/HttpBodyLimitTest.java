package dev.hearth.gateway;

import static dev.hearth.gateway.LocalHttp.ECHO;
import static dev.hearth.gateway.LocalHttp.LIMITS;
import static dev.hearth.gateway.LocalHttp.send;
import static dev.hearth.gateway.LocalHttp.start;
import static dev.hearth.gateway.LocalHttp.to;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Handler;
import dev.hearth.http.Problem;
import dev.hearth.http.Response;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies of requests over HTTP: whole, too long, cut, or slow.
@Timeout(180)
final class HttpBodyLimitTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8_191, 65_536, 1_000_001})
    void a_body_comes_back_byte_for_byte(int length) throws Exception {
        byte[] body = new byte[length];
        new java.util.Random(length).nextBytes(body);
        try (HttpGateway gateway = start(ECHO)) {
            HttpRequest known = to(gateway, "/").POST(BodyPublishers.ofByteArray(body)).build();
            assertThat(send(known).body()).isEqualTo(body);
            HttpRequest chunked =
                    to(gateway, "/")
                            .POST(
                                    BodyPublishers.ofInputStream(
                                            () -> new java.io.ByteArrayInputStream(body)))
                            .build();
            assertThat(send(chunked).body()).isEqualTo(body);
        }
    }

    @Test
    void a_body_with_an_announced_length_beyond_the_limit_is_refused_unread_with_413()
            throws Exception {
        Handler never =
                _ -> {
                    throw new IllegalStateException("ran");
                };
        try (HttpGateway gateway = start(never, LIMITS.withBodyBytes(100))) {
            HttpRequest tooLong =
                    to(gateway, "/").POST(BodyPublishers.ofByteArray(new byte[2 << 20])).build();
            HttpResponse<byte[]> answer = send(tooLong);
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(new String(answer.body(), UTF_8)).contains("content-too-large");
        }
    }

    @Test
    void a_body_of_unknown_length_is_refused_where_it_passes_the_limit() throws Exception {
        try (HttpGateway gateway = start(ECHO, LIMITS.withBodyBytes(100))) {
            assertThat(send(chunked(gateway, 100)).statusCode()).isEqualTo(200);
            assertThat(send(chunked(gateway, 101)).statusCode()).isEqualTo(413);
        }
    }

    private static HttpRequest chunked(HttpGateway gateway, int length) {
        return to(gateway, "/")
                .POST(
                        BodyPublishers.ofInputStream(
                                () -> new java.io.ByteArrayInputStream(new byte[length])))
                .build();
    }

    @Test
    void a_client_that_writes_all_before_it_reads_gets_the_whole_refusal() throws Exception { // T10
        Handler refuses =
                _ -> {
                    throw Problem.of(403, "no", "No.").refuse();
                };
        try (HttpGateway gateway = start(refuses)) {
            HttpRequest post =
                    to(gateway, "/").POST(BodyPublishers.ofByteArray(new byte[6 << 20])).build();
            assertThat(send(post).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void a_body_that_stops_short_never_reaches_the_handler_as_whole() throws Exception { // F35
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Handler reads =
                request -> {
                    try {
                        outcome.complete("read " + request.bytes(100).length);
                    } catch (IOException lost) {
                        outcome.complete("lost");
                        throw lost;
                    }
                    return Response.text("never");
                };
        try (HttpGateway gateway = start(reads);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc").endOutput();
            assertThat(outcome.get(20, TimeUnit.SECONDS)).isEqualTo("lost");
            assertThat(client.rest()).doesNotContain("never", "200 OK");
        }
    }

    @Test
    void a_body_that_stops_coming_is_answered_with_408() throws Exception { // T13
        HttpLimits hurried = LIMITS.withTimes(Duration.ofMillis(300), Duration.ofSeconds(5));
        try (HttpGateway gateway = start(ECHO, hurried);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 408 ")
                    .contains("urn:hearth:problem:request-timeout");
        }
    }
}
