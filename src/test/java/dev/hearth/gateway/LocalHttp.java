package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Handler;
import dev.hearth.http.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// An HTTP gateway on a free port, and requests to it.
final class LocalHttp {
    static final HttpLimits LIMITS =
            HttpLimits.DEFAULT.withTimes(Duration.ofSeconds(5), Duration.ofSeconds(5));
    static final Handler ECHO =
            request -> Response.bytes(200, "application/octet-stream", request.bytes(1 << 24));

    private LocalHttp() {}

    static HttpGateway start(Handler handler, HttpLimits limits) throws IOException {
        return HttpGateway.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler, limits);
    }

    static HttpGateway start(Handler handler) throws IOException {
        return start(handler, LIMITS);
    }

    static HttpRequest.Builder to(HttpGateway gateway, String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + target));
    }

    static HttpResponse<byte[]> send(HttpRequest request) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request, BodyHandlers.ofByteArray());
        }
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
