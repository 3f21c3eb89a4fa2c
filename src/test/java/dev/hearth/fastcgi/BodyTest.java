package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.PARAMS;
import static dev.hearth.fastcgi.FakeWebServer.STDIN;
import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.pairs;
import static dev.hearth.fastcgi.FakeWebServer.record;
import static dev.hearth.fastcgi.FakeWebServer.request;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FakeWebServer.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class BodyTest {

    /// Answers 403 and reads nothing.
    private static int forbid(FastCgiRequest request) throws IOException {
        request.stdout().writeLatin1("Status: 403 Forbidden\r\n\r\nno");
        return 0;
    }

    private static Map<String, String> lengthAs(String contentLength) {
        Map<String, String> variables = variables("POST", "/", 0);
        variables.put("CONTENT_LENGTH", contentLength);
        return variables;
    }

    @Test
    void a_handler_runs_before_stdin_has_begun() throws IOException { // F33, I15
        try (var server = TestServer.start(TestServer::hello);
                var jfastcgi = server.connect()) {
            jfastcgi.begin(1, true).send(PARAMS, 1, pairs(variables("GET", "/", 0)));
            assertThat(jfastcgi.send(PARAMS, 1, "").answer(1).stdout()).endsWith("Hello!");
            assertThat(jfastcgi.send(STDIN, 1, "").isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void output_may_come_before_the_body_has() throws IOException { // F33, I8
        FastCgiHandler handler =
                request -> {
                    request.stdout().writeLatin1("\r\nfirst ");
                    request.stdout().flush();
                    request.stdin().transferTo(request.stdout());
                    return 0;
                };
        try (var server = TestServer.start(handler);
                var apache = server.connect()) {
            apache.begin(1, true).send(PARAMS, 1, pairs(variables("POST", "/", 4)));
            assertThat(apache.send(PARAMS, 1, "").next().text()).isEqualTo("\r\nfirst ");
            assertThat(apache.send(STDIN, 1, "then").send(STDIN, 1, "").answer(1).stdout())
                    .isEqualTo("then");
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 4, 400", "4, 3, 400", "3, 3, 200", "'', 3, 200"})
    void two_lengths_must_agree(String first, String second, int status)
            throws IOException { // F21, C2
        try (var server = TestServer.start(TestServer::echo);
                var nginx = server.connect()) {
            nginx.begin(1, true)
                    .send(PARAMS, 1, pairs(lengthAs(first)))
                    .send(PARAMS, 1, pairs(Map.of("CONTENT_LENGTH", second)))
                    .send(PARAMS, 1, "")
                    .send(STDIN, 1, "abc")
                    .send(STDIN, 1, "");
            assertThat(nginx.answer(1).stdout())
                    .contains(status == 400 ? "bad-content-length" : "\r\n\r\nabc");
        }
    }

    @Test
    void a_handler_sees_no_more_than_the_announced_length() throws IOException { // F34, C16
        try (var server = TestServer.start(TestServer::echo);
                var nginx = server.connect()) {
            byte[] body = "abcdef".repeat(30_000).getBytes(StandardCharsets.ISO_8859_1);
            assertThat(nginx.send(request(1, true, lengthAs("3"), body)).answer(1).stdout())
                    .endsWith("\r\n\r\nabc");
            assertThat(nginx.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void a_handler_is_not_kept_waiting_for_the_end_of_a_stream_that_it_has_whole()
            throws IOException { // F34
        try (var server = TestServer.start(TestServer::echo);
                var nginx = server.connect()) {
            nginx.begin(1, true).send(PARAMS, 1, pairs(lengthAs("3"))).send(PARAMS, 1, "");
            assertThat(nginx.send(STDIN, 1, "abc").answer(1).stdout()).endsWith("\r\n\r\nabc");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab"})
    void a_body_that_stops_short_is_an_error_and_never_an_end(String part)
            throws IOException { // F35
        try (var server = TestServer.start(TestServer::echo);
                var nginx = server.connect()) {
            nginx.begin(1, true).send(PARAMS, 1, pairs(lengthAs("3"))).send(PARAMS, 1, "");
            if (!part.isEmpty()) {
                nginx.send(STDIN, 1, part);
            }
            Answer answer = nginx.send(STDIN, 1, "").answer(1);
            assertThat(answer.stdout()).startsWith("Status: 400 ");
            assertThat(answer.appStatus()).isNotZero();
            assertThat(server.server().statistics().failed()).isZero();
        }
    }

    @Test
    void a_body_of_unknown_length_is_read_to_its_end() throws IOException { // C2
        try (var server = TestServer.start(TestServer::echo);
                var nginx = server.connect()) {
            Map<String, String> variables = lengthAs("");
            variables.put("HTTP_TRANSFER_ENCODING", "chunked"); // C17
            byte[] body = "3\r\nabc\r\n0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
            assertThat(nginx.send(request(1, true, variables, body)).answer(1).stdout())
                    .endsWith("\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        }
    }

    @Test
    void a_body_of_unknown_length_ends_at_the_limit() throws IOException { // C2, C34
        Limits limits = Limits.DEFAULT.with(changes -> changes.bodyBytes = 10);
        try (var server = TestServer.start(TestServer::echo, limits);
                var nginx = server.connect()) {
            assertThat(nginx.send(request(1, true, lengthAs(""), new byte[10])).answer(1).stdout())
                    .endsWith("\0".repeat(10));
            assertThat(nginx.send(request(1, true, lengthAs(""), new byte[11])).answer(1).stdout())
                    .startsWith("Status: 413 ");
            assertThat(nginx.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void an_announced_body_over_the_limit_is_refused_unread() throws IOException { // C18, C34
        Limits limits = Limits.DEFAULT.with(changes -> changes.bodyBytes = 10);
        try (var server = TestServer.start(TestServer::echo, limits);
                var nginx = server.connect()) {
            nginx.begin(1, true).send(PARAMS, 1, pairs(lengthAs("11")));
            assertThat(nginx.send(PARAMS, 1, "").answer(1).stdout()).startsWith("Status: 413 ");
            nginx.send(STDIN, 1, "0123456789a").send(STDIN, 1, "");
            assertThat(nginx.isQuietAndUsable()).isTrue();
            assertThat(
                            nginx.send(request(1, true, lengthAs("10"), new byte[10]))
                                    .answer(1)
                                    .appStatus())
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "+5",
                " 5",
                "5 ",
                "0x10",
                "1e3",
                "99999999999999999999",
                "5,5",
                "\u00b2",
                "1.0"
            })
    void a_malformed_length_is_refused(String length) throws IOException { // C2
        try (var server = TestServer.start(TestServer::echo);
                var nginx = server.connect()) {
            Answer answer = nginx.send(request(1, true, lengthAs(length), new byte[5])).answer(1);
            assertThat(answer.stdout()).startsWith("Status: 400 ");
            assertThat(nginx.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void a_thousand_bodies_that_nobody_reads() throws IOException { // T8
        byte[] body = new byte[20_000];
        try (var server = TestServer.start(BodyTest::forbid);
                var nginx = server.connect()) {
            byte[] request = request(1, true, lengthAs("20000"), body);
            for (int i = 0; i < 1_000; i++) {
                assertThat(nginx.send(request).answer(1).stdout()).endsWith("no");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_early_answer_is_not_lost_to_a_large_body(boolean keep) throws Exception { // T10
        byte[] body = new byte[10 << 20];
        try (var server = TestServer.start(BodyTest::forbid);
                var nginx = server.connect()) {
            nginx.send(request(1, keep, lengthAs(Integer.toString(body.length)), body));
            assertThat(nginx.answer(1).stdout()).startsWith("Status: 403 ");
            if (keep) {
                assertThat(nginx.isQuietAndUsable()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_peer_that_never_stops_sending_is_cut(boolean keep) throws IOException { // T10
        byte[] piece = record(STDIN, 1, new byte[65_535], 0);
        try (var server = TestServer.start(BodyTest::forbid);
                var nginx = server.connect()) {
            nginx.begin(1, keep).send(PARAMS, 1, pairs(lengthAs("1000000000"))).send(PARAMS, 1, "");
            try {
                for (int i = 0; i < 10_000; i++) {
                    nginx.send(piece);
                }
                throw new AssertionError("600 MB were taken after the answer");
            } catch (IOException cut) {
                assertThat(cut).isNotNull();
            }
        }
    }

    @Test
    void a_body_larger_than_memory_and_disk_limits_passes_through() throws Exception { // T9
        Limits limits =
                Limits.DEFAULT.with(changes -> {
                    changes.bodyInMemory = 1_024;
                    changes.bodyOnDisk = 100_000;
                });
        byte[] body = new byte[3 << 20];
        new Random(7).nextBytes(body);
        try (var server = TestServer.start(TestServer::echo, limits);
                var nginx = server.connect()) {
            Thread sender =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    nginx.send(
                                            request(
                                                    1,
                                                    true,
                                                    lengthAs(Integer.toString(body.length)),
                                                    body));
                                } catch (IOException lost) {
                                    throw new AssertionError(lost);
                                }
                            });
            byte[] answer = nginx.answer(1).stdoutBytes();
            sender.join();
            assertThat(Arrays.copyOfRange(answer, answer.length - body.length, answer.length))
                    .isEqualTo(body);
        }
    }

    @Test
    void a_body_that_nobody_reads_yet_holds_up_no_other_request() throws Exception { // T15
        CountDownLatch release = new CountDownLatch(1);
        FastCgiHandler handler =
                request -> {
                    if (request.contentLength() > 0) {
                        release.await();
                    }
                    return TestServer.echo(request);
                };
        byte[] body = new byte[5 << 20];
        try (var server = TestServer.start(handler);
                var haproxy = server.connect()) {
            haproxy.send(request(1, true, lengthAs(Integer.toString(body.length)), body));
            assertThat(haproxy.send(get(2, true, "/")).answer(2).appStatus()).isZero();
            release.countDown();
            assertThat(haproxy.answer(1).stdoutBytes()).hasSizeGreaterThan(body.length);
        }
    }

    @Test
    void a_body_that_stops_half_way_is_answered_and_frees_its_thread() throws IOException { // T13
        Limits limits =
                Limits.DEFAULT.with(changes -> {
                    changes.bodyTimeout = Duration.ofMillis(50);
                    changes.requestsAtOnce = 1;
                });
        try (var server = TestServer.start(TestServer::echo, limits);
                var nginx = server.connect()) {
            nginx.begin(1, true).send(PARAMS, 1, pairs(lengthAs("10"))).send(PARAMS, 1, "");
            Answer answer = nginx.send(STDIN, 1, "half").answer(1);
            assertThat(answer.stdout()).startsWith("Status: 408 ");
            assertThat(nginx.send(get(1, true, "/")).answer(1).appStatus()).isZero();
        }
    }
}
