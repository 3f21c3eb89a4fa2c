package dev.hearth.gateway;

import static dev.hearth.gateway.LocalHttp.await;
import static dev.hearth.gateway.LocalHttp.send;
import static dev.hearth.gateway.LocalHttp.start;
import static dev.hearth.gateway.LocalHttp.to;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.Body;
import dev.hearth.http.Handler;
import dev.hearth.http.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How answers leave over HTTP: streams, files, headers, and writers that fail.
@Timeout(180)
final class HttpAnswerTest {
    @TempDir Path folder;

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
}
