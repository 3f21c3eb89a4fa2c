package dev.hearth.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import io.github.bucket4j.TimeMeter;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class MiddlewareTest {
    private static final Handler OK = _ -> Response.text("ok");

    private static Response through(Middleware layer, Handler handler, Request request)
            throws Exception {
        return Errors.answer(layer.wrap(handler), request);
    }

    private static Response through(Middleware layer, Request request) throws Exception {
        return through(layer, OK, request);
    }

    @Nested
    final class RequestIdsTest {
        @Test
        void every_request_gets_an_id_of_its_own() throws Exception {
            Request first = Requests.get("/");
            String told =
                    through(new RequestIds(), first).headers().first("X-Request-Id").orElseThrow();
            assertThat(first.get(Request.ID)).contains(told);
            assertThat(through(new RequestIds(), Requests.get("/")).headers().first("X-Request-Id"))
                    .isNotEqualTo(java.util.Optional.of(told));
        }

        @ParameterizedTest
        @CsvSource({
            "abcdefgh, true",
            "A1-b_c.d9, true",
            "abcdefg, false",
            "'abc defg', false",
            "'abcdefg\"', false",
            "abcdefgé, false",
            "'', false"
        })
        void a_valid_incoming_id_is_kept(String sent, boolean kept) throws Exception {
            Request request = Requests.of("GET", "/").with("x-request-id", sent).request();
            String told =
                    through(new RequestIds(), request)
                            .headers()
                            .first("X-Request-Id")
                            .orElseThrow();
            assertThat(told.equals(sent)).isEqualTo(kept);
        }
    }

    @Nested
    final class AccessLogTest {
        private final List<String> lines = new ArrayList<>();
        private final Clock clock =
                Clock.fixed(Instant.parse("2026-11-21T09:30:00.070Z"), ZoneOffset.UTC);

        private Request hostile() {
            return Requests.of("GET", "/a\n\u001b[2Jb\"c\\?token=secret")
                    .with("User-Agent", "curl\"\u0085x")
                    .with("Authorization", "Bearer secret")
                    .request();
        }

        @Test
        void a_line_of_json_tells_what_happened_and_cannot_be_forged() throws Exception { // T20
            through(AccessLog.json(lines::add, clock), hostile());
            assertThat(lines).hasSize(1);
            assertThat(lines.getFirst().replaceAll("\"micros\":\\d+", "\"micros\":0"))
                    .isEqualTo(
                            "{\"time\":\"2026-11-21T09:30:00.070Z\",\"client\":\"192.0.2.1\",\"method\":\"GET\",\"path\":\"/a\\u000a\\u001b[2Jb\\u0022c\\u005c\",\"agent\":\"curl\\u0022\\u0085x\",\"status\":200,\"bytes\":2,\"micros\":0}");
        }

        @Test
        void the_combined_format_is_what_log_readers_know() throws Exception {
            through(AccessLog.combined(lines::add, clock), hostile());
            assertThat(lines)
                    .containsExactly(
                            "192.0.2.1 - - [21/Nov/2026:09:30:00 +0000] \"GET /a\\u000a\\u001b[2Jb\\u0022c\\u005c HTTP/1.1\" 200 2 \"-\" \"curl\\u0022\\u0085x\"");
        }

        @Test
        void a_failure_is_logged_too() throws Exception {
            Handler fails =
                    _ -> {
                        throw Problem.of(403, "no", "No.").refuse();
                    };
            Middleware both =
                    next -> AccessLog.combined(lines::add, clock).wrap(new Errors().wrap(next));
            through(both, fails, Requests.get("/x"));
            assertThat(lines.getFirst()).contains("\"GET /x HTTP/1.1\" 403 ");
        }
    }

    @Nested
    final class ConcurrencyLimitTest {
        @Test
        void one_more_than_the_limit_is_told_503_and_the_place_is_free_again_afterwards()
                throws Exception {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch free = new CountDownLatch(1);
            Handler slow =
                    _ -> {
                        inside.countDown();
                        assertThat(free.await(20, TimeUnit.SECONDS)).isTrue();
                        return Response.text("ok");
                    };
            Handler limited = new ConcurrencyLimit(1, Duration.ZERO).wrap(slow);
            CompletableFuture<Integer> first =
                    CompletableFuture.supplyAsync(() -> status(limited, Requests.get("/")));
            assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
            Response second = Errors.answer(limited, Requests.get("/"));
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.headers().first("Retry-After")).contains("1");
            free.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(200);
            assertThat(status(limited, Requests.get("/"))).isEqualTo(200);
        }
    }

    private static int status(Handler handler, Request request) {
        try {
            return Errors.answer(handler, request).status();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Nested
    final class BodyLimitTest {
        @ParameterizedTest
        @CsvSource({"10, 200", "11, 413"})
        void both_sides_of_the_limit(int length, int status) throws Exception {
            Handler reads = request -> Response.text("" + request.bytes(100).length);
            Requests announced = Requests.of("POST", "/").body(new byte[length]);
            assertThat(through(new BodyLimit(10), reads, announced.request()).status())
                    .isEqualTo(status);
            Requests unknown =
                    Requests.of("POST", "/").body(new ByteArrayInputStream(new byte[length]), -1);
            assertThat(through(new BodyLimit(10), reads, unknown.request()).status())
                    .isEqualTo(status);
        }

        @Test
        void an_announced_length_is_refused_before_the_handler_runs() throws Exception {
            Handler never =
                    _ -> {
                        throw new AssertionError("ran");
                    };
            Request request = Requests.of("POST", "/").body(new byte[11]).request();
            assertThat(through(new BodyLimit(10), never, request).status()).isEqualTo(413);
        }
    }

    @Nested
    final class RateLimitTest {
        private final AtomicLong nanos = new AtomicLong();
        private final Handler limited =
                RateLimit.of(2, Duration.ofSeconds(10))
                        .with(
                                new TimeMeter() {
                                    @Override
                                    public long currentTimeNanos() {
                                        return nanos.get();
                                    }

                                    @Override
                                    public boolean isWallClockBased() {
                                        return false;
                                    }
                                })
                        .wrap(OK);

        private Response from(String address) throws Exception {
            return Errors.answer(limited, Requests.of("GET", "/").from(address).request());
        }

        @Test
        void each_client_has_its_own_bucket_which_fills_again_with_time() throws Exception {
            assertThat(from("192.0.2.1").status()).isEqualTo(200);
            assertThat(from("192.0.2.1").status()).isEqualTo(200);
            Response refused = from("192.0.2.1");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.headers().first("Retry-After")).contains("5");
            assertThat(from("192.0.2.2").status()).isEqualTo(200);
            nanos.addAndGet(Duration.ofSeconds(5).toNanos());
            assertThat(from("192.0.2.1").status()).isEqualTo(200);
            assertThat(from("192.0.2.1").status()).isEqualTo(429);
        }

        @Test
        void addresses_of_one_ipv6_network_are_one_client() throws Exception {
            from("2001:db8::1");
            from("2001:db8::2");
            assertThat(from("2001:db8::3").status()).isEqualTo(429);
            assertThat(from("2001:db8:0:1::1").status()).isEqualTo(200);
        }
    }

    @Nested
    final class SecurityHeadersTest {
        @Test
        void every_answer_has_them_also_a_refusal() throws Exception {
            Handler refuses =
                    _ -> {
                        throw Problem.of(403, "no", "No.").refuse();
                    };
            Response response = through(new SecurityHeaders(), refuses, Requests.get("/"));
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.headers().first("X-Content-Type-Options")).contains("nosniff");
            assertThat(response.headers().first("Strict-Transport-Security")).isPresent();
        }

        @Test
        void what_the_handler_says_stays() throws Exception {
            Handler framed = _ -> Response.text("x").withHeader("x-frame-options", "SAMEORIGIN");
            Response response = through(new SecurityHeaders(), framed, Requests.get("/"));
            assertThat(response.headers().all("X-Frame-Options")).containsExactly("SAMEORIGIN");
            assertThat(response.headers().first("X-Content-Type-Options")).contains("nosniff");
        }
    }

    @Nested
    final class CorsTest {
        private final Cors cors = Cors.from("https://shop.example");

        private static Requests from(String origin, String method) {
            return Requests.of(method, "/").with("Origin", origin);
        }

        @Test
        void a_page_of_a_named_origin_may_read_the_answer_even_a_refusal() throws Exception {
            Handler refuses =
                    _ -> {
                        throw Problem.of(422, "no", "No.").refuse();
                    };
            Response response =
                    through(cors, refuses, from("https://shop.example", "POST").request());
            assertThat(response.status()).isEqualTo(422);
            assertThat(response.headers().first("Access-Control-Allow-Origin"))
                    .contains("https://shop.example");
            assertThat(response.headers().first("Vary")).contains("Origin");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "https://evil.example",
                    "http://shop.example",
                    "null",
                    "https://shop.example.evil"
                })
        void another_origin_may_not(String origin) throws Exception {
            Response response = through(cors, from(origin, "GET").request());
            assertThat(response.headers().contains("Access-Control-Allow-Origin")).isFalse();
        }

        @Test
        void a_preflight_is_answered_without_the_handler() throws Exception {
            Request preflight =
                    from("https://shop.example", "OPTIONS")
                            .with("Access-Control-Request-Method", "PUT")
                            .request();
            Handler never =
                    _ -> {
                        throw new AssertionError("ran");
                    };
            Response response = through(cors.withCredentials(), never, preflight);
            assertThat(response.status()).isEqualTo(204);
            assertThat(response.headers().first("Access-Control-Allow-Methods").orElseThrow())
                    .contains("PUT");
            assertThat(response.headers().first("Access-Control-Allow-Credentials"))
                    .contains("true");
        }

        @Test
        void any_origin_with_credentials_is_a_wiring_mistake() {
            assertThatExceptionOfType(WiringException.class)
                    .isThrownBy(() -> Cors.from("*").withCredentials());
        }
    }

    @Nested
    final class MetricsTest {
        @Test
        void requests_are_counted_by_the_pattern_of_their_route() throws Exception {
            List<String> seen = new ArrayList<>();
            Handler site =
                    new Router()
                            .with(
                                    new Metrics((method, route, status, _) ->
                                            seen.add(method + " " + route + " " + status)))
                            .with(new Errors())
                            .get("/u/{id}", OK)
                            .build();
            site.handle(Requests.get("/u/7"));
            site.handle(Requests.get("/made/up"));
            site.handle(Requests.of("BREW", "/u/7").request());
            assertThat(seen).containsExactly("GET /u/{id} 200", "GET  404", "other /u/{id} 405");
        }
    }

    @Nested
    final class TraceContextTest {
        private static TraceContext trace(String traceparent) throws Exception {
            Request request = Requests.of("GET", "/").with("traceparent", traceparent).request();
            TraceContext.layer().wrap(OK).handle(request);
            return TraceContext.of(request).orElseThrow();
        }

        @Test
        void a_trace_goes_on_with_a_span_of_our_own() throws Exception {
            String sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
            TraceContext context = trace(sent);
            assertThat(context.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
            assertThat(context.parentId()).contains("b7ad6b7169203331");
            assertThat(context.traceparent())
                    .matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01")
                    .isNotEqualTo(sent);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "00",
                    "garbage",
                    "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                    "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                    "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
                    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g"
                })
        void what_is_malformed_begins_a_new_trace(String sent) throws Exception {
            TraceContext context = trace(sent);
            assertThat(context.parentId()).isEmpty();
            assertThat(context.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
        }

        @Test
        void a_later_version_may_say_more() throws Exception {
            assertThat(
                            trace("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more")
                                    .parentId())
                    .isPresent();
        }
    }

    @Nested
    final class DeadlineTest {
        @Test
        void a_handler_that_waits_too_long_is_stopped_and_the_thread_is_clean_again()
                throws Exception {
            Handler waits =
                    _ -> {
                        assertThat(new CountDownLatch(1).await(20, TimeUnit.SECONDS)).isTrue();
                        return Response.text("never");
                    };
            Response response =
                    through(new Deadline(Duration.ofMillis(30)), waits, Requests.get("/"));
            assertThat(response.status()).isEqualTo(503);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }

        @Test
        void a_handler_in_time_knows_how_much_is_left_and_meets_no_late_interrupt()
                throws Exception {
            Handler asks =
                    request -> Response.text(Deadline.remaining(request).orElseThrow().toString());
            assertThat(
                            through(new Deadline(Duration.ofMinutes(1)), asks, Requests.get("/"))
                                    .status())
                    .isEqualTo(200);
            assertThat(Deadline.remaining(Requests.get("/"))).isEmpty();
        }

        @Test
        void a_failure_in_time_stays_what_it_is() {
            Handler fails =
                    _ -> {
                        throw Problem.of(403, "no", "No.").refuse();
                    };
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() ->
                            new Deadline(Duration.ofMinutes(1))
                                    .wrap(fails)
                                    .handle(Requests.get("/")))
                    .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(403));
        }
    }

    @Nested
    final class StandardLayersTest {
        @Test
        void every_answer_has_an_id_a_line_in_the_log_and_the_headers_of_safety() throws Exception {
            List<String> lines = new ArrayList<>();
            Handler site =
                    new Router()
                            .with(
                                    StandardLayers.with(
                                            AccessLog.json(lines::add, Clock.systemUTC())))
                            .get("/ok", OK)
                            .get(
                                    "/refused",
                                    _ -> {
                                        throw Problem.of(409, "no", "No.").refuse();
                                    })
                            .build();
            for (String path : List.of("/ok", "/refused", "/nowhere")) {
                Response response = site.handle(Requests.get(path));
                String id = response.headers().first("X-Request-Id").orElseThrow();
                assertThat(response.headers().first("X-Content-Type-Options")).isPresent();
                assertThat(lines.getLast())
                        .contains("\"id\":\"" + id + "\"", "\"status\":" + response.status());
            }
            assertThat(lines).hasSize(3);
        }
    }

    @Nested
    final class MediaTypesTest {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "''                                   | application/json",
                    "*/*                                  | application/json",
                    "text/html                            | text/html",
                    "text/*                               | text/html",
                    "application/json;q=0.5, text/html    | text/html",
                    "text/html;q=0, */*                   | application/json",
                    "application/json;q=0, */*;q=0.1      | text/html",
                    "TEXT/HTML                            | text/html",
                    "text/html;level=1;q=0.3, application/json;q=0.2 | text/html",
                })
        void the_client_gets_what_it_likes_best(String accept, String chosen) {
            Request request = Requests.of("GET", "/").with("Accept", accept).request();
            assertThat(MediaTypes.choose(request, "application/json", "text/html"))
                    .isEqualTo(chosen);
        }

        @ParameterizedTest
        @ValueSource(strings = {"image/png", "*/*;q=0", "text/html;q=x", "garbage"})
        void a_client_that_takes_nothing_offered_is_told_406(String accept) {
            Request request = Requests.of("GET", "/").with("Accept", accept).request();
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> MediaTypes.choose(request, "text/html"))
                    .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(406));
        }
    }
}
