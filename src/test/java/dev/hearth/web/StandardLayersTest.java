package dev.hearth.web;

import static dev.hearth.web.Layered.OK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Handler;
import dev.hearth.http.Problem;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class StandardLayersTest {
    @Test
    void every_answer_has_an_id_a_line_in_the_log_and_the_headers_of_safety() throws Exception {
        List<String> lines = new ArrayList<>();
        Handler site =
                new Router()
                        .with(StandardLayers.with(AccessLog.json(lines::add, Clock.systemUTC())))
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
