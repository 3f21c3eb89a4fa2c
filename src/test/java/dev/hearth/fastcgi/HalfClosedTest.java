package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.ABORT;
import static dev.hearth.fastcgi.FakeWebServer.GET_VALUES;
import static dev.hearth.fastcgi.FakeWebServer.GET_VALUES_RESULT;
import static dev.hearth.fastcgi.FakeWebServer.PARAMS;
import static dev.hearth.fastcgi.FakeWebServer.STDIN;
import static dev.hearth.fastcgi.FakeWebServer.STDOUT;
import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.pairs;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FakeWebServer.Answer;
import dev.hearth.fastcgi.FakeWebServer.Received;
import dev.hearth.fastcgi.TestServer.Transport;
import dev.hearth.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Peers that end their side of a connection (`shutdown(SHUT_WR)`), and peers that are gone: a read gives the end of
/// input for both.
@Timeout(60)
class HalfClosedTest {
    private static final long LONGER_THAN_ANY_LOOK = TimeUnit.MILLISECONDS.toNanos(1_200);

    // What handlers met, in order.
    private final LinkedBlockingQueue<Object> met = new LinkedBlockingQueue<>();
    private final Semaphore release = new Semaphore(0);

    private Object met() throws InterruptedException {
        return met.poll(20, TimeUnit.SECONDS);
    }

    /// Waits for its release, and answers with the name of its request.
    private int waiting(FastCgiRequest request) throws IOException {
        met.add("running");
        try {
            release.acquire();
        } catch (InterruptedException told) {
            met.add(told);
        }
        request.stdout().writeLatin1("\r\n" + request.params().getOrEmpty("SCRIPT_NAME"));
        return 0;
    }

    /// Waits for its release if its request has no body, else reads it.
    private int readingOrWaiting(FastCgiRequest request) throws IOException {
        if (request.params().getOrEmpty("REQUEST_METHOD").equals("GET")) {
            return waiting(request);
        }
        met.add("running");
        try {
            request.stdin().readAllBytes();
        } catch (IOException told) {
            met.add(told);
            throw told;
        }
        request.stdout().writeLatin1("\r\nread");
        return 0;
    }

    /// So long that every look has been taken that tells a peer from one that is gone.
    private static void letTimePass() {
        long start = System.nanoTime();
        Await.until("time has passed", () -> System.nanoTime() - start > LONGER_THAN_ANY_LOOK);
    }

