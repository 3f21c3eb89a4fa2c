package dev.hearth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Handler;
import dev.hearth.http.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// HTTP/2 without TLS beside HTTP/1.1, on one port.
class Http2Test {
    private static HttpGateway start(Handler handler) throws IOException {
        return HttpGateway.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                handler,
                HttpLimits.DEFAULT);
    }

    private static String url(HttpGateway gateway) {
        return "http://127.0.0.1:" + gateway.port() + "/";
    }

    /// The answer, and behind it the version of HTTP that curl spoke.
    private static String curl(HttpGateway gateway, String... options) throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/curl")), "curl is not installed");
        Process curl =
                new ProcessBuilder(
                                Stream.of(
                                                List.of("curl", "-s", "-w", "%{http_version}"),
                                                List.of(options),
                                                List.of(url(gateway)))
                                        .flatMap(List::stream)
                                        .toList())
                        .start();
        String output = new String(curl.getInputStream().readAllBytes(), UTF_8);
        assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http2-prior-knowledge", "--http2"})
    void is_spoken_with_who_knows_it_and_with_who_asks_for_the_upgrade(String option)
            throws Exception {
        try (HttpGateway gateway =
                start(request -> Response.text(request.header("Host").orElse("no host") + "\n"))) {
            assertThat(curl(gateway, option))
                    .isEqualTo("127.0.0.1:%d\n2".formatted(gateway.port()));
            assertThat(curl(gateway, "--http1.1")).endsWith("\n1.1");
        }
    }

    @Test
    void a_body_arrives_and_goes_back_byte_for_byte() throws Exception {
        byte[] body = new byte[1_000_000];
        new Random(2).nextBytes(body);
        try (HttpGateway gateway =
                        start(request ->
                                Response.bytes(
                                        200,
                                        "application/octet-stream",
                                        request.bytes(2_000_000)));
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest first = HttpRequest.newBuilder(URI.create(url(gateway))).build();
            HttpResponse<Void> upgraded = http.send(first, BodyHandlers.discarding());
            assertThat(upgraded.version()).isEqualTo(HttpClient.Version.HTTP_2);

            HttpRequest posted =
                    HttpRequest.newBuilder(URI.create(url(gateway)))
                            .POST(BodyPublishers.ofByteArray(body))
                            .build();
            HttpResponse<byte[]> mirrored = http.send(posted, BodyHandlers.ofByteArray());
            assertThat(mirrored.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(mirrored.body()).isEqualTo(body);
        }
    }

    @Test
    void a_request_in_progress_ends_well_when_the_gateway_stops() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        HttpGateway gateway =
                start(request -> {
                    if (request.rawQuery().equals("slow")) {
                        begun.countDown();
                        mayEnd.await();
                    }
                    return Response.text("whole\n");
                });
        try (HttpClient http = HttpClient.newHttpClient()) {
            http.send(
                    HttpRequest.newBuilder(URI.create(url(gateway))).build(),
                    BodyHandlers.discarding()); // the connection is HTTP/2 from here on
            CompletableFuture<HttpResponse<String>> asked =
                    http.sendAsync(
                            HttpRequest.newBuilder(URI.create(url(gateway) + "?slow")).build(),
                            BodyHandlers.ofString());
            begun.await();
            Thread stopping = Thread.ofPlatform().start(gateway::close);
            mayEnd.countDown();
            assertThat(asked.get(30, TimeUnit.SECONDS).body()).isEqualTo("whole\n");
            stopping.join();
        }
    }
}
