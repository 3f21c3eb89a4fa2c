package dev.hearth.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hearth.service.Lifetime.End.Renewal;
import dev.hearth.service.Lifetime.End.Sleep;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LifetimeTest {
    private static final Duration LONG = Duration.ofDays(400);

    @Test
    void without_limits_it_never_ends() {
        assertThat(Lifetime.ENDLESS.end(LONG, LONG, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void it_sleeps_when_nothing_was_asked_for_long_enough() {
        Lifetime lifetime = new Lifetime(Duration.ofMinutes(10), Duration.ZERO, 0);

        assertThat(lifetime.end(LONG, Duration.ofMinutes(10).minusNanos(1), 5)).isEmpty();
        assertThat(lifetime.end(LONG, Duration.ofMinutes(10), 5)).containsInstanceOf(Sleep.class);
    }

    @Test
    void it_is_renewed_at_its_age_and_after_its_requests_even_while_busy() {
        Lifetime lifetime = new Lifetime(Duration.ofMinutes(10), Duration.ofHours(1), 1_000);

        assertThat(lifetime.end(Duration.ofMinutes(59), Duration.ZERO, 999)).isEmpty();
        assertThat(lifetime.end(Duration.ofHours(1), Duration.ZERO, 0))
                .containsInstanceOf(Renewal.class);
        assertThat(lifetime.end(Duration.ZERO, Duration.ZERO, 1_000))
                .containsInstanceOf(Renewal.class);
        // Both at once: a fresh process is wanted, not none.
        assertThat(lifetime.end(LONG, LONG, 1_000)).containsInstanceOf(Renewal.class);
    }

    @Test
    void a_negative_limit_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Lifetime(Duration.ofSeconds(-1), Duration.ZERO, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Lifetime(Duration.ZERO, Duration.ZERO, -1));
    }
}
