package dev.hearth.web;

import static dev.hearth.web.Layered.through;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Handler;
import dev.hearth.http.Problem;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
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
