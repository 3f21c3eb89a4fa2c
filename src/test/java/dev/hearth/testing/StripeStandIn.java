package dev.hearth.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// A stand-in of Stripe that remembers: what it is asked to make exists, keys work as Stripe documents them
/// for a day of the clock given, and it fails as it is told to. Each change leaves an event to deliver.
public final class StripeStandIn implements AutoCloseable {
    public static final String KEY = "sk_test_standin";

    /// How it treats one call.
    public enum Fault {
        NONE,
        /// The connection ends before anything is done.
        RESET_BEFORE,
        /// The connection ends after it is done.
        RESET_AFTER,
        /// 409: another call with this key runs. Not remembered.
        CONFLICT,
        /// 429 with Retry-After. Not remembered.
        TOO_MANY,
        /// 500 before anything is done; not remembered.
        ERROR_BEFORE,
        /// It is done, and 500 is answered and remembered under the key.
        ERROR_AFTER,
        /// The answer comes late.
        SLOW,
        /// The key does not count.
        UNAUTHORIZED
    }

    private record Remembered(String parameters, int status, String body, long at) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final JsonMapper json = JsonMapper.builder().build();
    private final InstantSource clock;
    private final StripeObjects objects; // guarded by this
    private final Map<String, Remembered> keys = new HashMap<>(); // guarded by this
    private final Deque<Fault> faults = new ArrayDeque<>(); // guarded by this
    private final List<String> calls = new ArrayList<>(); // guarded by this
    private Supplier<Fault> weather = () -> Fault.NONE; // guarded by this
    private volatile Duration slowness = Duration.ofMillis(300);

    private StripeStandIn(HttpServer server, InstantSource clock) {
        this.server = server;
        this.clock = clock;
        this.objects = new StripeObjects(clock);
    }

    /// Starts one on a free port of the loopback.
    public static StripeStandIn start(InstantSource clock) {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
            StripeStandIn standIn = new StripeStandIn(server, clock);
            server.createContext("/", standIn::handle);
            server.setExecutor(standIn.threads);
            server.start();
            return standIn;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// Treats the next POSTs like this, in order.
    public synchronized void next(Fault... upcoming) {
        faults.addAll(List.of(upcoming));
    }

    /// Treats every POST without a fault of its own like this.
    public synchronized void weather(Supplier<Fault> everywhere) {
        weather = everywhere;
    }

    public void slowness(Duration duration) {
        slowness = duration;
    }

    /// Every call so far, such as `POST /v1/refunds`.
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /// Looks at, or changes, what it has; on behalf of a buyer, a bank or a test.
    public synchronized <T> T with(java.util.function.Function<StripeObjects, T> work) {
        return work.apply(objects);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            String query = exchange.getRequestURI().getRawQuery();
            boolean post = exchange.getRequestMethod().equals("POST");
            String form =
                    post ? new String(body, StandardCharsets.UTF_8) : query == null ? "" : query;
            Fault fault = fault(exchange.getRequestMethod() + " " + path, post);
            if (fault == Fault.SLOW) {
                LockSupport.parkNanos(slowness.toNanos());
            }
            if (fault == Fault.RESET_BEFORE) {
                return;
            }
            Reply reply = reply(exchange, post, path, form, fault);
            if (fault == Fault.RESET_AFTER) {
                return;
            }
            byte[] bytes = reply.body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Request-Id", "req_" + calls().size());
            if (reply.status == 429) {
                exchange.getResponseHeaders().set("Retry-After", "2");
            }
            exchange.sendResponseHeaders(reply.status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private record Reply(int status, String body) {}

    private synchronized Fault fault(String call, boolean post) {
        calls.add(call);
        if (!post) {
            return Fault.NONE;
        }
        return faults.isEmpty() ? weather.get() : faults.removeFirst();
    }

    private synchronized Reply reply(
            HttpExchange exchange, boolean post, String path, String form, Fault fault) {
        boolean known =
                ("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!known || fault == Fault.UNAUTHORIZED) {
            return error(401, "invalid_request_error", "", "");
        }
        switch (fault) {
            case CONFLICT -> {
                return error(409, "invalid_request_error", "idempotency_key_in_use", "");
            }
            case TOO_MANY -> {
                return error(429, "invalid_request_error", "rate_limit", "");
            }
            case ERROR_BEFORE -> {
                return error(500, "api_error", "", "");
            }
            case NONE, RESET_BEFORE, RESET_AFTER, ERROR_AFTER, SLOW, UNAUTHORIZED -> {}
        }
        Map<String, String> parameters = parse(form);
        if (!post) {
            return run(() -> objects.get(path, parameters));
        }
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (key == null || key.length() > 255) {
            return error(400, "invalid_request_error", "", "");
        }
        long now = clock.millis();
        Remembered before = keys.get(key);
        if (before != null && now - before.at < Duration.ofHours(24).toMillis()) {
            return before.parameters.equals(path + "?" + form)
                    ? new Reply(before.status, before.body)
                    : error(400, "idempotency_error", "", "");
        }
        Reply reply = run(() -> objects.post(path, parameters));
        if (fault == Fault.ERROR_AFTER) {
            reply = error(500, "api_error", "", "");
        }
        if (reply.status != 400) { // Stripe does not keep what validation refused
            keys.put(key, new Remembered(path + "?" + form, reply.status, reply.body, now));
        }
        return reply;
    }

    private Reply run(Supplier<Map<String, Object>> work) {
        try {
            return new Reply(200, json.writeValueAsString(work.get()));
        } catch (StripeObjects.RefusedException refused) {
            return error(refused.status(), refused.type(), refused.code(), refused.parameter());
        }
    }

    private Reply error(int status, String type, String code, String parameter) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("type", type);
        error.put("message", "planted: card number 4242424242424242");
        if (!code.isEmpty()) {
            error.put("code", code);
        }
        if (!parameter.isEmpty()) {
            error.put("param", parameter);
        }
        return new Reply(status, json.writeValueAsString(Map.of("error", error)));
    }

    private static Map<String, String> parse(String form) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : form.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
