package dev.hearth.app;

import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.StripeWebhook;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// A process that serves, and a client that asks it.
abstract class ServiceFixture {
    @TempDir Path folder;
    final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        http.close();
    }

    CompletableFuture<HttpResponse<String>> waiting(HearthProcess hearth, Path release) {
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(
                        HttpRequest.newBuilder(hearth.uri("/wait?file=" + release)).build(),
                        BodyHandlers.ofString());
        Await.until("it waits", () -> Files.exists(release.resolveSibling("running")));
        return answer;
    }

    HttpResponse<String> get(HearthProcess hearth, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(hearth.uri(path)).build(), BodyHandlers.ofString());
    }

    int post(HearthProcess hearth, String secret, String event) throws Exception {
        byte[] body = StripeWebhook.event(event);
        return http.send(
                        StripeWebhook.request(
                                hearth.uri("/webhooks/stripe"),
                                body,
                                StripeWebhook.signature(secret, body, Instant.now())),
                        BodyHandlers.ofString())
                .statusCode();
    }
}
