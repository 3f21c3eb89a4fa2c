package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.PARAMS;
import static dev.hearth.fastcgi.FakeWebServer.STDIN;
import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.pairs;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class StopTest {
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    private int slow(FastCgiRequest request) throws IOException, InterruptedException {
        running.countDown();
        release.await();
        return TestServer.hello(request);
    }

    @Test
    void a_request_under_way_is_answered_and_its_connection_closed() throws Exception { // F44, T19
        try (var server = TestServer.start(this::slow);
                var nginx = server.connect();
                var idle = server.connect()) {
            assertThat(idle.isQuietAndUsable()).isTrue();
            nginx.send(get(1, true, "/"));
            assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
            server.server().stopAccepting();
            assertThat(idle.isClosedByServer()).isTrue();
            assertThat(server.server().drain(Duration.ZERO)).isFalse();
            release.countDown();
            assertThat(nginx.answer(1).stdout()).endsWith("Hello!");
            assertThat(nginx.isClosedByServer()).isTrue();
            assertThat(server.server().drain(GRACE)).isTrue();
        }
    }

    @Test
    void a_request_that_is_arriving_is_answered() throws Exception { // F44
        try (var server = TestServer.start(TestServer::echo);
                var nginx = server.connect()) {
            nginx.begin(1, true).send(PARAMS, 1, pairs(variables("POST", "/", 4)));
            assertThat(nginx.isQuietAndUsable()).isTrue();
            server.server().stopAccepting();
            nginx.send(PARAMS, 1, "").send(STDIN, 1, "body").send(STDIN, 1, "");
            assertThat(nginx.answer(1).stdout()).endsWith("body");
            assertThat(nginx.isClosedByServer()).isTrue();
            assertThat(server.server().drain(GRACE)).isTrue();
        }
    }

    @Test
    void nobody_can_connect_once_it_stops() throws Exception { // F44, T19
        try (var server = TestServer.start(TestServer::hello)) {
            server.server().stopAccepting();
            Await.until(
                    "connections are refused",
                    () -> {
                        server.server()
                                .drain(Duration.ofMillis(1)); // closes what was accepted at last
                        try (var _ = server.connect()) {
                            return false;
                        } catch (IOException refused) {
                            return true;
                        }
                    });
            assertThat(server.server().drain(GRACE)).isTrue();
        }
    }

    @Test
    void what_outlasts_the_grace_is_told_503() throws Exception { // F44, C34
        CountDownLatch told = new CountDownLatch(1);
        FastCgiHandler handler =
                request -> {
                    running.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException late) {
                        told.countDown();
                        request.stdout().writeLatin1("\r\nlate");
                    }
                    return 0;
                };
        try (var server = TestServer.start(handler);
                var nginx = server.connect();
                var arriving = server.connect()) {
            nginx.send(get(1, true, "/"));
            arriving.begin(1, true).send(PARAMS, 1, pairs(variables("POST", "/", 4)));
            assertThat(arriving.isQuietAndUsable()).isTrue();
            assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
            server.server().stopAccepting();
            assertThat(server.server().drain(Duration.ZERO)).isFalse();
            server.server().giveUp();
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            for (FakeWebServer peer : List.of(nginx, arriving)) {
                FakeWebServer.Answer answer = peer.answer(1);
                assertThat(answer.stdout())
                        .startsWith("Status: 503 ")
                        .contains("Retry-After: ", "urn:hearth:problem:stopping")
                        .doesNotContain("late");
                assertThat(answer.appStatus()).isNotZero();
            }
        }
    }

    @Test
    void a_response_that_outlasts_the_grace_is_visibly_cut() throws Exception { // T16
        FastCgiHandler handler =
                request -> {
                    request.stdout().writeLatin1("\r\npart");
                    request.stdout().flush();
                    running.countDown();
                    release.await();
                    return 0;
                };
        try (var server = TestServer.start(handler);
                var nginx = server.connect()) {
            nginx.send(get(1, true, "/"));
            assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
            server.server().stopAccepting();
            server.server().giveUp();
            FakeWebServer.Answer answer = nginx.answer(1);
            assertThat(answer.stdout()).endsWith("part");
            assertThat(answer.appStatus()).isNotZero();
        }
    }

    @Test
    void a_handler_that_outlasts_the_grace_is_interrupted() throws Exception { // F44
        CountDownLatch told = new CountDownLatch(1);
        FastCgiHandler handler =
                request -> {
                    running.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException late) {
                        told.countDown();
                    }
                    return 0;
                };
        try (var server = TestServer.start(handler);
                var nginx = server.connect()) {
            nginx.send(get(1, true, "/"));
            assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
            server.server().stopAccepting();
            assertThat(server.server().drain(Duration.ofMillis(20))).isFalse();
            server.server().close();
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> nginx.answer(1));
            server.server().close(); // twice is harmless
            server.server().awaitStop();
        }
    }
}