    private static void awaitQuiet(TestServer server) {
        Await.until(
                "no handler and no connection is left",
                () ->
                        server.server().statistics().running() == 0
                                && server.server().statistics().connections() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void a_peer_that_has_only_ended_its_side_is_answered_however_long_it_takes(Transport transport)
            throws Exception { // F42
        try (var server = TestServer.start(transport, this::waiting);
                var socat = server.connect()) {
            socat.send(get(1, true, "/slow")).shutdownOutput();
            assertThat(met()).isEqualTo("running");
            letTimePass();
            if (transport
                    == Transport.UNIX) { // where the system knows, nothing is sent to learn it
                assertThat(socat.hasReceivedNothing()).isTrue();
            }
            release.release();
            List<Received> records = socat.recordsUntilClosed();
            assertThat(records).extracting(Received::version).containsOnly(1);
            assertThat(records).extracting(Received::id).containsOnly(1);
            assertThat(records).extracting(Received::type).containsExactly(6, 6, 3);
            assertThat(records.getFirst().text()).isEqualTo("\r\n/slow");
            assertThat(records.getLast().appStatus()).isZero();
            assertThat(server.server().statistics().aborted()).isZero();
            assertThat(met).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_request_of_a_peer_that_has_ended_its_side_is_answered(Transport transport)
            throws Exception { // F42, F28
        FastCgiHandler handler =
                request -> {
                    int status = waiting(request);
                    request.stderr().write(new byte[] {'o', 'k', '\n'});
                    return status;
                };
        try (var server = TestServer.start(transport, handler);
                var socat = server.connect()) {
            for (int id = 1; id <= 3; id++) {
                socat.send(get(id, id != 2, "/" + id));
                assertThat(met()).isEqualTo("running");
            }
            socat.shutdownOutput();
            letTimePass();
            release.release(3);
            List<Received> records = socat.recordsUntilClosed();
            assertThat(records).extracting(Received::version).containsOnly(1);
            for (int id = 1; id <= 3; id++) {
                int of = id;
                List<Received> own = records.stream().filter(each -> each.id() == of).toList();
                assertThat(own).extracting(Received::type).containsExactly(7, 6, 7, 6, 3);
                assertThat(own.get(1).text()).isEqualTo("\r\n/" + id);
                assertThat(own.getFirst().text()).isEqualTo("ok\n");
            }
            assertThat(met).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_peer_that_is_gone_interrupts_its_handlers(Transport transport)
            throws Exception { // F42, I7
        try (var server = TestServer.start(transport, this::waiting)) {
            try (var nginx = server.connect()) {
                nginx.send(get(1, true, "/")).send(get(2, true, "/"));
                assertThat(met()).isEqualTo("running");
                assertThat(met()).isEqualTo("running");
            }
            assertThat(met()).isInstanceOf(InterruptedException.class);
            assertThat(met()).isInstanceOf(InterruptedException.class);
            awaitQuiet(server);
            assertThat(server.server().statistics().failed()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_peer_that_goes_after_it_has_ended_its_side_interrupts_its_handler(Transport transport)
            throws Exception { // F42
        try (var server = TestServer.start(transport, this::waiting)) {
            try (var socat = server.connect()) {
                socat.send(get(1, true, "/")).shutdownOutput();
                assertThat(met()).isEqualTo("running");
                letTimePass();
                assertThat(met).isEmpty();
            }
            assertThat(met()).isInstanceOf(InterruptedException.class);
            awaitQuiet(server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_body_that_stops_short_reaches_its_handler_at_once(Transport transport)
            throws Exception { // F35, F42
        try (var server = TestServer.start(transport, this::readingOrWaiting);
                var socat = server.connect()) {
            socat.send(get(1, true, "/whole"));
            assertThat(met()).isEqualTo("running");
            socat.begin(2, true).send(PARAMS, 2, pairs(variables("POST", "/", 10)));
            socat.send(PARAMS, 2, "").send(STDIN, 2, "half");
            assertThat(met()).isEqualTo("running");
            socat.shutdownOutput();
            assertThat(met()).isInstanceOf(BodyCutException.class);
            assertThat(socat.answer(2).stdout()).startsWith("Status: 400 ");
            letTimePass();
            release.release();
            assertThat(socat.answer(1).stdout()).isEqualTo("\r\n/whole");
            assertThat(socat.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_peer_that_goes_inside_a_body_leaves_nothing_behind(Transport transport)
            throws Exception { // F42
        try (var server = TestServer.start(transport, this::readingOrWaiting)) {
            try (var nginx = server.connect()) {
                nginx.begin(1, true).send(PARAMS, 1, pairs(variables("POST", "/", 10)));
                nginx.send(PARAMS, 1, "").send(STDIN, 1, "half");
                assertThat(met()).isEqualTo("running");
            }
            assertThat(met()).isInstanceOf(IOException.class);
            awaitQuiet(server);
            assertThat(server.server().statistics().failed()).isZero();
        }
    }

    @Test
    void a_body_that_is_whole_by_its_length_needs_no_end() throws Exception { // F33, F34
        try (var server = TestServer.start(this::readingOrWaiting);
                var jFastCgi = server.connect()) {
            jFastCgi.begin(1, true).send(PARAMS, 1, pairs(variables("POST", "/", 4)));
            jFastCgi.send(PARAMS, 1, "").send(STDIN, 1, "body").shutdownOutput();
            assertThat(jFastCgi.answer(1).stdout()).isEqualTo("\r\nread");
            assertThat(jFastCgi.isClosedByServer()).isTrue();
        }
    }

    @Test
    void a_handler_that_does_not_read_its_body_is_not_disturbed_by_its_want_of_an_end()
            throws Exception { // F33
        try (var server = TestServer.start(this::readingOrWaiting);
                var jFastCgi = server.connect()) {
            jFastCgi.begin(1, true).send(PARAMS, 1, pairs(variables("GET", "/get", 0)));
            jFastCgi.send(PARAMS, 1, "").shutdownOutput();
            assertThat(met()).isEqualTo("running");
            release.release();
            assertThat(jFastCgi.answer(1).stdout()).isEqualTo("\r\n/get");
            assertThat(jFastCgi.isClosedByServer()).isTrue();
        }
    }

    @Test
    void a_request_without_all_of_its_variables_is_ended_and_the_others_served()
            throws Exception { // F42
        try (var server = TestServer.start(this::waiting);
                var socat = server.connect()) {
            socat.send(get(1, true, "/whole"));
            assertThat(met()).isEqualTo("running");
            socat.begin(2, true).send(PARAMS, 2, pairs(variables("GET", "/", 0))).shutdownOutput();
            Answer ended = socat.answer(2);
            assertThat(ended.stdout()).isEmpty();
            assertThat(ended.appStatus()).isNotZero();
            release.release();
            assertThat(socat.answer(1).stdout()).isEqualTo("\r\n/whole");
            assertThat(socat.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_abort_is_answered_before_the_end_of_a_side(Transport transport)
            throws Exception { // F41
        try (var server = TestServer.start(transport, this::waiting);
                var socat = server.connect()) {
            socat.send(get(1, true, "/"));
            assertThat(met()).isEqualTo("running");
            socat.send(ABORT, 1, "").shutdownOutput();
            assertThat(met()).isInstanceOf(InterruptedException.class);
            Answer aborted = socat.answer(1);
            assertThat(aborted.appStatus()).isNotZero();
            assertThat(aborted.stdout()).isEmpty();
            assertThat(socat.isClosedByServer()).isTrue();
        }
    }

    @Test
    void a_question_before_the_end_of_a_side_is_answered() throws Exception { // F22
        try (var server = TestServer.start(this::waiting);
                var socat = server.connect()) {
            for (int i = 0; i < 5_000; i++) { // more than the socket holds
                socat.send(GET_VALUES, 0, pairs(Map.of("FCGI_MAX_CONNS", "")));
            }
            socat.shutdownOutput();
            List<Received> results = socat.recordsUntilClosed();
            assertThat(results).hasSize(5_000);
            assertThat(results).extracting(Received::type).containsOnly(GET_VALUES_RESULT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_response_that_streams_goes_on(Transport transport) throws Exception { // F42
        FastCgiHandler handler =
                request -> {
                    for (int i = 0; i < 3; i++) {
                        waiting(request);
                        request.stdout().flush();
                    }
                    return 0;
                };
        try (var server = TestServer.start(transport, handler);
                var socat = server.connect()) {
            socat.send(get(1, true, "/")).shutdownOutput();
            assertThat(met()).isEqualTo("running");
            letTimePass();
            release.release();
            assertThat(socat.next().text()).isEqualTo("\r\n/");
            letTimePass();
            release.release(2);
            assertThat(socat.recordsUntilClosed())
                    .extracting(Received::type)
                    .containsExactly(STDOUT, STDOUT, STDOUT, 3);
        }
    }

    // Which of its records the server waits with depends on the size of the system's buffers.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void the_rest_of_a_long_response_follows_the_end_of_a_side(int records)
            throws Exception { // F42
        CountDownLatch writing = new CountDownLatch(1);
        try (var server = TestServer.start(request -> longResponse(request, records, writing));
                var socat = server.connect()) {
            socat.send(get(1, true, "/"));
            assertThat(writing.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(socat.next().type()).isEqualTo(STDOUT);
            socat.shutdownOutput();
            assertThat(socat.answer(1).stdoutBytes()).hasSize((records - 1) * 65_528);
            assertThat(socat.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void the_rest_of_a_long_response_follows_when_the_server_stops(int records)
            throws Exception { // F44, T19
        CountDownLatch writing = new CountDownLatch(1);
        try (var server = TestServer.start(request -> longResponse(request, records, writing));
                var nginx = server.connect()) {
            nginx.send(get(1, true, "/"));
            assertThat(writing.await(20, TimeUnit.SECONDS)).isTrue();
            server.server().stopAccepting();
            server.server().drain(Duration.ofMillis(50));
            assertThat(nginx.answer(1).stdoutBytes()).hasSize(records * 65_528);
            assertThat(nginx.isClosedByServer()).isTrue();
        }
    }

    private static int longResponse(FastCgiRequest request, int records, CountDownLatch writing)
            throws IOException {
        writing.countDown();
        request.stdout().write(new byte[records * 65_528]);
        return 0;
    }
}
