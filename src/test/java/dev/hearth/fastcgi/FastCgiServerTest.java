package dev.hearth.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FakeWebServer.Answer;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class FastCgiServerTest {
    @TempDir Path folder;

    private FastCgiServer serve(FastCgiHandler handler) throws IOException {
        return serve(handler, Limits.DEFAULT);
    }

    private FastCgiServer serve(FastCgiHandler handler, Limits limits) throws IOException {
        Listener listener = ListenAddress.parse("unix:" + socket()).open();
        return FastCgiServer.start(List.of(listener.channel()), handler, limits);
    }

    private Path socket() {
        return folder.resolve("s.sock");
    }

    private FakeWebServer connect() throws IOException {
        return FakeWebServer.connect(UnixDomainSocketAddress.of(socket()));
    }

    private static int hello(FastCgiRequest request) throws IOException {
        request.stdout().writeLatin1("Content-Type: text/plain\r\n\r\nHello!");
        return 0;
    }

    private static int echo(FastCgiRequest request) throws IOException {
        request.stdout().writeLatin1("Content-Type: text/plain\r\n\r\n");
        request.stdin().transferTo(request.stdout());
        return 0;
    }

    @Test
    void answers_and_closes_where_the_connection_is_not_kept() throws IOException { // F26
        try (var _ = serve(FastCgiServerTest::hello);
                var nginx = connect()) {
            Answer answer = nginx.send(FakeWebServer.get(1, false, "/hello")).answer(1);
            assertThat(answer.stdout()).endsWith("\r\n\r\nHello!");
            assertThat(answer.appStatus()).isZero();
            assertThat(nginx.isClosedByServer()).isTrue();
        }
    }

    @Test
    void serves_many_requests_on_a_kept_connection() throws IOException { // F13, F26
        try (var _ = serve(FastCgiServerTest::hello);
                var nginx = connect()) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(nginx.send(FakeWebServer.get(1, true, "/hello")).answer(1).stdout())
                        .endsWith("Hello!");
            }
        }
    }

    @Test
    void echoes_ten_megabytes_that_are_written_before_any_is_read() throws IOException { // T9
        byte[] body = new byte[10 << 20];
        new Random(1).nextBytes(body);
        try (var _ = serve(FastCgiServerTest::echo);
                var nginx = connect()) {
            nginx.send(
                    FakeWebServer.request(
                            1, true, FakeWebServer.variables("POST", "/", body.length), body));
            byte[] answer = nginx.answer(1).stdoutBytes();
            int head = answer.length - body.length;
            assertThat(new String(answer, 0, head, StandardCharsets.ISO_8859_1))
                    .endsWith("\r\n\r\n");
            assertThat(java.util.Arrays.copyOfRange(answer, head, answer.length)).isEqualTo(body);
        }
    }

    @Test
    void one_slow_handler_does_not_delay_another_request_on_its_connection()
            throws IOException { // F28
        CountDownLatch release = new CountDownLatch(1);
        FastCgiHandler handler =
                request -> {
                    if (request.params().getOrEmpty("SCRIPT_NAME").equals("/slow")) {
                        release.await();
                    }
                    return hello(request);
                };
        try (var _ = serve(handler);
                var haproxy = connect()) {
            haproxy.send(FakeWebServer.get(1, true, "/slow"));
            assertThat(haproxy.send(FakeWebServer.get(2, true, "/quick")).answer(2).stdout())
                    .endsWith("Hello!");
            release.countDown();
            assertThat(haproxy.answer(1).stdout()).endsWith("Hello!");
        }
    }

    @Test
    void an_abort_interrupts_the_handler_and_ends_the_request() throws Exception { // F41
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicReference<Throwable> late = new AtomicReference<>();
        FastCgiHandler handler =
                request -> {
                    running.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException told) {
                        try {
                            request.stdout().writeLatin1("late");
                        } catch (IOException gone) {
                            late.set(gone);
                        }
                        interrupted.countDown();
                    }
                    return 0;
                };
        try (var _ = serve(handler);
                var haproxy = connect()) {
            haproxy.send(FakeWebServer.get(7, true, "/"));
            assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
            Answer answer = haproxy.send(FakeWebServer.ABORT, 7, "").answer(7);
            assertThat(answer.protocolStatus()).isZero();
            assertThat(answer.stdout()).isEmpty();
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(
                            haproxy.send(
                                            FakeWebServer.record(
                                                    FakeWebServer.GET_VALUES, 0, new byte[0], 0))
                                    .next()
                                    .type())
                    .isEqualTo(FakeWebServer.GET_VALUES_RESULT);
        }
    }
}
