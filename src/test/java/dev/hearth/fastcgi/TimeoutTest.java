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
import dev.hearth.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class TimeoutTest {
    private static final Duration SOON = Duration.ofMillis(100);

    @Test
    void an_idle_connection_is_closed() throws IOException { // F43
        try (var server =
                        TestServer.start(
                                TestServer::hello,
                                Limits.DEFAULT.with(limits -> limits.idleTimeout = SOON));
                var silent = server.connect();
                var nginx = server.connect()) {
            assertThat(nginx.send(get(1, true, "/")).answer(1).appStatus()).isZero();
            assertThat(nginx.isClosedByServer()).isTrue();
            assertThat(silent.isClosedByServer()).isTrue();
        }
    }

    @Test
    void a_connection_that_stops_inside_a_record_is_closed() throws IOException { // T13
        try (var server =
                        TestServer.start(
                                TestServer::hello,
                                Limits.DEFAULT.with(limits -> limits.headerTimeout = SOON));
                var half = server.connect()) {
            half.send(new byte[] {1, 1, 0});
            assertThat(half.isClosedByServer()).isTrue();
        }
    }

    @Test
    void variables_that_do_not_end_in_time_are_answered() throws IOException { // T13, C34
        try (var server =
                        TestServer.start(
                                TestServer::hello,
                                Limits.DEFAULT.with(limits -> limits.headerTimeout = SOON));
                var half = server.connect()) {
            half.begin(1, true).send(PARAMS, 1, pairs(variables("GET", "/", 0)));
            Answer answer = half.answer(1);
            assertThat(answer.stdout()).startsWith("Status: 408 ");
            assertThat(answer.appStatus()).isNotZero();
            half.send(PARAMS, 1, "").send(STDIN, 1, "");
            assertThat(half.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void a_request_that_takes_too_long_is_answered_and_interrupted() throws Exception { // C34
        CountDownLatch told = new CountDownLatch(1);
        FastCgiHandler handler =
                request -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException late) {
                        told.countDown();
                        request.stdout().writeLatin1("\r\nlate");
                    }
                    return 0;
                };
        try (var server =
                        TestServer.start(
                                handler,
                                Limits.DEFAULT.with(limits -> limits.requestTimeout = SOON));
                var nginx = server.connect()) {
            Answer answer = nginx.send(get(1, true, "/")).answer(1);
            assertThat(answer.stdout()).startsWith("Status: 503 ").doesNotContain("late");
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(nginx.isQuietAndUsable()).isTrue();
            assertThat(server.server().statistics().failed()).isZero();
        }
    }

    @Test
    void a_response_that_takes_too_long_is_cut_visibly() throws Exception { // T16
        FastCgiHandler handler =
                request -> {
                    request.stdout().writeLatin1("\r\nbegun");
                    request.stdout().flush();
                    new CountDownLatch(1).await();
                    return 0;
                };
        try (var server =
                        TestServer.start(
                                handler,
                                Limits.DEFAULT.with(limits -> limits.requestTimeout = SOON));
                var nginx = server.connect()) {
            Answer answer = nginx.send(get(1, true, "/")).answer(1);
            assertThat(answer.stdout()).isEqualTo("\r\nbegun");
            assertThat(answer.appStatus()).isNotZero();
        }
    }

    @Test
    void a_peer_that_does_not_read_is_given_up() throws Exception { // T14
        FastCgiHandler handler =
                request -> {
                    request.stdout().write(new byte[50 << 20]);
                    return 0;
                };
        try (var server =
                        TestServer.start(
                                handler,
                                Limits.DEFAULT.with(limits -> limits.writeTimeout = SOON));
                var deaf = server.connect()) {
            deaf.send(get(1, true, "/"));
            Await.until("its handler runs", () -> server.server().statistics().requests() == 1);
            Await.until(
                    "it is given up",
                    () ->
                            server.server().statistics().running() == 0
                                    && server.server().statistics().connections() == 0);
            assertThat(server.server().statistics().failed()).isZero();
        }
    }

    @Test
    void a_peer_that_does_not_close_after_its_last_answer_is_closed() throws Exception { // T10, F26
        try (var server = TestServer.start(TestServer::hello);
                var nginx = server.connect()) {
            nginx.begin(1, false).send(PARAMS, 1, pairs(variables("POST", "/", 5)));
            assertThat(nginx.send(PARAMS, 1, "").answer(1).stdout()).endsWith("Hello!");
            assertThat(nginx.isClosedByServer()).isTrue(); // its side; ours is still open
            Await.until("it is gone", () -> server.server().statistics().connections() == 0);
        }
    }

    @Test
    void a_handler_that_wrote_only_to_the_error_log_is_answered_for()
            throws IOException { // F32, C34
        CountDownLatch never = new CountDownLatch(1);
        FastCgiHandler slow =
                request -> {
                    request.stderr().write("still waiting\n".getBytes(StandardCharsets.US_ASCII));
                    never.await();
                    return 0;
                };
        try (var server =
                        TestServer.start(
                                slow, Limits.DEFAULT.with(limits -> limits.requestTimeout = SOON));
                var nginx = server.connect()) {
            List<Received> records = nginx.send(get(1, true, "/")).recordsOf(1);
            assertThat(records)
                    .extracting(Received::type)
                    .containsExactly(STDERR, STDERR, STDOUT, STDOUT, END);
            assertThat(records.get(1).content()).isEmpty();
            assertThat(records.get(2).text()).startsWith("Status: 503 ").contains("too-slow");
            assertThat(nginx.isQuietAndUsable()).isTrue();
        }
    }
}
