package dev.hearth.bench;

import dev.hearth.bench.Goal.Reading;

import java.util.List;
import java.util.Optional;

/// What must be reached at the start, idle, and on the disk.
final class StartupGoals {

    private StartupGoals() {}

    static List<Goal> all() {
        return List.of(
                new Goal(
                        3,
                        "startup",
                        "5,000 idle kept connections: less than 40 MB more",
                        r ->
                                Goals.below(
                                        r,
                                        StartupBench.IDLE,
                                        "",
                                        Results.figure(StartupBench.IDLE_MORE),
                                        40,
                                        "MB")),
                start(
                        4,
                        "`Hello.java` run as a file, compiled before, with AOT: first answer ≤ 400 ms",
                        "hearth-run-file-aot",
                        400),
                start(
                        7,
                        "worker with AOT on SQLite: first FastCGI answer ≤ 250 ms",
                        "hearth-serve-aot",
                        250),
                new Goal(
                        7,
                        "startup",
                        "distribution ≤ 60 MB packed",
                        r -> atMost(r, Sizes.PACKED, Sizes.SIZE, Sizes.MEGABYTES, 60, "MB")));
    }

    private static Goal start(int issue, String sentence, String peer, double millis) {
        return new Goal(
                issue,
                "startup",
                sentence,
                r -> atMost(r, peer, StartupBench.START, StartupBench.FIRST_ANSWER, millis, "ms"));
    }

    private static Optional<Reading> atMost(
            Results results, String peer, String work, String figure, double limit, String unit) {
        return Goals.median(results, peer, work, "", Results.figure(figure))
                .map(value -> new Reading("%.1f %s".formatted(value, unit), value <= limit));
    }
}
