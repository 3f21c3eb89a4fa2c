package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.net.ApiMode;
import com.stripe.net.ApiResource.RequestMethod;
import com.stripe.net.RequestOptions;
import com.stripe.net.StripeRequest;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hearth.payment.StripeConnections.Received;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes to Stripe and how its answer is read, byte by byte.
class StripeConnectionsTest {
    private static final String API_KEY = "sk_test_1";

    private record Seen(String method, String target, Headers headers, String body, int port) {}

    @FunctionalInterface
    private interface Answering {
        void answer(HttpExchange exchange) throws IOException;
    }

    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private volatile Answering answering = exchange -> answer(exchange, 200, "{}");
    private HttpServer server;
    private StripeConnections connections;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.start();
        connections = connections(API_KEY);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private StripeConnections connections(String apiKey) {
        return new StripeConnections(apiKey, base(), Duration.ofSeconds(10));
    }

    private String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.add(
                    new Seen(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().toString(),
                            exchange.getRequestHeaders(),
                            body,
                            exchange.getRemoteAddress().getPort()));
            answering.answer(exchange);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static StripeCall post(String key) {
        SequencedMap<String, String> form = new LinkedHashMap<>();
        form.put("amount", "2499");
        form.put("metadata[order_ref]", "Zürich & Söhne");
        return StripeCall.post("/v1/payment_intents", form, key);
    }

    @Test
    void every_call_has_the_headers_of_stripes_library_and_a_key_of_its_own() throws Exception {
        for (String key : List.of("hearth-1", "hearth-2")) {
            connections.request(post(key));

            Seen sent = seen.take();
            Map<String, List<String>> library = library(key).headers().map();
            assertThat(library).containsKeys("Stripe-Version", "Authorization", "Idempotency-Key");
            library.forEach((name, values) ->
                    assertThat(sent.headers.get(name)).as(name).isEqualTo(values));
            assertThat(sent.headers.get("Content-Type"))
                    .containsExactly("application/x-www-form-urlencoded;charset=UTF-8");
            assertThat(sent.headers.getFirst("User-Agent")).startsWith("Stripe/v1 JavaBindings/");
            assertThat(sent.headers.getFirst("X-Stripe-Client-User-Agent")).startsWith("{");
            assertThat(sent.target).isEqualTo("/v1/payment_intents");
            assertThat(sent.body)
                    .isEqualTo("amount=2499&metadata[order_ref]=Z%C3%BCrich+%26+S%C3%B6hne");
        }
    }

    private StripeRequest library(String key) throws Exception {
        return StripeRequest.createWithStringContent(
                RequestMethod.POST,
                base(),
                "",
                RequestOptions.builder().setApiKey(API_KEY).setIdempotencyKey(key).build(),
                ApiMode.V1);
    }

    @Test
    void what_is_read_or_deleted_has_neither_key_nor_content() throws Exception {
        connections.request(post("hearth-1"));
        connections.request(StripeCall.get("/v1/refunds", "expand[]", "data.charge"));
        connections.request(StripeCall.delete("/v1/subscriptions/sub_1"));

        seen.take();
        Seen read = seen.take();
        assertThat(read.method + " " + read.target)
                .isEqualTo("GET /v1/refunds?expand[]=data.charge");
        Seen deleted = seen.take();
        assertThat(deleted.method + " " + deleted.target)
                .isEqualTo("DELETE /v1/subscriptions/sub_1");
        for (Seen each : List.of(read, deleted)) {
            assertThat(each.headers.getFirst("Authorization")).isEqualTo("Bearer " + API_KEY);
            assertThat(each.headers).doesNotContainKeys("Idempotency-key", "Content-type");
            assertThat(each.body).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_384, 100_000})
    void an_answer_is_read_whole_and_leaves_the_connection_to_the_next_call(int length)
            throws Exception {
        String body = "x".repeat(length);
        for (int status : new int[] {200, 404, 500}) {
            answering = exchange -> answer(exchange, status, body);
            assertThat(connections.request(post("told")).body()).isEqualTo(body);
            answering =
                    exchange -> { // in pieces: its length is not told
                        exchange.sendResponseHeaders(status, 0);
                        exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
                    };
            Received pieces = connections.request(post("untold"));
            assertThat(pieces.status()).isEqualTo(status);
            assertThat(pieces.body()).isEqualTo(body);
        }
        assertThat(seen).extracting(Seen::port).containsOnly(seen.element().port);
    }

    @Test
    void what_stripe_tells_beside_the_body_is_read_whatever_the_status() throws Exception {
        answering =
                exchange -> {
                    exchange.getResponseHeaders().set("request-id", "req_1");
                    exchange.getResponseHeaders().set("retry-after", "7");
                    answer(exchange, 429, "{}");
                };
        assertThat(connections.request(post("hearth-1")))
                .isEqualTo(
                        new Received(
                                429,
                                Optional.of("req_1"),
                                Optional.of(Duration.ofSeconds(7)),
                                "{}"));

        answering =
                exchange -> { // the JDK's server writes the header Date by itself
                    exchange.getResponseHeaders()
                            .set("retry-after", "Thu, 01 Jan 1970 00:00:00 GMT");
                    answer(exchange, 429, "{}");
                };
        assertThat(connections.request(post("hearth-1")).retryAfter()).contains(Duration.ZERO);

        answering = exchange -> answer(exchange, 200, "{}");
        assertThat(connections.request(post("hearth-2")))
                .isEqualTo(new Received(200, Optional.empty(), Optional.empty(), "{}"));
    }

    @Test
    void nobody_who_is_not_there_has_answered() {
        server.stop(0);
        assertThatThrownBy(() -> connections.request(post("hearth-1")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void nothing_is_sent_with_a_key_that_cannot_be_one() {
        assertThatThrownBy(() -> connections("sk test").request(post("hearth-1")))
                .isInstanceOf(com.stripe.exception.StripeException.class);
        assertThat(seen).isEmpty();
    }
}
