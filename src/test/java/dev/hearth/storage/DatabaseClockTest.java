package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseClockTest {
    private static final Instant SERVER = Instant.parse("2026-11-21T10:00:00Z");

    @ParameterizedTest
    @ValueSource(longs = {-600, 600})
    void a_machine_ten_minutes_off_reads_the_servers_time(long seconds) {
        TestClock own = new TestClock(SERVER.plusSeconds(seconds));
        DatabaseClock clock = new DatabaseClock(own);

        clock.set(SERVER, own.instant());
        own.advance(Duration.ofSeconds(7));

        assertThat(clock.instant()).isEqualTo(SERVER.plusSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(longs = {-40, 0, 40})
    void a_difference_within_the_way_of_the_answer_is_none(long millis) {
        TestClock own = new TestClock(SERVER.plusMillis(millis));
        DatabaseClock clock = new DatabaseClock(own);
        Instant asked = own.instant().minusMillis(100);

        clock.set(SERVER.minusMillis(50), asked);

        assertThat(clock.instant()).isEqualTo(own.instant());
    }
}
