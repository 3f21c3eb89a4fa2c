package dev.hearth.bench;

import dev.hearth.bench.Goal.Reading;
import java.util.List;
import java.util.Optional;

/// What the inner loops must reach.
final class InnerGoals {

    /// Two runs of JMH differ by that much where nothing changed.
    private static final double EQUAL = 1.25;

    private InnerGoals() {}

    static List<Goal> all() {
        return List.of(
                new Goal(
                        3,
                        JmhResults.SUITE,
                        "bytes allocated by parser and writer for a hello are told",
                        InnerGoals::allocated),
                lookup("literal"),
                lookup("parameter"),
                new Goal(
                        8,
                        JmhResults.SUITE,
                        "metrics cost a request ≤ 1 µs",
                        InnerGoals::counting));
    }

    private static Optional<Reading> counting(Results results) {
        Optional<Double> without = figure(results, "TrafficBenchmark.without", "");
        return figure(results, "TrafficBenchmark.counted", "")
                .flatMap(counted -> without.map(w -> counted - w))
                .map(ns -> new Reading("%.0f ns".formatted(ns), ns <= 1000));
    }

    private static Goal lookup(String route) {
        return new Goal(
                4,
                JmhResults.SUITE,
                "a route (%s) is found among 1,000 as fast as among 10, ≤ %.2f ×"
                        .formatted(route, EQUAL),
                results -> {
                    String work = "RouterBenchmark." + route;
                    Optional<Double> few = figure(results, work, "routes=10");
                    return figure(results, work, "routes=1000")
                            .flatMap(many -> few.map(f -> many / f))
                            .map(r -> new Reading("%.2f ×".formatted(r), r <= EQUAL));
                });
    }

    private static Optional<Double> figure(Results results, String work, String load) {
        return Goals.median(
                results, Goals.SUBJECT, work, load, Results.figure(JmhResults.NANOSECONDS));
    }

    private static Optional<Reading> allocated(Results results) {
        double sum = 0;
        for (String part : List.of("records", "pairsDecodedAndThreeAsked", "answer")) {
            Optional<Double> bytes =
                    Goals.median(
                            results,
                            Goals.SUBJECT,
                            "WireBenchmark." + part,
                            "",
                            Results.figure(JmhResults.ALLOCATED));
            if (bytes.isEmpty()) {
                return Optional.empty();
            }
            sum += bytes.get();
        }
        return Optional.of(new Reading("%.0f bytes".formatted(sum), true));
    }
}
