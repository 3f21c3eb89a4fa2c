package dev.hearth.bench;

import dev.hearth.bench.Goal.Reading;
import dev.hearth.bench.Results.Sample;
import dev.hearth.bench.host.MemoryWatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// What must be reached behind nginx.
final class FrontGoals {

    private static final String HELLO = EngineBench.WORK;
    private static final ToDoubleFunction<Sample> CPU = Results.cpu(0);
    private static final ToDoubleFunction<Sample> RATE = s -> s.window().perSecond();

    private FrontGoals() {}

    static List<Goal> all() {
        List<Goal> goals = new ArrayList<>();
        for (String work : List.of("100 MB up", "100 MB down")) {
            goals.add(
                    goal(
                            3,
                            work + " through nginx: rate ≥ 0.8 × PHP-FPM",
                            r ->
                                    Goals.atLeast(
                                            r,
                                            work,
                                            FrontBench.ONE,
                                            "php-fpm",
                                            s -> FrontReport.rate(s, 100),
                                            0.8)));
            goals.add(
                    goal(
                            3,
                            work + " through nginx: RSS grows by less than 32 MB",
                            r ->
                                    Goals.below(
                                            r,
                                            work,
                                            FrontBench.ONE,
                                            FrontReport::growthMegabytes,
                                            32,
                                            "MB")));
        }
        goals.add(
                goal(
                        4,
                        "JSON in and out: CPU ≤ 1.2 × the same on Jetty 12 core with Jackson",
                        r ->
                                Goals.atMost(
                                        r,
                                        FrontBench.JSON,
                                        FrontBench.SATURATED,
                                        "jetty-http",
                                        CPU,
                                        1.2)));
        goals.add(
                goal(
                        9,
                        "`/hello`: requests/s ≥ Jetty HTTP by proxy_pass",
                        r -> Goals.atLeast(r, HELLO, FrontBench.SATURATED, "jetty-http", RATE, 1)));
        goals.add(
                goal(
                        9,
                        "`/hello`: requests/s ≥ 1.5 × PHP-FPM",
                        r -> Goals.atLeast(r, HELLO, FrontBench.SATURATED, "php-fpm", RATE, 1.5)));
        for (String load :
                List.of(FrontBench.SATURATED, FrontBench.open(40), FrontBench.open(10))) {
            goals.add(
                    goal(
                            9,
                            "`/hello`, " + load + ": less CPU than PHP-FPM",
                            r -> Goals.atMost(r, HELLO, load, "php-fpm", CPU, 1)));
        }
        goals.add(
                goal(
                        9,
                        "RSS at 40 % ≤ PHP-FPM with 8 children",
                        r ->
                                Goals.atMost(
                                        r,
                                        HELLO,
                                        FrontBench.open(40),
                                        "php-fpm",
                                        Results.figure(MemoryWatch.PEAK),
                                        1)));
        goals.add(
                new Goal(
                        9,
                        "soak",
                        "longest GC pause < 3 ms in at least 10 minutes at 40 % load",
                        SoakBench::longestPause));
        return goals;
    }

    private static Goal goal(
            int issue, String sentence, Function<Results, Optional<Reading>> measure) {
        return new Goal(issue, "front", sentence, measure);
    }
}
