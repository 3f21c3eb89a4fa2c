package dev.hearth.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.AddressRange;
import dev.hearth.http.Body;
import dev.hearth.http.Handler;
import dev.hearth.http.Headers;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class HttpGatewayTest {
    private static final HttpLimits LIMITS =
            HttpLimits.DEFAULT.withTimes(Duration.ofSeconds(5), Duration.ofSeconds(5));
    private static final Handler ECHO =
            request -> Response.bytes(200, "application/octet-stream", request.bytes(1 << 24));

    @TempDir Path folder;

    private static HttpGateway start(Handler handler, HttpLimits limits) throws IOException {
        return HttpGateway.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler, limits);
    }

    private static HttpGateway start(Handler handler) throws IOException {
        return start(handler, LIMITS);
    }

    private static HttpRequest.Builder to(HttpGateway gateway, String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + target));
    }

    private static HttpResponse<byte[]> send(HttpRequest request) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request, BodyHandlers.ofByteArray());
        }
    }

    private static String describe(Request request) {
        return String.join(
                "|",
                request.method(),
                request.path(),
                request.rawQuery(),
                request.header("x-one").orElse("-"),
                request.headers().all("X-ONE").toString(),
                "" + request.contentLength(),
                request.remoteAddress(),
                request.scheme(),
                request.host(),
                request.protocol());
    }

    @Test
    void a_handler_sees_the_request_as_it_was_sent() throws Exception {
        try (HttpGateway gateway = start(request -> Response.text(describe(request)));
                RawHttp client = new RawHttp(gateway.port())) {
            client.request(
                    "GET /caf%C3%A9/%252e?a=%zz&b=c HTTP/1.1",
                    "Host: shop.example:81", "X-One: 1", "x-one: \u00e9", "Proxy: evil");
            String answer = client.response();
            assertThat(answer)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("Content-Type: text/plain; charset=utf-8\r\n")
                    .doesNotContain("Server:");
            String text =
                    new String(
                            answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1),
                            UTF_8);
            assertThat(text)
                    .isEqualTo(
                            "GET|/café/%2e|a=%zz&b=c|1|[1, é]|0|127.0.0.1|http|shop.example:81|HTTP/1.1");
        }
    }

    @Test
    void the_header_proxy_is_invisible() throws Exception { // C35
        try (HttpGateway gateway =
                        start(request ->
                                Response.text(
                                        request.header("proxy").orElse("none")
                                                + request.headers().names()));
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nProxy: evil\r\n\r\n");
            assertThat(client.response()).endsWith("none[host]");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/a/../b", "/%2e%2e/b", "//a", "/a%2fb", "/a%00", "/%ff", "/%zz", "/a%0ab"})
    void a_path_with_two_meanings_is_refused_as_a_problem(String path) throws Exception { // T22
        try (HttpGateway gateway = start(request -> Response.text(request.path()));
                RawHttp client = new RawHttp(gateway.port())) {
            String answer = client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").response();
            assertThat(answer)
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("urn:hearth:problem:bad-"); // Jetty refuses some itself
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n", // no Host
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\na",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nA B: c\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n",
                "GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n",
            })
    void a_malformed_request_is_refused_as_a_problem_without_a_stack_trace(String request)
            throws Exception {
        try (HttpGateway gateway = start(ECHO);
                RawHttp client = new RawHttp(gateway.port())) {
            assertThat(client.send(request).rest())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("application/problem+json")
                    .contains("urn:hearth:problem:bad-request")
                    .doesNotContain("Exception", "jetty");
        }
    }

    @Test
    void headers_beyond_the_limit_are_refused_with_431() throws Exception {
        try (HttpGateway gateway = start(ECHO);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nX: " + "a".repeat(20_000) + "\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void head_has_the_headers_of_get_and_no_body() throws Exception { // C19
        try (HttpGateway gateway = start(_ -> Response.text("hello"));
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.head()).contains("Content-Length: 5\r\n");
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.response()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nhello");
        }
    }

    @Test
    void head_does_not_run_a_streams_writer() throws Exception {
        Handler stream =
                _ ->
                        Response.stream(
                                "text/plain",
                                _ -> {
                                    throw new IllegalStateException("ran");
                                });
        try (HttpGateway gateway = start(stream);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
        }
    }

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
    void a_streamed_body_goes_both_ways_while_it_is_made() throws Exception { // T9
        Handler echo = request -> Response.stream("x/y", out -> request.body().transferTo(out));
        int length = 10 << 20;
        try (HttpGateway gateway = start(echo);
                RawHttp client = new RawHttp(gateway.port())) {
            CompletableFuture<Void> sent =
                    CompletableFuture.runAsync(() -> sendLetters(client, length));
            String answer = client.rest();
            sent.get(20, TimeUnit.SECONDS);
            assertThat(answer.chars().filter(c -> c == '~').count()).isEqualTo(length);
            assertThat(answer).endsWith("0\r\n\r\n");
        }
    }

    private static void sendLetters(RawHttp client, int length) {
        try {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n");
            client.send("Content-Length: " + length + "\r\n\r\n");
            client.send("~".repeat(length));
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    @Test
    void a_flush_sends_what_is_there() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        Handler events =
                _ ->
                        Response.stream(
                                "text/event-stream",
                                out -> {
                                    out.write("first\n".getBytes(UTF_8));
                                    out.flush();
                                    await(read);
                                    out.write("second\n".getBytes(UTF_8));
                                });
        try (HttpGateway gateway = start(events);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            client.head();
            client.line(); // the length of the chunk
            assertThat(client.line()).isEqualTo("first");
            read.countDown();
            assertThat(client.rest()).contains("second").endsWith("0\r\n\r\n");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_writer_that_fails_at_once_gives_500_and_one_that_fails_later_a_visible_cut()
            throws Exception { // T16
        Handler fails =
                request ->
                        Response.stream(
                                "text/plain",
                                out -> {
                                    if (request.path().equals("/later")) {
                                        out.write(new byte[1 << 20]);
                                    }
                                    throw new IllegalStateException("bug");
                                });
        try (HttpGateway gateway = start(fails)) {
            try (RawHttp client = new RawHttp(gateway.port())) {
                client.send("GET /once HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(client.response()).startsWith("HTTP/1.1 500 ").contains("\"id\"");
            }
            try (RawHttp client = new RawHttp(gateway.port())) {
                client.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(untilCut(client))
                        .startsWith("HTTP/1.1 200 ")
                        .doesNotContain("0\r\n\r\n");
            }
        }
    }

    private static String untilCut(RawHttp client) {
        StringBuilder all = new StringBuilder();
        try {
            all.append(client.head());
            all.append(client.rest());
        } catch (IOException reset) {
            all.append(""); // a reset is a cut, too
        }
        return all.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 11})
    void a_stream_of_another_length_than_it_announced_is_never_taken_for_whole(int length)
            throws Exception { // C30
        Handler liar =
                request ->
                        Response.status(200)
                                .withBody(
                                        new Body.Stream(
                                                out -> {
                                                    out.write(new byte[length]);
                                                    if (request.rawQuery().equals("flush")) {
                                                        out.flush();
                                                    }
                                                },
                                                10));
        try (HttpGateway gateway = start(liar)) {
            assertThat(send(to(gateway, "/").build()).statusCode()).isEqualTo(500);
            if (length == 9) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> send(to(gateway, "/?flush").build()));
            }
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

    @Test
    void two_requests_in_one_segment_are_both_answered() throws Exception { // T7
        try (HttpGateway gateway = start(request -> Response.text(request.path()));
                RawHttp client = new RawHttp(gateway.port())) {
            String request = "GET /%s HTTP/1.1\r\nHost: h\r\n\r\n";
            client.send(request.formatted("one") + request.formatted("two"));
            assertThat(client.response()).endsWith("/one");
            assertThat(client.response()).endsWith("/two");
        }
    }

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
    void a_file_is_sent_in_the_part_asked_for() throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "0123456789");
        Handler part =
                _ -> Response.file("text/plain", file, 10).withBody(new Body.File(file, 2, 5));
        try (HttpGateway gateway = start(part)) {
            HttpResponse<byte[]> answer = send(to(gateway, "/").build());
            assertThat(answer.body()).asString(UTF_8).isEqualTo("23456");
            assertThat(answer.headers().firstValue("content-length")).contains("5");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void an_answer_that_can_have_no_body_has_none(int status) throws Exception { // C31
        try (HttpGateway gateway = start(_ -> Response.text(status, "body"));
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 " + status)
                    .endsWith("\r\n\r\n")
                    .doesNotContain("Content-Type", "Content-Length");
        }
    }

    @Test
    void headers_of_the_connection_are_the_gateways_business() throws Exception { // C30
        Handler meddles =
                _ ->
                        Response.text("x")
                                .withHeader("Transfer-Encoding", "chunked")
                                .withHeader("Connection", "upgrade")
                                .withHeader("Content-Length", "99");
        try (HttpGateway gateway = start(meddles);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(client.rest())
                    .contains("Content-Length: 1\r\n")
                    .doesNotContain("Transfer-Encoding", "upgrade")
                    .endsWith("\r\n\r\nx");
        }
    }

    @Test
    void a_body_without_type_is_never_taken_for_html() throws Exception { // C24
        Handler untyped = _ -> Response.status(200).withBody(new Body.Bytes(new byte[] {'<'}));
        try (HttpGateway gateway = start(untyped)) {
            assertThat(send(to(gateway, "/").build()).headers().firstValue("content-type"))
                    .contains("application/octet-stream");
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
    void options_of_the_server_itself_is_answered() throws Exception {
        try (HttpGateway gateway = start(ECHO);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 204 ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.0/8             | 127.0.0.1 http h", // the peer is not trusted
                "127.0.0.1              | 203.0.113.9 https shop.example",
                "127.0.0.1,203.0.113.9  | 198.51.100.1 https shop.example",
                "127.0.0.0/8            | 203.0.113.9 https shop.example",
            })
    void proxy_headers_count_only_from_configured_addresses(String trusted, String seen)
            throws Exception {
        List<AddressRange> proxies =
                Arrays.stream(trusted.split(",")).map(AddressRange::parse).toList();
        Handler who =
                request ->
                        Response.text(
                                request.remoteAddress()
                                        + " "
                                        + request.scheme()
                                        + " "
                                        + request.host());
        try (HttpGateway gateway = start(who, LIMITS.withTrustedProxies(proxies));
                RawHttp client = new RawHttp(gateway.port())) {
            client.request(
                    "GET / HTTP/1.1",
                    "Host: h",
                    "X-Forwarded-For: 198.51.100.1, 203.0.113.9",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: shop.example");
            assertThat(client.response()).endsWith("\r\n\r\n" + seen);
        }
    }

    @Test
    void what_a_proxy_cannot_have_meant_is_not_believed() {
        Headers odd =
                Headers.of("X-Forwarded-For", "evil, unknown")
                        .with("X-Forwarded-Proto", "javascript")
                        .with("X-Forwarded-Host", "a b");
        assertThat(
                        Forwarding.of(
                                "127.0.0.1",
                                "http",
                                "h",
                                odd,
                                List.of(AddressRange.parse("127.0.0.1"))))
                .isEqualTo(new Forwarding("127.0.0.1", "http", "h"));
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
