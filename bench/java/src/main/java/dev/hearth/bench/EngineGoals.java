package dev.hearth.bench;

import dev.hearth.bench.Results.Sample;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What the engine must reach without a web server between.
final class EngineGoals {

    private static final String WORK = EngineBench.WORK;
    private static final ToDoubleFunction<Sample> CPU = Results.cpu(0);

    private EngineGoals() {}

    static List<Goal> all() {
        return List.of(
                cpu(3, "saturated: CPU ≤ 1.0 × C on libfcgi", EngineBench.SATURATED, "libfcgi", 1),
                cpu(3, "saturated: CPU ≤ 0.4 × PHP-FPM", EngineBench.SATURATED, "php-fpm", 0.4),
                cpu(3, "saturated: CPU ≤ 0.5 × Jetty FastCGI", EngineBench.SATURATED, "jetty", 0.5),
                cpu(
                        3,
                        "saturated, blocking clients: CPU ≤ 1.0 × C on libfcgi",
                        EngineBench.THREADS,
                        "libfcgi",
                        1),
                cpu(
                        3,
                        "saturated, blocking clients: CPU ≤ 0.4 × PHP-FPM",
                        EngineBench.THREADS,
                        "php-fpm",
                        0.4),
                cpu(
                        3,
                        "saturated, blocking clients: CPU ≤ 0.5 × Jetty FastCGI",
                        EngineBench.THREADS,
                        "jetty",
                        0.5),
                cpu(3, "4,000/s: CPU ≤ 2 × C on libfcgi", EngineBench.OPEN_4000, "libfcgi", 2),
                cpu(3, "4,000/s: CPU below PHP-FPM", EngineBench.OPEN_4000, "php-fpm", 1),
                new Goal(
                        3,
                        "engine",
                        "4,000/s: p50 at most 20 µs above C on libfcgi",
                        results ->
                                Goals.moreBy(
                                        results,
                                        WORK,
                                        EngineBench.OPEN_4000,
                                        "libfcgi",
                                        s -> s.window().latency().p50(),
                                        20,
                                        "µs")),
                new Goal(
                        3,
                        "engine",
                        "beside 200 slow clients: p99 below 50 ms",
                        results ->
                                Goals.below(
                                        results,
                                        WORK,
                                        EngineBench.BESIDE_SLOW,
                                        s -> s.window().latency().p99() / 1_000,
                                        50,
                                        "ms")),
                new Goal(
                        4,
                        "engine",
                        "router and default layers add ≤ 3 µs CPU to a bare handler, saturated",
                        results ->
                                Goals.moreBy(
                                        results,
                                        WORK,
                                        EngineBench.SATURATED,
                                        "hearth-gateway",
                                        CPU,
                                        3,
                                        "µs")));
    }

    private static Goal cpu(int issue, String sentence, String load, String peer, double limit) {
        return new Goal(
                issue,
                "engine",
                sentence,
                results -> Goals.atMost(results, WORK, load, peer, CPU, limit));
    }
}
