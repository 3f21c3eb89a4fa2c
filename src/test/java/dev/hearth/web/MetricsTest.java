package dev.hearth.web;

import static dev.hearth.web.Layered.OK;
import static dev.hearth.web.Layered.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Requests;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
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
