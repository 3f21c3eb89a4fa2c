package dev.hearth.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.StripeStandIn;
import dev.hearth.testing.StripeWebhook;
import dev.hearth.trace.Collector.Sent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real process that sends its traces to a collector, or where none is.
class TracesIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    @TempDir Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final StripeStandIn stripe = StripeStandIn.start(InstantSource.system());

    @AfterEach
    void close() {
        http.close();
        stripe.close();
    }

    private HearthProcess.Plan plan(String endpoint) {
        return HearthProcess.in(folder)
                .environment("HEARTH_STRIPE_API_KEY", StripeStandIn.KEY)
                .environment("HEARTH_STRIPE_API_BASE", stripe.base())
                .environment("HEARTH_TRACING_ENDPOINT", endpoint);
    }

    private int post(HearthProcess hearth, String id, String flags) throws Exception {
        HttpRequest signed =
                StripeWebhook.request(hearth.uri("/webhooks/stripe"), StripeWebhook.event(id));
        HttpRequest traced =
                HttpRequest.newBuilder(signed, (_, _) -> true)
                        .header("traceparent", "00-" + TRACE + "-" + CALLER + "-" + flags)
                        .build();
        return http.send(traced, BodyHandlers.discarding()).statusCode();
    }

    @Test
    void a_webhook_its_handler_and_the_call_to_stripe_form_one_trace() throws Exception {
        try (Collector collector = Collector.start();
                HearthProcess hearth =
                        plan(collector.endpoint())
                                .environment("HEARTH_TRACING_SERVICE", "shop")
                                .start()) {
            assertThat(post(hearth, "evt_1", "01")).isEqualTo(200);
            Await.until(
                    "all spans have come",
                    () ->
                            collector.spans().stream()
                                            .filter(each -> each.traceId().equals(TRACE))
                                            .count()
                                    == 3);

            Sent request = named(collector, "POST /webhooks/{source}");
            Sent handler = named(collector, "handle stripe payment_intent.succeeded");
            Sent call = named(collector, "GET /v1/payment_intents");
            assertThat(List.of(request, handler, call))
                    .allSatisfy(span -> {
                        assertThat(span.traceId()).isEqualTo(TRACE);
                        assertThat(span.service()).isEqualTo("shop");
                    });
            assertThat(request.parentId()).isEqualTo(CALLER);
            assertThat(handler.parentId()).isEqualTo(request.spanId());
            assertThat(call.parentId()).isEqualTo(handler.spanId());
            assertThat(call.attributes())
                    .containsEntry("url.path", "/v1/payment_intents/pi_evt_1")
                    .containsEntry("hearth.stripe.outcome", "refused");
            assertThat(hearth.output()).doesNotContain("traces cannot be sent");
        }
    }

    @Test
    void work_for_later_and_a_webhook_of_ours_go_on_in_the_trace_of_the_event_that_left_it()
            throws Exception {
        HttpServer partner =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicReference<String> passedOn = new AtomicReference<>("nothing came");
        partner.createContext(
                "/",
                exchange -> {
                    passedOn.set(
                            String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        partner.start();
        try (Collector collector = Collector.start();
                HearthProcess hearth =
                        HearthProcess.in(folder)
                                .program(TracedProgram.class)
                                .environment("HEARTH_TRACING_ENDPOINT", collector.endpoint())
                                .environment(
                                        "HEARTH_OUTGOING_PARTNER_URL",
                                        "http://127.0.0.1:%d/"
                                                .formatted(partner.getAddress().getPort()))
                                .environment(
                                        "HEARTH_OUTGOING_PARTNER_SECRET",
                                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                                .environment("HEARTH_OUTGOING_PARTNER_ALLOW_PRIVATE", "true")
                                .start()) {
            assertThat(post(hearth, "evt_1", "01")).isEqualTo(200);
            Await.until("it was delivered", () -> isNamed(collector, "deliver partner"));
            Await.until("the job has ended", () -> isNamed(collector, "job ship"));
            Await.until("the other job has ended", () -> isNamed(collector, "job sweep"));

            Sent handler = named(collector, "handle stripe payment_intent.succeeded");
            Sent job = named(collector, "job ship");
            Sent delivery = named(collector, "deliver partner");
            assertThat(List.of(handler, job, delivery))
                    .extracting(Sent::traceId)
                    .containsOnly(TRACE);
            assertThat(job.parentId()).isEqualTo(handler.spanId());
            assertThat(delivery.parentId()).isEqualTo(job.spanId());
            assertThat(delivery.attributes())
                    .containsEntry("hearth.delivery.endpoint", "partner")
                    .containsEntry("hearth.delivery.outcome", "204");
            assertThat(named(collector, "job sweep").traceId()).isNotEqualTo(TRACE);
            assertThat(passedOn.get()).isEqualTo("null"); // the partner is told nothing of it
        } finally {
            partner.stop(0);
        }
    }

    @Test
    void what_the_caller_does_not_sample_is_not_sent_nor_is_its_handler() throws Exception {
        try (Collector collector = Collector.start();
                HearthProcess hearth = plan(collector.endpoint()).start()) {
            assertThat(post(hearth, "evt_1", "00")).isEqualTo(200);
            Await.until("it was handled", () -> asked("evt_1"));
            http.send(
                    HttpRequest.newBuilder(hearth.uri("/healthz")).build(),
                    BodyHandlers.discarding());
            assertThat(hearth.stop()).isZero(); // and sends what is left

            assertThat(collector.spans())
                    .isNotEmpty()
                    .noneMatch(span -> span.traceId().equals(TRACE));
            assertThat(named(collector, "GET /healthz").parentId()).isEmpty();
        }
    }

    @Test
    void of_traces_begun_here_no_more_are_sent_than_the_sample() throws Exception {
        try (Collector collector = Collector.start();
                HearthProcess hearth =
                        plan(collector.endpoint())
                                .environment("HEARTH_TRACING_SAMPLE", "0")
                                .start()) {
            http.send(
                    HttpRequest.newBuilder(hearth.uri("/healthz")).build(),
                    BodyHandlers.discarding());
            assertThat(post(hearth, "evt_1", "01")).isEqualTo(200);
            assertThat(hearth.stop()).isZero();

            assertThat(collector.spans())
                    .isNotEmpty()
                    .allMatch(span -> span.traceId().equals(TRACE));
        }
    }

    @Test
    void without_a_collector_requests_are_answered_and_the_log_says_so_once() throws Exception {
        String nobody;
        try (Collector gone = Collector.start()) {
            nobody = gone.endpoint();
        }
        try (HearthProcess hearth = plan(nobody).start()) {
            for (int i = 0; i < 5; i++) {
                assertThat(post(hearth, "evt_" + i, "01")).isEqualTo(200);
            }
            Await.until(
                    "the log says so",
                    () -> hearth.output().contains("traces cannot be sent to " + nobody));
            assertThat(post(hearth, "evt_last", "01")).isEqualTo(200);
            Await.until("it was handled", () -> asked("evt_last"));

            assertThat(hearth.stop()).isZero();
            assertThat(hearth.output()).containsOnlyOnce("traces cannot be sent");
        }
    }

    @Test
    void a_sample_or_an_address_that_cannot_be_is_refused() throws Exception {
        var result = plan("collector:4318").environment("HEARTH_TRACING_SAMPLE", "10").run("check");

        assertThat(result.exitCode()).isEqualTo(78);
        assertThat(result.output())
                .contains("tracing.sample", "a number from 0 to 1")
                .contains("tracing.endpoint", "such as \"http://127.0.0.1:4318\"");
    }

    /// Whether its handler has asked Stripe.
    private boolean asked(String event) {
        return stripe.calls().contains("GET /v1/payment_intents/pi_" + event);
    }

    private static boolean isNamed(Collector collector, String name) {
        return collector.spans().stream().anyMatch(span -> span.name().equals(name));
    }

    private static Sent named(Collector collector, String name) {
        return collector.spans().stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + collector.spans()));
    }
}
