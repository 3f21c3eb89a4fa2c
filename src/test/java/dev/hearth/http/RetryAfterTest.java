package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryAfterTest {
    private static final String NOW = "Sun, 06 Nov 1994 08:49:37 GMT";

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "999999, 999999",
        "'Sun, 06 Nov 1994 08:51:07 GMT', 90",
        "'Sun, 06 Nov 1994 08:49:07 GMT', 0",
    })
    void seconds_and_times_are_understood(String field, long seconds) {
        assertThat(RetryAfter.parse(field, NOW)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"1000000", "-1", "12 s", "''", "tomorrow"})
    void anything_else_has_not_been_said(String field) {
        assertThat(RetryAfter.parse(field, NOW)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"''", "now"})
    void a_time_means_nothing_without_the_clock_that_it_is_of(String date) {
        assertThat(RetryAfter.parse("Sun, 06 Nov 1994 08:51:07 GMT", date)).isEmpty();
        assertThat(RetryAfter.parse("7", date)).contains(Duration.ofSeconds(7));
    }
}
