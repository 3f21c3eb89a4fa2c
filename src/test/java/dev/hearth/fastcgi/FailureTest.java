package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.END;
import static dev.hearth.fastcgi.FakeWebServer.STDERR;
import static dev.hearth.fastcgi.FakeWebServer.STDOUT;
import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.request;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FakeWebServer.Answer;
import dev.hearth.fastcgi.FakeWebServer.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class FailureTest {

    @Test
    void a_handler_that_throws_before_its_first_byte_gives_500() throws IOException { // T16, F36
        FastCgiHandler handler =
                request -> {
                    request.stdout().writeLatin1("Status: 200 OK\r\n\r\nhalf");
                    throw new IllegalStateException("a bug");
                };
        try (var server = TestServer.start(handler);
                var nginx = server.connect()) {
            Answer answer = nginx.send(get(1, true, "/")).answer(1);
            assertThat(answer.stdout()).startsWith("Status: 500 ").doesNotContain("half", "a bug");
            assertThat(answer.appStatus()).isNotZero();
            assertThat(nginx.isQuietAndUsable()).isTrue();
            assertThat(server.server().statistics().failed()).isEqualTo(1);
        }
    }

    @Test
    void a_handler_that_throws_later_cuts_its_response_visibly() throws IOException { // T16, F30
        FastCgiHandler handler =
                request -> {
                    request.stdout().writeLatin1("\r\nhalf");
                    request.stdout().flush();
                    throw new IllegalStateException("a bug");
                };
        try (var server = TestServer.start(handler);
                var nginx = server.connect()) {
            nginx.send(get(1, true, "/"));
            List<Received> records = nginx.recordsUntilClosed();
            assertThat(records).extracting(Received::type).containsExactly(STDOUT, END);
            assertThat(records.getFirst().text()).isEqualTo("\r\nhalf");
            assertThat(records.getLast().appStatus()).isNotZero();
        }
    }

    @Test
    void only_the_end_of_the_connection_tells_lighttpd_that_a_response_was_cut()
            throws IOException { // T16, I13
        FastCgiHandler handler =
                request -> {
                    request.stdout().writeLatin1("\r\nhalf");
                    request.stdout().flush();
                    throw new IllegalStateException("a bug");
                };
        try (var server = TestServer.start(handler);
                var lighttpd = server.connect()) {
            Map<String, String> variables = variables("GET", "/", 0);
            variables.put("SERVER_SOFTWARE", "lighttpd/1.4.69");
            lighttpd.send(request(1, false, variables, new byte[0]));
            assertThat(lighttpd.next().text()).isEqualTo("\r\nhalf");
            assertThat(lighttpd.recordsUntilClosed()).isEmpty();
        }
    }

    @Test
    void a_peer_that_asked_for_values_sees_a_cut_response_by_the_end_of_the_connection_too()
            throws IOException { // T16, I11
        FastCgiHandler handler =
                request -> {
                    request.stdout().writeLatin1("\r\nhalf");
                    request.stdout().flush();
                    throw new IllegalStateException("a bug");
                };
        try (var server = TestServer.start(handler);
                var haproxy = server.connect()) {
            assertThat(haproxy.send(FakeWebServer.GET_VALUES, 0, "").next().type())
                    .isEqualTo(FakeWebServer.GET_VALUES_RESULT);
            Map<String, String> variables = variables("GET", "/", 0);
            variables.put("SERVER_SOFTWARE", "HAProxy 2.6");
            haproxy.send(request(1, true, variables, new byte[0]));
            assertThat(haproxy.next().text()).isEqualTo("\r\nhalf");
            assertThat(haproxy.recordsUntilClosed()).isEmpty();
        }
    }

    @Test
    void errors_and_endless_recursion_end_one_request_only() throws IOException { // T16
        FastCgiHandler handler =
                request -> {
                    if (request.params().getOrEmpty("SCRIPT_NAME").equals("/deep")) {
                        return endless(request);
                    }
                    throw new OutOfMemoryError("as if");
                };
        try (var server = TestServer.start(handler);
                var nginx = server.connect()) {
            for (String path : List.of("/deep", "/memory", "/deep")) {
                assertThat(nginx.send(get(1, true, path)).answer(1).stdout())
                        .startsWith("Status: 500 ");
            }
        }
    }

    private static int endless(FastCgiRequest request) {
        return request.id() == 0 ? 0 : endless(request) + 1;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, -1, Integer.MIN_VALUE})
    void the_handlers_status_is_told(int status) throws IOException { // F30, F36
        try (var server = TestServer.start(_ -> status);
                var nginx = server.connect()) {
            assertThat(nginx.send(get(1, true, "/")).answer(1).appStatus()).isEqualTo(status);
        }
    }

    @Test
    void lines_for_the_error_log_leave_before_the_body() throws IOException { // F32, I10
        CountDownLatch seen = new CountDownLatch(1);
        FastCgiHandler handler =
                request -> {
                    request.stdout().writeLatin1("\r\nbody");
                    request.stderr().write("warning\n".getBytes(StandardCharsets.US_ASCII));
                    seen.await();
                    request.stderr().write(new byte[20_000]);
                    return 0;
                };
        try (var server = TestServer.start(handler);
                var nginx = server.connect()) {
            Received first = nginx.send(get(1, true, "/")).next();
            assertThat(first.type()).isEqualTo(STDERR);
            assertThat(first.text()).isEqualTo("warning\n");
            seen.countDown();
            List<Received> records = nginx.recordsOf(1);
            assertThat(records)
                    .filteredOn(record -> record.type() == STDERR)
                    .allSatisfy(record -> assertThat(record.content()).hasSizeLessThan(8_192))
                    .last()
                    .satisfies(end -> assertThat(end.content()).isEmpty());
            assertThat(records)
                    .filteredOn(record -> record.type() == STDOUT)
                    .extracting(Received::text)
                    .containsExactly("\r\nbody", "");
        }
    }

    @Test
    void a_handler_may_end_its_request_and_go_on() throws Exception { // F30
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch wentOn = new CountDownLatch(1);
        FastCgiHandler handler =
                request -> {
                    TestServer.hello(request);
                    request.end(7);
                    request.end(8);
                    answered.await();
                    try {
                        request.stdout().write(1);
                    } catch (IOException ended) {
                        wentOn.countDown();
                    }
                    return 9;
                };
        try (var server = TestServer.start(handler);
                var nginx = server.connect()) {
            assertThat(nginx.send(get(1, true, "/")).answer(1).appStatus()).isEqualTo(7);
            answered.countDown();
            wentOn.await();
            assertThat(nginx.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void a_flush_sends_a_small_record_at_once() throws IOException { // I12
        CountDownLatch seen = new CountDownLatch(1);
        FastCgiHandler handler =
                request -> {
                    request.stdout().writeLatin1("\r\nevent");
                    request.stdout().flush();
                    request.stdout().flush(); // an empty record would end the stream
                    seen.await();
                    return 0;
                };
        try (var server = TestServer.start(handler);
                var haproxy = server.connect()) {
            assertThat(haproxy.send(get(1, true, "/")).next().text()).isEqualTo("\r\nevent");
            seen.countDown();
            assertThat(haproxy.recordsOf(1))
                    .extracting(Received::type)
                    .containsExactly(STDOUT, END);
        }
    }
}
