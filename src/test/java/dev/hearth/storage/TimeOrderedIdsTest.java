package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TimeOrderedIdsTest {
    private final TestClock clock = new TestClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final TimeOrderedIds ids = new TimeOrderedIds(clock);

    @Test
    void an_id_is_a_uuid_of_version_7_with_the_time_in_front() {
        UUID id = UUID.fromString(ids.next());

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(clock.millis());
    }

    @Test
    void ids_grow_within_a_millisecond_and_when_the_clock_goes_back() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            made.add(ids.next());
        }
        clock.advance(Duration.ofMinutes(-10));
        made.add(ids.next());

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void the_first_of_a_time_divides_before_from_after() {
        String before = ids.next();
        clock.advance(Duration.ofMillis(1));
        String after = ids.next();

        assertThat(TimeOrderedIds.first(clock.instant())).isGreaterThan(before);
        assertThat(TimeOrderedIds.first(clock.instant())).isLessThanOrEqualTo(after);
    }
}
