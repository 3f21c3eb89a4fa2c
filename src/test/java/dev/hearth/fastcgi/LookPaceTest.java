package dev.hearth.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How long until the next look at handlers. Times are in microseconds.
final class LookPaceTest {
    private static final long SHORTEST = 2_000;
    private static final long LONGEST = 25_000;
    private static final long IDLE = 50_000;

    private final LookPace pace = new LookPace();

    /// Of a pace that has just waited for as long as it does at most while there are requests.
    @BeforeEach
    void wait_long() {
        assertThat(next(1, false)).isEqualTo(LONGEST);
    }

    private long next(long begun, boolean running) {
        return TimeUnit.NANOSECONDS.toMicros(pace.next(begun, running));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 25000",
        "1, 25000",
        "32, 25000",
        "33, 24242",
        "64, 12500",
        "400, 2000",
        "401, 2000",
        "100000, 2000",
    })
    void about_32_handlers_begin_from_one_look_to_the_next(long begun, long micros) {
        assertThat(next(begun, false)).isEqualTo(micros);
    }

    @Test
    void the_same_rate_keeps_the_pause() {
        assertThat(next(64, false)).isEqualTo(12_500);
        assertThat(next(32, false)).isEqualTo(12_500);
        assertThat(next(16, false)).isEqualTo(LONGEST);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "1000"})
    void a_handler_that_runs_is_looked_at_again_soon(long begun) {
        assertThat(next(begun, true)).isEqualTo(SHORTEST);
    }

    @Test
    void a_second_without_handlers_makes_it_idle_and_one_handler_ends_that() {
        for (long quiet = LONGEST; quiet < TimeUnit.SECONDS.toMicros(1); quiet += LONGEST) {
            assertThat(next(0, false)).isEqualTo(LONGEST);
        }
        assertThat(next(0, false)).isEqualTo(IDLE);
        assertThat(next(0, false)).isEqualTo(IDLE);
        assertThat(next(1, false)).isEqualTo(LONGEST);
        assertThat(next(0, false)).isEqualTo(LONGEST);
    }

    @Test
    void a_handler_that_runs_on_is_never_idle() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(next(0, true)).isEqualTo(SHORTEST);
        }
        assertThat(next(0, false)).isEqualTo(LONGEST);
    }
}
