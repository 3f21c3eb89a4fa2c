package dev.hearth.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void no_time_is_longer_than_nanoseconds_can_tell() {
        refusesLonger("idleTimeout", (limits, time) -> limits.idleTimeout = time);
        refusesLonger("headerTimeout", (limits, time) -> limits.headerTimeout = time);
        refusesLonger("bodyTimeout", (limits, time) -> limits.bodyTimeout = time);
        refusesLonger("writeTimeout", (limits, time) -> limits.writeTimeout = time);
        refusesLonger("requestTimeout", (limits, time) -> limits.requestTimeout = time);
    }

    private static void refusesLonger(String name, BiConsumer<Limits.Changes, Duration> change) {
        Limits longest = Limits.DEFAULT.with(limits -> change.accept(limits, Limits.LONGEST_TIME));
        assertThat(longest).isNotEqualTo(Limits.DEFAULT);
        assertThat(Limits.LONGEST_TIME.toNanos()).isPositive();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Limits.DEFAULT.with(
                                limits -> change.accept(limits, Limits.LONGEST_TIME.plusNanos(1))))
                .withMessageStartingWith(name + " must be at most PT876000H, was ");
    }
}
