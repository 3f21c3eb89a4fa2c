package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What receivers of our webhooks may do, byte by byte.
class OutgoingHttpTest {
    private static final byte[] SMALL = "{}".getBytes(ISO_8859_1);

    private static Endpoint at(ServerSocket receiver) {
        return new Endpoint(
                "partner",
                URI.create("http://127.0.0.1:" + receiver.getLocalPort() + "/"),
                List.of(Secret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")),
                true);
    }

    private static OutgoingHttp.Answer post(ServerSocket receiver, byte[] body, Duration whole)
            throws IOException {
        return OutgoingHttp.post(
                at(receiver),
                Headers.EMPTY,
                body,
                () -> (SSLSocketFactory) SSLSocketFactory.getDefault(),
                whole);
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @ParameterizedTest
    @CsvSource({
        "200 OK||,                                             200, -1",
        "103 Early Hints|Link: </x>||HTTP/1.1 200 OK||,        200, -1",
        "100 Continue||HTTP/1.1 102 Processing||HTTP/1.1 500 x||, 500, -1",
        "429 Slow|retry-After: 17||,                           429, 17",
        "429 x|Retry-After: 12 s||,                            429, -1",
        "429 x|Retry-After: 1234567||,                         429, -1",
        "'503 x|Date: Sun, 06 Nov 1994 08:49:37 GMT|Retry-After: Sun, 06 Nov 1994 08:51:07 GMT||', 503, 90",
        "'503 x|Date: Sun, 06 Nov 1994 08:49:37 GMT|Retry-After: Sun, 06 Nov 1994 08:49:07 GMT||', 503, 0",
        "'503 x|Retry-After: Sun, 06 Nov 1994 08:51:07 GMT||',   503, -1",
        "500 Oh||Retry-After: 17||,                            500, -1",
        "199 Odd|X: y,                                         199, -1",
    })
    void the_final_head_is_the_answer(String answer, int status, long retryAfter) throws Exception {
        try (ServerSocket receiver = listen()) {
            Thread peer =
                    Thread.ofPlatform()
                            .start(() -> {
                                try (Socket socket = receiver.accept()) {
                                    socket.getInputStream().read(new byte[4096]);
                                    socket.getOutputStream()
                                            .write(
                                                    ("HTTP/1.1 " + answer.replace("|", "\r\n"))
                                                            .getBytes(ISO_8859_1));
                                } catch (IOException lost) {
                                    throw new java.io.UncheckedIOException(lost);
                                }
                            });
            assertThat(post(receiver, SMALL, Duration.ofMinutes(1)))
                    .isEqualTo(
                            new OutgoingHttp.Answer(
                                    status,
                                    retryAfter < 0
                                            ? Optional.empty()
                                            : Optional.of(Duration.ofSeconds(retryAfter))));
            peer.join();
        }
    }

    @Test
    void a_receiver_that_never_reads_or_never_answers_is_given_up() throws Exception {
        try (ServerSocket receiver = listen()) { // the kernel connects, nobody accepts
            for (byte[] body : List.of(SMALL, new byte[32 << 20])) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> post(receiver, body, Duration.ofMillis(300)))
                        .withMessage("no answer within PT0.3S");
            }
        }
    }
}
