package dev.hearth.web;

import static dev.hearth.web.Layered.status;
import static dev.hearth.web.Layered.through;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Handler;
import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
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
        assertThat(through(new BodyLimit(10), reads, unknown.request()).status()).isEqualTo(status);
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
