package dev.hearth.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A shop with one cake, so that there is something to buy: asks Hearth for payments as any shop's server
/// does.
final class DemoShop implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI hearth;
    private final String key;

    /// @param key with which Hearth is asked for payments
    DemoShop(URI hearth, String key) {
        this.hearth = hearth;
        this.key = key;
    }

    /// A new order's page for its buyer, if Hearth gives one.
    Optional<String> buy(String what) throws IOException, InterruptedException {
        String path =
                switch (what) {
                    case "subscription" -> "/payments/subscriptions";
                    case "invoice" -> "/payments/invoices";
                    default -> "/payments/checkout";
                };
        String order = "demo-" + UUID.randomUUID().toString().substring(0, 8);
        String body =
                "{\"order_ref\":\"%s\",\"amount\":1250,\"currency\":\"eur\",\"email\":\"buyer@example.com\"}"
                        .formatted(order);
        HttpRequest request =
                to(path).header("Content-Type", "application/json")
                        .header("Idempotency-Key", order)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return Optional.of(read(request).path("url").asString("")).filter(url -> !url.isEmpty());
    }

    /// What Hearth says of a payment or a subscription.
    String status(String path) throws IOException, InterruptedException {
        return read(to(path).build()).path("status").asString("unknown");
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(hearth.resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + key);
    }

    private JsonNode read(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        try {
            return json.readTree(response.body());
        } catch (JacksonException notJson) {
            throw new IOException("Hearth answered with " + response.statusCode(), notJson);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
