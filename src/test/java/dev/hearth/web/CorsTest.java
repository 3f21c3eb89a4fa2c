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
    void a_page_may_read_the_headers_that_are_named_even_of_a_refusal() throws Exception {
        Cors exposing = cors.withCredentials().withExposedHeaders("Location", "ETag");
        Response ok = through(exposing, from("https://shop.example", "GET").request());
        assertThat(ok.headers().all("Access-Control-Expose-Headers"))
                .containsExactly("Location, ETag");
        Handler refuses =
                _ -> {
                    throw Problem.of(422, "no", "No.").refuse();
                };
        Response refused =
                through(exposing, refuses, from("https://shop.example", "POST").request());
        assertThat(refused.headers().all("Access-Control-Expose-Headers"))
                .containsExactly("Location, ETag");
        // OPTIONS without the header that makes it a preflight is a request like any other.
        Response options = through(exposing, from("https://shop.example", "OPTIONS").request());
        assertThat(options.headers().contains("Access-Control-Expose-Headers")).isTrue();
    }

    @Test
    void what_is_exposed_is_told_neither_in_preflights_nor_to_other_origins() throws Exception {
        Cors exposing = cors.withExposedHeaders("ETag");
        Request preflight =
                from("https://shop.example", "OPTIONS")
                        .with("Access-Control-Request-Method", "PUT")
                        .request();
        assertThat(through(exposing, preflight).headers().contains("Access-Control-Expose-Headers"))
                .isFalse();
        Response other = through(exposing, from("https://evil.example", "GET").request());
        assertThat(other.headers().contains("Access-Control-Expose-Headers")).isFalse();
        Response unnamed = through(cors, from("https://shop.example", "GET").request());
        assertThat(unnamed.headers().contains("Access-Control-Expose-Headers")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X Id", "ETag, Location", "X-Id\r\n", "Größe"})
    void what_is_no_name_of_a_header_is_a_wiring_mistake(String name) {
        assertThatExceptionOfType(WiringException.class)
                .isThrownBy(() -> cors.withExposedHeaders("ETag", name))
                .withMessageContaining("\"" + name + "\"");
        assertThatExceptionOfType(WiringException.class).isThrownBy(() -> cors.withHeaders(name));
        assertThatExceptionOfType(WiringException.class).isThrownBy(() -> cors.withMethods(name));
    }

    @Test
    void all_headers_may_be_exposed_unless_credentials_come_along() throws Exception {
        Cors all = Cors.from("*").withExposedHeaders("*");
        Response shared = through(all, from("https://any.example", "GET").request());
        assertThat(shared.headers().first("Access-Control-Expose-Headers")).contains("*");
        assertThat(shared.headers().first("Access-Control-Allow-Origin")).contains("*");
        assertThatExceptionOfType(WiringException.class)
                .isThrownBy(() -> cors.withExposedHeaders("*").withCredentials());
        assertThatExceptionOfType(WiringException.class)
                .isThrownBy(() -> cors.withCredentials().withExposedHeaders("ETag", "*"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example/",
                "https://shop.example/app",
                "shop.example",
                "https://",
                "https://a.example, https://b.example",
                ""
            })
    void what_no_browser_sends_as_an_origin_is_a_wiring_mistake(String origin) {
        assertThatExceptionOfType(WiringException.class)
                .isThrownBy(() -> Cors.from("https://good.example", origin))
                .withMessageContaining("\"" + origin + "\"");
    }

    @Test
    void an_origin_may_be_named_in_capitals_and_with_a_port() throws Exception {
        Cors capitals = Cors.from("https://Shop.Example:8443");
        Response shared = through(capitals, from("https://shop.example:8443", "GET").request());
        assertThat(shared.headers().first("Access-Control-Allow-Origin"))
                .contains("https://shop.example:8443");
        Response port = through(capitals, from("https://shop.example", "GET").request());
        assertThat(port.headers().contains("Access-Control-Allow-Origin")).isFalse();
    }

    @Test
    void any_origin_with_credentials_is_a_wiring_mistake() {
        assertThatExceptionOfType(WiringException.class)
                .isThrownBy(() -> Cors.from("*").withCredentials());
    }
}
