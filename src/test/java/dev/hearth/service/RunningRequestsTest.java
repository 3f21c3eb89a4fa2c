package dev.hearth.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Handler;
import dev.hearth.http.Request;
import dev.hearth.http.RequestSource;
import dev.hearth.http.Response;
import dev.hearth.service.RunningRequests.Running;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RunningRequestsTest {
    private final RunningRequests requests = new RunningRequests();

    @Test
    void a_request_is_listed_while_its_handler_runs_and_not_after() throws Exception {
        AtomicReference<List<Running>> seen = new AtomicReference<>(List.of());
        Handler handler =
                requests.wrap(_ -> {
                    seen.set(requests.list());
                    assertThat(requests.idleNanos()).isZero();
                    return Response.text("");
                });

        handler.handle(request("/a", "10.0.0.1"));

        assertThat(seen.get()).hasSize(1);
        assertThat(seen.get().getFirst().path()).isEqualTo("/a");
        assertThat(seen.get().getFirst().client()).isEqualTo("10.0.0.1");
        assertThat(seen.get().getFirst().thread()).isEqualTo(Thread.currentThread());
        assertThat(requests.list()).isEmpty();
        assertThat(requests.begun()).isEqualTo(1);
        assertThat(requests.ended()).isEqualTo(1);
    }

    @Test
    void one_that_fails_has_ended_as_well() {
        Handler handler =
                requests.wrap(_ -> {
                    throw new IllegalStateException("bug");
                });
        try {
            handler.handle(request("/a", "10.0.0.1"));
        } catch (Exception bug) {
            assertThat(bug).hasMessage("bug");
        }
        assertThat(requests.list()).isEmpty();
        assertThat(requests.ended()).isEqualTo(1);
    }

    @Test
    void one_within_another_on_the_same_thread_gives_its_place_back() throws Exception {
        AtomicReference<List<Running>> after = new AtomicReference<>(List.of());
        Handler inner = requests.wrap(_ -> Response.text(""));
        Handler outer =
                requests.wrap(_ -> {
                    Response answer = inner.handle(request("/inner", "::1"));
                    after.set(requests.list());
                    return answer;
                });

        outer.handle(request("/outer", "::1"));

        assertThat(after.get()).extracting(Running::path).containsExactly("/outer");
    }

    @Test
    void one_that_its_gateway_has_taken_apart_is_left_out() throws Exception {
        AtomicReference<List<Running>> seen = new AtomicReference<>(List.of(nothing()));
        Handler handler =
                requests.wrap(_ -> {
                    seen.set(requests.list());
                    return Response.text("");
                });

        handler.handle(request("/a", null));

        assertThat(seen.get()).isEmpty();
    }

    private static Running nothing() {
        return new Running(0, "", "", "", "", 0, Thread.currentThread());
    }

    /// Without an address it fails when it is asked for one.
    private static Request request(String path, String address) {
        return new Request(
                (RequestSource)
                        Proxy.newProxyInstance(
                                RequestSource.class.getClassLoader(),
                                new Class<?>[] {RequestSource.class},
                                (_, method, _) ->
                                        switch (method.getName()) {
                                            case "method" -> "GET";
                                            case "path" -> path;
                                            case "remoteAddress" -> {
                                                if (address == null) {
                                                    throw new IllegalStateException("over");
                                                }
                                                yield address;
                                            }
                                            default -> throw new AssertionError(method.getName());
                                        }));
    }
}
