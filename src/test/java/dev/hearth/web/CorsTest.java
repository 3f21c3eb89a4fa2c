package dev.hearth.web;

import static dev.hearth.web.Layered.through;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.Handler;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
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
        Response response = through(cors, refuses, from("https://shop.example", "POST").request());
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
        assertThat(response.headers().first("Access-Control-Allow-Credentials")).contains("true");
    }

    @Test
    void any_origin_with_credentials_is_a_wiring_mistake() {
        assertThatExceptionOfType(WiringException.class)
                .isThrownBy(() -> Cors.from("*").withCredentials());
    }
}
