package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.ABORT;
import static dev.hearth.fastcgi.FakeWebServer.PARAMS;
import static dev.hearth.fastcgi.FakeWebServer.STDIN;
import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.pairs;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FakeWebServer.Answer;
import dev.hearth.testing.Await;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class AbortTest {
    // What handlers met, in order.
    private final LinkedBlockingQueue<Object> met = new LinkedBlockingQueue<>();

    private Object met() throws InterruptedException {
        return met.poll(20, TimeUnit.SECONDS);
    }

    /// Waits for its interrupt, then writes.
    private int waiting(FastCgiRequest request) throws IOException {
        met.add("running");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException told) {
            met.add(told);
        }
        request.stdout().writeLatin1("late");
        return 0;
    }

    /// Reads its body to the end.
    private int reading(FastCgiRequest request) throws IOException {
        met.add("running");
        try {
            request.stdin().readAllBytes();
        } catch (IOException told) {
            met.add(told);
            throw told;
        }
        return 0;
    }

    private static void assertAborted(Answer answer) {
        assertThat(answer.protocolStatus()).isZero();
        assertThat(answer.appStatus()).isNotZero();
        assertThat(answer.stdout()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void an_abort_is_answered_in_every_phase(int phase) throws Exception { // F41
        try (var server = TestServer.start(this::reading);
                var haproxy = server.connect()) {
            haproxy.begin(9, true);
            if (phase >= 1) {
                haproxy.send(PARAMS, 9, pairs(variables("POST", "/", 10)));
            }
            if (phase >= 2) {
                haproxy.send(PARAMS, 9, "");
                assertThat(met()).isEqualTo("running");
            }
            if (phase >= 3) {
                haproxy.send(STDIN, 9, "half");
            }
            haproxy.send(ABORT, 9, phase == 4 ? "content" : "");
            assertAborted(haproxy.answer(9));
            if (phase >= 2) {
                assertThat(met()).isInstanceOf(RequestAbortedException.class);
            }
            haproxy.send(STDIN, 9, "rest").send(STDIN, 9, "").send(ABORT, 9, "");
            assertThat(haproxy.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void a_handler_that_has_all_of_its_request_is_interrupted() throws Exception { // F41
        try (var server = TestServer.start(this::waiting);
                var haproxy = server.connect()) {
            haproxy.send(get(1, true, "/"));
            assertThat(met()).isEqualTo("running");
            assertAborted(haproxy.send(ABORT, 1, "").answer(1));
            assertThat(met()).isInstanceOf(InterruptedException.class);
            assertThat(haproxy.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void an_abort_closes_a_connection_that_is_not_kept() throws Exception { // F26, F41
        try (var server = TestServer.start(this::waiting);
                var haproxy = server.connect()) {
            haproxy.send(get(1, false, "/"));
            assertThat(met()).isEqualTo("running");
            assertAborted(haproxy.send(ABORT, 1, "").answer(1));
            assertThat(haproxy.isClosedByServer()).isTrue();
        }
    }

    @Test
    void late_output_never_reaches_the_wire_also_when_the_id_lives_again() throws Exception { // T6
        CountDownLatch again = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        FastCgiHandler handler =
                request -> {
                    if (request.params().getOrEmpty("SCRIPT_NAME").equals("/new")) {
                        again.countDown();
                        written.await();
                        return TestServer.hello(request);
                    }
                    met.add("running");
                    Await.until(
                            "the id lives again",
                            () -> {
                                Thread.interrupted(); // a handler that does not care
                                return again.getCount() == 0;
                            });
                    for (int i = 0; i < 100; i++) {
                        try {
                            request.stdout().write(new byte[100_000]);
                            request.stdout().flush();
                            met.add("written");
                        } catch (IOException told) {
                            met.add(told);
                        }
                    }
                    try {
                        request.stderr().write(new byte[100]);
                        met.add("written");
                    } catch (IOException told) {
                        met.add(told);
                    }
                    written.countDown();
                    return 0;
                };
        try (var server = TestServer.start(handler);
                var haproxy = server.connect()) {
            haproxy.send(get(5, true, "/old"));
            assertThat(met()).isEqualTo("running");
            assertAborted(haproxy.send(ABORT, 5, "").answer(5));
            Answer answer = haproxy.send(get(5, true, "/new")).answer(5);
            assertThat(answer.stdout()).endsWith("\r\n\r\nHello!");
            assertThat(answer.stderr()).isEmpty();
            assertThat(met).hasSize(101).hasOnlyElementsOfType(RequestAbortedException.class);
            assertThat(haproxy.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void an_abort_of_one_request_leaves_the_others_alone() throws Exception { // F41, F28
        try (var server = TestServer.start(this::reading);
                var haproxy = server.connect()) {
            for (int id = 1; id <= 3; id++) {
                haproxy.begin(id, true).send(PARAMS, id, pairs(variables("POST", "/", 4)));
                haproxy.send(PARAMS, id, "").send(STDIN, id, "ab");
            }
            assertAborted(haproxy.send(ABORT, 2, "").answer(2));
            haproxy.send(STDIN, 3, "cd").send(STDIN, 3, "");
            assertThat(haproxy.answer(3).appStatus()).isZero();
            haproxy.send(STDIN, 1, "cd").send(STDIN, 1, "");
            assertThat(haproxy.answer(1).appStatus()).isZero();
        }
    }

    @Test
    void a_request_that_waits_for_its_turn_can_be_given_up() throws Exception { // F41
        Limits limits = Limits.DEFAULT.with(changes -> changes.requestsAtOnce = 1);
        CountDownLatch release = new CountDownLatch(1);
        FastCgiHandler handler =
                request -> {
                    met.add(request.params().getOrEmpty("SCRIPT_NAME"));
                    release.await();
                    return 0;
                };
        try (var server = TestServer.start(handler, limits);
                var haproxy = server.connect();
                var other = server.connect()) {
            haproxy.send(get(1, true, "/first"));
            assertThat(met()).isEqualTo("/first");
            other.send(get(1, true, "/waits"));
            Await.until("it waits", () -> server.server().statistics().waiting() == 1);
            assertAborted(other.send(ABORT, 1, "").answer(1));
            release.countDown();
            assertThat(haproxy.answer(1).appStatus()).isZero();
            assertThat(other.send(get(1, true, "/next")).answer(1).appStatus()).isZero();
            assertThat(met).containsExactly("/next");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_request_that_was_given_up_keeps_no_other_from_waiting(boolean vanishes)
            throws Exception { // F29, F41, F42
        Limits limits =
                Limits.DEFAULT.with(changes -> {
                    changes.requestsAtOnce = 1;
                    changes.requestsWaiting = 1;
                });
        CountDownLatch release = new CountDownLatch(1);
        FastCgiHandler handler =
                request -> {
                    met.add("running");
                    release.await();
                    return 0;
                };
        try (var server = TestServer.start(handler, limits);
                var haproxy = server.connect();
                var other = server.connect()) {
            haproxy.send(get(1, true, "/"));
            assertThat(met()).isEqualTo("running");
            try (var impatient = server.connect()) {
                impatient.send(get(1, true, "/"));
                Await.until("it waits", () -> server.server().statistics().waiting() == 1);
                if (!vanishes) {
                    assertAborted(impatient.send(ABORT, 1, "").answer(1));
                }
            }
            Await.until("none waits", () -> server.server().statistics().waiting() == 0);
            other.send(get(1, true, "/"));
            Await.until("another waits", () -> server.server().statistics().waiting() == 1);
            release.countDown();
            assertThat(haproxy.answer(1).appStatus()).isZero();
            assertThat(other.answer(1).appStatus()).isZero();
            assertThat(server.server().statistics().overloaded()).isZero();
        }
    }

    @Test
    void a_peer_that_goes_away_interrupts_every_handler() throws Exception { // F42, I7
        try (var server = TestServer.start(this::waiting)) {
            try (var nginx = server.connect()) {
                nginx.send(get(1, true, "/")).send(get(2, true, "/"));
                assertThat(met()).isEqualTo("running");
                assertThat(met()).isEqualTo("running");
            }
            assertThat(met()).isInstanceOf(InterruptedException.class);
            assertThat(met()).isInstanceOf(InterruptedException.class);
            Await.until("no handler is left", () -> server.server().statistics().running() == 0);
            assertThat(server.server().statistics().failed()).isZero(); // F43: not an error
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void a_peer_that_goes_away_before_its_request_is_whole_leaves_nothing_behind(int phase)
            throws Exception { // F42
        try (var server = TestServer.start(this::reading)) {
            try (var nginx = server.connect()) {
                nginx.begin(1, true);
                if (phase >= 1) {
                    nginx.send(PARAMS, 1, pairs(variables("POST", "/", 10)));
                }
                if (phase == 2) {
                    nginx.send(PARAMS, 1, "").send(STDIN, 1, "half");
                    assertThat(met()).isEqualTo("running");
                }
            }
            if (phase == 2) {
                assertThat(met()).isInstanceOf(RequestAbortedException.class);
            }
            Await.until(
                    "nothing is left",
                    () ->
                            server.server().statistics().running() == 0
                                    && server.server().statistics().connections() == 0);
            assertThat(server.server().statistics().failed()).isZero();
        }
    }

    @Test
    void a_streaming_handler_learns_of_a_lost_peer_by_writing() throws Exception { // T14, F42
        FastCgiHandler handler =
                request -> {
                    try {
                        while (true) {
                            request.stdout().write(new byte[10_000]);
                            request.stdout().flush();
                        }
                    } catch (IOException told) {
                        met.add(told);
                        throw told;
                    }
                };
        try (var server = TestServer.start(handler)) {
            try (var nginx = server.connect()) {
                nginx.send(get(1, true, "/")).next();
            }
            assertThat(met()).isInstanceOf(RequestAbortedException.class);
            Await.until("no handler is left", () -> server.server().statistics().running() == 0);
            assertThat(server.server().statistics().failed()).isZero();
        }
    }

    @Test
    void a_peer_that_closes_between_requests_is_no_abort() throws Exception { // F43
        try (var server = TestServer.start(TestServer::hello)) {
            try (var nginx = server.connect()) {
                assertThat(nginx.send(get(1, true, "/")).answer(1).appStatus()).isZero();
            }
            Await.until("it is closed", () -> server.server().statistics().connections() == 0);
            assertThat(server.server().statistics().aborted()).isZero();
            assertThat(server.server().statistics().protocolErrors()).isZero();
        }
    }
}
