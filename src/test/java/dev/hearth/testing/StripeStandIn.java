package dev.hearth.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hearth.sandbox.StripeApi;
import dev.hearth.sandbox.StripeApi.Call;
import dev.hearth.sandbox.StripeApi.Reply;
import dev.hearth.sandbox.StripeWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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
        /// Something on the way to it answers 404 in HTML.
        NOT_STRIPE,
        /// The answer comes late.
        SLOW,
        /// The key does not count.
        UNAUTHORIZED,
        /// The key may not do this: a restricted one, without the permission.
        FORBIDDEN,
        /// 402: the card is reported stolen. Remembered.
        DECLINED,
        /// 400: the key was used with other parameters.
        OTHER_PARAMETERS
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final StripeApi api;
    private final Deque<Fault> faults = new ArrayDeque<>(); // guarded by this
    private final List<String> calls = new ArrayList<>(); // guarded by this
    private Supplier<Fault> weather = () -> Fault.NONE; // guarded by this
    private volatile Consumer<ObjectNode> shape = _ -> {};
    private volatile Set<String> lacking = Set.of();
    private volatile String beginning = "";
    private volatile boolean wholeLists;
    private volatile Duration slowness = Duration.ofMillis(300);

    private StripeStandIn(HttpServer server, InstantSource clock) {
        this.server = server;
        this.api =
                new StripeApi(
                        KEY,
                        clock,
                        "https://checkout.stripe.example",
                        new StripeApi.Texts("planted", "planted: card number 4242424242424242"));
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

    /// Has every object that it answers pass through this, and every event: as a stand-in would that leaves things out.
    public void shape(Consumer<ObjectNode> change) {
        shape = change;
    }

    /// Does not know these paths when it is asked to read.
    public void lacks(String... paths) {
        lacking = Set.of(paths);
    }

    /// Begins every answer with this.
    public void beginsWith(String text) {
        beginning = text;
    }

    /// Gives whole lists, whatever is asked for.
    public void givesWholeLists() {
        wholeLists = true;
    }

    private String shaped(String body) {
        ObjectNode whole = (ObjectNode) JSON.readTree(body);
        if (whole.path("data").isArray()) {
            whole.path("data").forEach(each -> shape.accept((ObjectNode) each));
        } else {
            shape.accept(whole);
        }
        return beginning + whole;
    }

    public void slowness(Duration duration) {
        slowness = duration;
    }

    /// Every call so far, such as `POST /v1/refunds`.
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /// Looks at, or changes, what it has; on behalf of a buyer, a bank or a test.
    public <T> T with(Function<StripeWorld, T> work) {
        return api.with(work);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            String query = exchange.getRequestURI().getRawQuery();
            String method = exchange.getRequestMethod();
            boolean post = method.equals("POST");
            String form =
                    post ? new String(body, StandardCharsets.UTF_8) : query == null ? "" : query;
            Fault fault = fault(method + " " + path, !method.equals("GET"));
            if (fault == Fault.SLOW) {
                LockSupport.parkNanos(slowness.toNanos());
            }
            if (fault == Fault.RESET_BEFORE) {
                return;
            }
            String asked = wholeLists && !post ? "" : form;
            boolean unheard = method.equals("GET") && lacking.contains(path);
            Reply reply =
                    unheard
                            ? api.error(404, "invalid_request_error", "", "")
                            : reply(call(exchange, path, asked), fault);
            if (fault == Fault.RESET_AFTER) {
                return;
            }
            byte[] bytes = shaped(reply.body()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Request-Id", "req_" + calls().size());
            if (reply.status() == 429) {
                exchange.getResponseHeaders().set("Retry-After", "2");
            }
            exchange.sendResponseHeaders(reply.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private synchronized Fault fault(String call, boolean changes) {
        calls.add(call);
        if (!changes) {
            return Fault.NONE;
        }
        return faults.isEmpty() ? weather.get() : faults.removeFirst();
    }

    private static Call call(HttpExchange exchange, String path, String form) {
        return new Call(
                exchange.getRequestMethod(),
                path,
                form,
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
    }

    private Reply reply(Call call, Fault fault) {
        return switch (fault) {
            case UNAUTHORIZED -> api.error(401, "invalid_request_error", "", "");
            case FORBIDDEN -> api.error(403, "invalid_request_error", "", "");
            case CONFLICT -> api.error(409, "invalid_request_error", "idempotency_key_in_use", "");
            case TOO_MANY -> api.error(429, "invalid_request_error", "rate_limit", "");
            case ERROR_BEFORE -> api.error(500, "api_error", "", "");
            case ERROR_AFTER -> api.answer(call, _ -> api.error(500, "api_error", "", ""));
            case NOT_STRIPE -> new Reply(404, "<html><h1>Not Found</h1></html>");
            case DECLINED -> api.answer(call, _ -> api.error(402, "card_error", "stolen_card", ""));
            case OTHER_PARAMETERS -> api.error(400, "idempotency_error", "", "");
            case NONE, RESET_BEFORE, RESET_AFTER, SLOW -> api.answer(call);
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
