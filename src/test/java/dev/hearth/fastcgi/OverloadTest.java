package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.PARAMS;
import static dev.hearth.fastcgi.FakeWebServer.STDIN;
import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.pairs;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FakeWebServer.Answer;
import dev.hearth.fastcgi.FakeWebServer.Received;
import dev.hearth.fastcgi.Limits.Overload;
import dev.hearth.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class OverloadTest {
    private final CountDownLatch release = new CountDownLatch(1);

    private int slow(FastCgiRequest request) throws IOException, InterruptedException {
        if (request.params().getOrEmpty("SCRIPT_NAME").equals("/slow")) {
            release.await();
        }
        return TestServer.hello(request);
    }

    private static Limits one(Overload overload, int waiting) {
        return Limits.DEFAULT.with(changes -> {
            changes.requestsAtOnce = 1;
            changes.requestsWaiting = waiting;
            changes.overload = overload;
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_request_too_many_is_told_to_come_back(boolean sameConnection)
            throws Exception { // F29, C34
        try (var server = TestServer.start(this::slow, one(Overload.HTTP_503, 0));
                var first = server.connect();
                var second = server.connect()) {
            first.send(get(1, true, "/slow"));
            Await.until("it runs", () -> server.server().statistics().running() == 1);
            FakeWebServer nginx = sameConnection ? first : second;
            Answer answer = nginx.send(get(2, true, "/")).answer(2);
            assertThat(answer.stdout())
                    .startsWith("Status: 503 ")
                    .contains("\r\nRetry-After: 1\r\n");
            assertThat(answer.protocolStatus()).isZero();
            release.countDown();
            assertThat(first.answer(1).stdout()).endsWith("Hello!");
            Await.until("it has ended", () -> server.server().statistics().running() == 0);
            assertThat(nginx.send(get(2, true, "/")).answer(2).stdout()).endsWith("Hello!");
            assertThat(server.server().statistics().overloaded()).isEqualTo(1);
        }
    }

    @Test
    void a_request_too_many_is_refused_by_the_protocol_where_that_is_configured()
            throws Exception { // F29
        try (var server = TestServer.start(this::slow, one(Overload.FCGI_OVERLOADED, 0));
                var first = server.connect();
                var second = server.connect()) {
            first.send(get(1, true, "/slow"));
            Await.until("it runs", () -> server.server().statistics().running() == 1);
            Answer answer = second.send(get(1, true, "/")).answer(1);
            assertThat(answer.protocolStatus()).isEqualTo(2);
            assertThat(answer.stdoutBytes()).isEmpty();
            assertThat(second.isQuietAndUsable()).isTrue();
            assertThat(second.send(get(1, false, "/")).answer(1).protocolStatus()).isEqualTo(2);
            assertThat(second.isClosedByServer()).isTrue(); // F26
            release.countDown();
            assertThat(first.answer(1).stdout()).endsWith("Hello!");
        }
    }

    @Test
    void requests_wait_for_their_turn() throws Exception { // F29
        try (var server = TestServer.start(this::slow, one(Overload.HTTP_503, 3));
                var first = server.connect();
                var second = server.connect()) {
            first.send(get(1, true, "/slow"));
            Await.until("it runs", () -> server.server().statistics().running() == 1);
            second.send(get(1, true, "/")).send(get(2, true, "/")).send(get(3, true, "/"));
            Await.until("they wait", () -> server.server().statistics().waiting() == 3);
            assertThat(second.send(get(4, true, "/")).answer(4).stdout())
                    .startsWith("Status: 503 ");
            release.countDown();
            assertThat(first.answer(1).stdout()).endsWith("Hello!");
            for (int id = 1; id <= 3; id++) {
                assertThat(second.answer(id).stdout()).endsWith("Hello!");
            }
        }
    }

    @Test
    void any_number_may_wait() throws Exception {
        try (var server = TestServer.start(this::slow, one(Overload.HTTP_503, Integer.MAX_VALUE));
                var first = server.connect();
                var second = server.connect()) {
            first.send(get(1, true, "/slow"));
            Await.until("it runs", () -> server.server().statistics().running() == 1);
            second.send(get(1, true, "/"));
            Await.until("it waits", () -> server.server().statistics().waiting() == 1);
            release.countDown();
            assertThat(first.answer(1).stdout()).endsWith("Hello!");
            assertThat(second.answer(1).stdout()).endsWith("Hello!");
        }
    }

    @Test
    void half_a_request_holds_no_place() throws Exception { // F29, T13
        try (var server = TestServer.start(TestServer::hello, one(Overload.HTTP_503, 0));
                var half = server.connect();
                var nginx = server.connect()) {
            half.begin(1, true).send(PARAMS, 1, pairs(variables("GET", "/", 0)));
            for (int i = 0; i < 50; i++) {
                assertThat(nginx.send(get(1, true, "/")).answer(1).stdout()).endsWith("Hello!");
            }
        }
    }

    @Test
    void two_hundred_half_requests_delay_nobody() throws Exception { // Faults, T12
        List<FakeWebServer> slow = new ArrayList<>();
        try (var server = TestServer.start(TestServer::echo)) {
            for (int i = 0; i < 200; i++) {
                FakeWebServer half = server.connect();
                slow.add(half);
                byte[] request = get(1, true, "/half");
                half.send(Arrays.copyOf(request, 1 + i * (request.length - 2) / 200));
            }
            for (int i = 0; i < 50; i++) {
                try (var nginx = server.connect()) {
                    assertThat(nginx.send(get(1, false, "/hello")).answer(1).appStatus()).isZero();
                }
            }
        } finally {
            for (FakeWebServer half : slow) {
                half.close();
            }
        }
    }

    @Test
    void idle_connections_keep_no_thread_and_no_other_connection_out() throws Exception { // T12, F5
        List<FakeWebServer> idle = new ArrayList<>();
        try (var server = TestServer.start(TestServer::hello)) {
            for (int i = 0; i < 50; i++) {
                FakeWebServer kept = server.connect();
                idle.add(kept);
                assertThat(kept.send(get(1, true, "/")).answer(1).appStatus()).isZero();
            }
            try (var nginx = server.connect()) {
                assertThat(nginx.send(get(1, true, "/")).answer(1).stdout()).endsWith("Hello!");
            }
            assertThat(server.server().statistics().threads()).isLessThan(20);
            for (FakeWebServer kept : idle) {
                assertThat(kept.send(get(1, true, "/")).answer(1).appStatus()).isZero();
            }
        } finally {
            for (FakeWebServer kept : idle) {
                kept.close();
            }
        }
    }

    @Test
    void connections_too_many_wait_in_the_kernel() throws Exception { // F5
        Limits limits = Limits.DEFAULT.with(changes -> changes.connections = 2);
        try (var server = TestServer.start(TestServer::hello, limits);
                var first = server.connect();
                var second = server.connect();
                var third = server.connect()) {
            assertThat(first.send(get(1, true, "/")).answer(1).appStatus()).isZero();
            assertThat(second.send(get(1, true, "/")).answer(1).appStatus()).isZero();
            third.send(get(1, true, "/"));
            assertThat(server.server().statistics().connections()).isEqualTo(2);
            first.close();
            assertThat(third.answer(1).appStatus()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"4096, 200", "4097, 431"})
    void variables_are_counted(int count, int status) throws IOException { // T3, C34
        Map<String, String> variables = variables("GET", "/", 0);
        while (variables.size() < count) {
            variables.put("V" + variables.size(), "");
        }
        try (var server = TestServer.start(TestServer::hello);
                var nginx = server.connect()) {
            assertThat(sendPairs(nginx, pairs(variables)).stdout())
                    .startsWith(status == 200 ? "Content-Type" : "Status: 431 ");
            assertThat(nginx.isQuietAndUsable()).isTrue();
        }
    }

    private static Answer sendPairs(FakeWebServer nginx, byte[] pairs) throws IOException {
        nginx.begin(1, true);
        for (int at = 0; at < pairs.length; at += 65_000) {
            nginx.send(
                    PARAMS, 1, Arrays.copyOfRange(pairs, at, Math.min(pairs.length, at + 65_000)));
        }
        return nginx.send(PARAMS, 1, "").send(STDIN, 1, "").answer(1);
    }

    @Test
    void a_hundred_thousand_tiny_variables_are_refused() throws IOException { // T3
        byte[] tiny = new byte[200_000];
        try (var server = TestServer.start(TestServer::hello);
                var nginx = server.connect()) {
            assertThat(sendPairs(nginx, tiny).stdout()).startsWith("Status: 431 ");
            assertThat(nginx.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void variables_that_never_end_are_refused_at_the_limit() throws IOException { // T3, C34
        try (var server = TestServer.start(TestServer::hello);
                var nginx = server.connect()) {
            nginx.begin(1, true);
            byte[] piece = pairs(Map.of("N", "x".repeat(60_000)));
            for (int i = 0; i < 50; i++) {
                nginx.send(PARAMS, 1, piece);
            }
            assertThat(nginx.answer(1).stdout()).startsWith("Status: 431 ");
            assertThat(nginx.isQuietAndUsable()).isTrue();
            assertThat(nginx.send(get(1, true, "/")).answer(1).stdout()).endsWith("Hello!");
        }
    }

    @Test
    void variables_go_on_after_their_refusal_while_it_waits_behind_another_response()
            throws IOException { // T3, C34
        AtomicLong written = new AtomicLong();
        try (var server = TestServer.start(request -> writeEightMegabytes(request, written));
                var nginx = server.connect()) {
            nginx.send(get(2, true, "/")); // and reads nothing: what follows cannot leave
            Await.until("the connection is full", () -> standsStill(written));
            nginx.begin(1, true);
            byte[] piece = pairs(Map.of("N", "x".repeat(60_000)));
            for (int size = 0; size <= Limits.DEFAULT.paramsBytes(); size += piece.length) {
                nginx.send(PARAMS, 1, piece);
            }
            Await.until("it is refused", () -> server.server().statistics().refused() == 1);
            nginx.send(PARAMS, 1, piece).send(PARAMS, 1, "").send(STDIN, 1, "body");
            nginx.send(STDIN, 1, "");

            int refused = 0;
            for (Received record : nginx.recordsOf(1)) {
                refused += record.id() == 1 && record.text().startsWith("Status: 431 ") ? 1 : 0;
            }
            assertThat(refused).isEqualTo(1);
            assertThat(server.server().statistics().refused()).isEqualTo(1);
            nginx.recordsOf(2);
            assertThat(nginx.isQuietAndUsable()).isTrue();
        }
    }

    private static int writeEightMegabytes(FastCgiRequest request, AtomicLong written)
            throws IOException {
        byte[] piece = new byte[8_192];
        request.stdout().writeLatin1("\r\n");
        for (int i = 0; i < 1_024; i++) {
            request.stdout().write(piece);
            written.addAndGet(piece.length);
        }
        return 0;
    }

    private static boolean standsStill(AtomicLong written) {
        long before = written.get();
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        return before > 0 && written.get() == before;
    }

    @Test
    void the_largest_variables_within_the_limit_are_read() throws IOException { // C34
        byte[] others = pairs(variables("GET", "/", 0));
        int length = Limits.DEFAULT.paramsBytes() - others.length - 8 - 1;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(others);
        all.writeBytes(pairs(Map.of("N", "x".repeat(length + 3))));
        assertThat(all.size()).isEqualTo(Limits.DEFAULT.paramsBytes());
        try (var server = TestServer.start(TestServer::hello);
                var nginx = server.connect()) {
            assertThat(sendPairs(nginx, all.toByteArray()).stdout()).endsWith("Hello!");
            all.write(0);
            assertThat(sendPairs(nginx, all.toByteArray()).stdout()).startsWith("Status: 431 ");
        }
    }

    @ParameterizedTest
    @CsvSource({"0xffffffff, 0xffffffff", "0xffffff7f, 0x8000007f", "0x80000001, 0xffffffff"})
    void claims_of_two_gigabytes_are_refused_without_a_byte_of_them(String name, String value)
            throws IOException { // F18, T2
        byte[] claim =
                ByteBuffer.allocate(12)
                        .putInt((int) Long.decode(name).longValue())
                        .putInt((int) Long.decode(value).longValue())
                        .array();
        try (var server = TestServer.start(TestServer::hello);
                var nginx = server.connect()) {
            assertThat(sendPairs(nginx, claim).stdout()).startsWith("Status: 400 ");
            assertThat(nginx.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void a_nul_in_a_variable_is_refused() throws IOException { // F19, F40
        Map<String, String> variables = variables("GET", "/", 0);
        variables.put("HTTP_X", "a\0b");
        try (var server = TestServer.start(TestServer::hello);
                var nginx = server.connect()) {
            assertThat(sendPairs(nginx, pairs(variables)).stdout()).startsWith("Status: 400 ");
            assertThat(nginx.isQuietAndUsable()).isTrue();
        }
    }
}
