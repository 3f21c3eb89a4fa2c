package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.END;
import static dev.hearth.fastcgi.FakeWebServer.PARAMS;
import static dev.hearth.fastcgi.FakeWebServer.STDERR;
import static dev.hearth.fastcgi.FakeWebServer.STDIN;
import static dev.hearth.fastcgi.FakeWebServer.STDOUT;
import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.pairs;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FakeWebServer.Answer;
import dev.hearth.fastcgi.FakeWebServer.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class MultiplexingTest {
    private static final Limits ONE_AT_A_TIME =
            Limits.DEFAULT.with(changes -> changes.multiplexing = false);

    @Test
    void interleaved_requests_are_both_served_and_the_later_first() throws IOException { // F23, F28
        try (var server = TestServer.start(TestServer::echo);
                var haproxy = server.connect()) {
            haproxy.begin(1, true).begin(2, true);
            haproxy.send(PARAMS, 1, pairs(variables("POST", "/", 4)));
            haproxy.send(PARAMS, 2, pairs(variables("POST", "/", 4)));
            haproxy.send(PARAMS, 2, "").send(PARAMS, 1, "");
            haproxy.send(STDIN, 1, "ab").send(STDIN, 2, "cd").send(STDIN, 2, "ef");
            assertThat(haproxy.send(STDIN, 2, "").answer(2).stdout()).endsWith("cdef");
            assertThat(haproxy.send(STDIN, 1, "gh").send(STDIN, 1, "").answer(1).stdout())
                    .endsWith("abgh");
        }
    }

    @Test
    void a_slow_body_does_not_hold_up_another_request() throws IOException { // T15
        try (var server = TestServer.start(TestServer::echo);
                var haproxy = server.connect()) {
            haproxy.begin(1, true).send(PARAMS, 1, pairs(variables("POST", "/slow", 3)));
            haproxy.send(PARAMS, 1, "").send(STDIN, 1, "a");
            for (int i = 0; i < 20; i++) {
                assertThat(haproxy.send(get(2, true, "/")).answer(2).appStatus()).isZero();
            }
            assertThat(haproxy.send(STDIN, 1, "bc").send(STDIN, 1, "").answer(1).stdout())
                    .endsWith("abc");
        }
    }

    @Test
    void records_of_many_threads_are_never_mixed() throws IOException { // F28, F32, T15
        int requests = 8;
        CountDownLatch all = new CountDownLatch(requests);
        FastCgiHandler handler =
                request -> {
                    all.countDown();
                    all.await();
                    byte[] line =
                            "%05d|"
                                    .formatted(request.id())
                                    .repeat(500)
                                    .getBytes(StandardCharsets.ISO_8859_1);
                    for (int i = 0; i < 50; i++) {
                        request.stdout().write(line);
                        request.stdout().flush();
                        request.stderr().write(line);
                    }
                    return request.id();
                };
        try (var server = TestServer.start(handler);
                var haproxy = server.connect()) {
            for (int id = 1; id <= requests; id++) {
                haproxy.send(get(id * 8_000, true, "/" + id));
            }
            Map<String, StringBuilder> streams = new HashMap<>();
            for (int ended = 0; ended < requests; ) {
                Received record = haproxy.next();
                assertThat(record.type()).isIn(STDOUT, STDERR, END);
                if (record.type() == END) {
                    assertThat(record.appStatus()).isEqualTo(record.id());
                    ended++;
                } else {
                    streams.computeIfAbsent(
                                    record.type() + " " + record.id(), _ -> new StringBuilder())
                            .append(record.text());
                }
            }
            assertThat(streams).hasSize(2 * requests);
            streams.forEach((stream, text) -> {
                int id = Integer.parseInt(stream.substring(2));
                assertThat(text).hasToString("%05d|".formatted(id).repeat(25_000));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void without_multiplexing_the_second_request_is_refused_and_the_first_unharmed(boolean keep)
            throws IOException { // F28
        try (var server = TestServer.start(TestServer::echo, ONE_AT_A_TIME);
                var haproxy = server.connect()) {
            haproxy.begin(1, true).send(PARAMS, 1, pairs(variables("POST", "/", 2)));
            haproxy.send(get(2, keep, "/"));
            Answer refused = haproxy.answer(2);
            assertThat(refused.protocolStatus()).isEqualTo(1);
            assertThat(refused.stdoutBytes()).isEmpty();
            haproxy.send(PARAMS, 1, "").send(STDIN, 1, "ab").send(STDIN, 1, "");
            assertThat(haproxy.answer(1).stdout()).endsWith("ab");
            if (keep) {
                assertThat(haproxy.send(get(2, true, "/")).answer(2).protocolStatus()).isZero();
            } else {
                assertThat(haproxy.isClosedByServer()).isTrue(); // F26: asked for with the second
            }
        }
    }

    @Test
    void a_connection_closes_after_its_last_request_where_any_asked_for_it()
            throws IOException { // F26
        try (var server = TestServer.start(TestServer::echo);
                var haproxy = server.connect()) {
            haproxy.begin(1, true).send(PARAMS, 1, pairs(variables("POST", "/", 2)));
            assertThat(haproxy.send(get(2, false, "/")).answer(2).appStatus()).isZero();
            haproxy.send(PARAMS, 1, "").send(STDIN, 1, "ab").send(STDIN, 1, "");
            assertThat(haproxy.answer(1).stdout()).endsWith("ab");
            assertThat(haproxy.isClosedByServer()).isTrue();
        }
    }
}
