package dev.hearth.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is foretold of a request, by what was learnt of those before it.
final class SlowPathsTest {
    private static final long QUICK = 300_000; // nanoseconds, as are all times here
    private static final long SLOW = 300_001;
    private static final int ORDERS = SlowPaths.place("POST", "/orders");

    private final SlowPaths paths = new SlowPaths();

    @Test
    void a_place_never_seen_is_slow_and_one_quick_request_changes_that() {
        assertThat(paths.isSlow(ORDERS)).isTrue();
        paths.record(ORDERS, QUICK);
        assertThat(paths.isSlow(ORDERS)).isFalse();
    }

    @Test
    void one_slow_request_among_quick_ones_changes_nothing_and_two_do() {
        for (int i = 0; i < 20; i++) {
            paths.record(ORDERS, QUICK);
        }
        paths.record(ORDERS, SLOW);
        assertThat(paths.isSlow(ORDERS)).isFalse();
        paths.record(ORDERS, SLOW);
        assertThat(paths.isSlow(ORDERS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /orders, true",
        "POST, /orders/, true",
        "POST, /orders/17/lines, true",
        "GET, /orders, false",
        "POST, /order, false",
        "POST, /, false",
        "POST, '', false",
    })
    void a_place_is_the_method_and_the_first_segment_of_the_path(
            String method, String path, boolean same) {
        assertThat(SlowPaths.place(method, path) == ORDERS).isEqualTo(same);
    }
}
