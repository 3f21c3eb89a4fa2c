package dev.hearth.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private final Traffic traffic = new Traffic();

    @Test
    void requests_are_counted_by_route_method_and_status() {
        traffic.record("GET", "/orders/{id}", 200, 1_000);
        traffic.record("GET", "/orders/{id}", 404, 1_000);
        traffic.record("POST", "/orders/{id}", 503, 1_000);
        traffic.record("GET", "", 404, 1_000);

        assertThat(traffic.counted())
                .extracting(Traffic.Counted::method, Traffic.Counted::route)
                .containsExactly(
                        tuple("GET", ""),
                        tuple("GET", "/orders/{id}"),
                        tuple("POST", "/orders/{id}"));
        Traffic.Counted orders = traffic.counted().get(1);
        assertThat(orders.statuses()).isEqualTo(Map.of(200, 1L, 404, 1L));
        assertThat(orders.refusals()).isEqualTo(1);
        assertThat(orders.errors()).isZero();
        assertThat(traffic.counted().getLast().errors()).isEqualTo(1);
    }

    @Test
    void a_client_that_left_counts_as_status_0_and_as_no_error() {
        traffic.record("GET", "/", 0, 1_000);

        assertThat(traffic.counted().getFirst().statuses()).isEqualTo(Map.of(0, 1L));
        assertThat(traffic.counted().getFirst().errors()).isZero();
    }

    @Test
    void many_threads_lose_no_count() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int n = 0; n < 10_000; n++) {
                                    traffic.record("GET", "/r" + n % 7, 200 + n % 3, n);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(traffic.counted().stream().mapToLong(Traffic.Counted::requests).sum())
                .isEqualTo(40_000);
        assertThat(traffic.counted().stream().mapToLong(each -> each.latency().total()).sum())
                .isEqualTo(40_000);
    }

    @Test
    void percentiles_come_from_the_range_that_holds_them() {
        for (int i = 0; i < 90; i++) {
            traffic.record("GET", "/", 200, 50_000); // up to 0.1 ms
        }
        for (int i = 0; i < 10; i++) {
            traffic.record("GET", "/", 200, 30_000_000); // 25 to 50 ms
        }
        Latency.Distribution latency = traffic.counted().getFirst().latency();

        assertThat(latency.millisOf(0.5)).isBetween(0.0, 0.1);
        assertThat(latency.millisOf(0.9)).isCloseTo(0.1, within(1e-9));
        assertThat(latency.millisOf(0.95)).isBetween(25.0, 50.0);
        assertThat(latency.millisOf(1)).isCloseTo(50, within(1e-9));
        assertThat(latency.since(latency).millisOf(0.99)).isZero();
    }

    @Test
    void a_time_on_a_bound_belongs_to_the_range_below_it() {
        traffic.record("GET", "/", 200, 1_000_000);
        traffic.record("GET", "/", 200, 1_000_001);
        traffic.record("GET", "/", 200, 99_000_000_000L); // beyond the last

        long[] counts = traffic.counted().getFirst().latency().counts();
        assertThat(counts[3]).isEqualTo(1);
        assertThat(counts[4]).isEqualTo(1);
        assertThat(counts[16]).isEqualTo(1);
    }
}
