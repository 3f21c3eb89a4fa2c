package dev.hearth.bench.peer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// What stands for Stripe: makes payment intents after a fixed time, and remembers the last of them with their keys.
public final class StripeAnswers {

    /// The only key it knows.
    public static final String KEY = "sk_test_standin";

    private static final Map<String, Object> NOTHING =
            Map.of("object", "list", "data", List.of(), "has_more", false);
    private static final int REMEMBERED = 20_000;

    private final Duration pause;
    private final Map<String, Map<String, Object>> byId = lastOnes();
    private final Map<String, Map<String, Object>> byKey = lastOnes();
    private final JsonMapper json = JsonMapper.builder().build();
    private final AtomicLong last = new AtomicLong();

    private StripeAnswers(Duration pause) {
        this.pause = pause;
    }

    static void main(String[] args) throws IOException {
        if (args.length != 2) {
            IO.println("usage: StripeAnswers 127.0.0.1:PORT MILLISECONDS");
            System.exit(2);
        }
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), new Address(args[0]).port()),
                        4096);
        StripeAnswers answers = new StripeAnswers(Duration.ofMillis(Long.parseLong(args[1])));
        server.createContext("/v1/payment_intents", answers::intents);
        server.createContext("/", answers::others);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    private static Map<String, Map<String, Object>> lastOnes() {
        return Collections.synchronizedMap(
                new LinkedHashMap<>() {
                    @Override
                    protected boolean removeEldestEntry(
                            Map.Entry<String, Map<String, Object>> eldest) {
                        return size() > REMEMBERED;
                    }
                });
    }

    private void intents(HttpExchange exchange) throws IOException {
        try (exchange) {
            String form =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer(exchange, 401, Map.of("error", Map.of("type", "invalid_request_error")));
                return;
            }
            Thread.sleep(pause);
            if (exchange.getRequestMethod().equals("POST")) {
                String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
                answer(exchange, 200, byKey.computeIfAbsent(key, _ -> made(fields(form))));
                return;
            }
            String path = exchange.getRequestURI().getPath();
            Map<String, Object> known = byId.get(path.substring(path.lastIndexOf('/') + 1));
            answer(exchange, 200, known == null ? NOTHING : known);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Of everything else there is nothing.
    private void others(HttpExchange exchange) throws IOException {
        try (exchange) {
            answer(exchange, 200, NOTHING);
        }
    }

    private Map<String, Object> made(Map<String, String> form) {
        Map<String, Object> intent = intent(form);
        byId.put(String.valueOf(intent.get("id")), intent);
        return intent;
    }

    private Map<String, Object> intent(Map<String, String> form) {
        String id = "pi_%024d".formatted(last.incrementAndGet());
        Map<String, String> metadata = new LinkedHashMap<>();
        form.forEach((name, value) -> {
            if (name.startsWith("metadata[")) {
                metadata.put(name.substring("metadata[".length(), name.length() - 1), value);
            }
        });
        Map<String, Object> intent = new LinkedHashMap<>();
        intent.put("id", id);
        intent.put("object", "payment_intent");
        intent.put("amount", Long.parseLong(form.getOrDefault("amount", "0")));
        intent.put("amount_received", 0);
        intent.put("capture_method", "automatic_async");
        intent.put("client_secret", id + "_secret_of_the_bench");
        intent.put("created", System.currentTimeMillis() / 1000);
        intent.put("currency", form.getOrDefault("currency", ""));
        intent.put("livemode", false);
        intent.put("metadata", metadata);
        intent.put("status", "requires_payment_method");
        return intent;
    }

    private void answer(HttpExchange exchange, int status, Map<String, Object> object)
            throws IOException {
        byte[] body = json.writeValueAsBytes(object);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Request-Id", "req_" + last.get());
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static Map<String, String> fields(String form) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : form.split("&")) {
            String[] parts = pair.split("=", 2);
            fields.put(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
        }
        return fields;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
