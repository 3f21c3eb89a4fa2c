package dev.hearth.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
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
        assertThat(MediaTypes.choose(request, "application/json", "text/html")).isEqualTo(chosen);
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
