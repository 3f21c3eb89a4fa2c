package dev.hearth.web;

import static dev.hearth.web.Layered.through;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
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
                through(new RequestIds(), request).headers().first("X-Request-Id").orElseThrow();
        assertThat(told.equals(sent)).isEqualTo(kept);
    }
}
