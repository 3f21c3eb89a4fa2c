package dev.hearth.bench;

import dev.hearth.bench.Goal.Reading;
import dev.hearth.bench.Results.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/// What the operator site must reach; `bench/operator` keeps the samples.
final class OperatorGoals {

    static final String SUITE = "operator";
    static final String MEDIAN = "median ms";
    static final String BYTES = "bytes";
    static final String TABS = "tabs";
    static final String CPU = "CPU % of a core";

    private static final String SEARCH = "text-";

    private OperatorGoals() {}

    static List<Goal> all() {
        List<Goal> goals = new ArrayList<>();
        for (String database : List.of("SQLite", "PostgreSQL")) {
            goals.add(
                    atMost(
                            "a page with 100,000 events on " + database + ": ≤ 100 ms",
                            s -> is(s, 100_000, database) && !s.work().startsWith(SEARCH),
                            MEDIAN,
                            100,
                            "%.0f ms"));
            goals.add(
                    atMost(
                            "a search in 1,000,000 events on " + database + ": ≤ 300 ms",
                            s -> is(s, 1_000_000, database),
                            MEDIAN,
                            300,
                            "%.0f ms"));
        }
        goals.add(atMost("a page has ≤ 100 KB", _ -> true, BYTES, 100_000, "%.0f bytes"));
        goals.add(
                atMost(
                        "open in ten tabs: ≤ 2 % of a core",
                        s -> s.work().equals(TABS), CPU, 2, "%.2f %%"));
        return goals;
    }

    private static boolean is(Sample sample, int events, String database) {
        return sample.load().equals("%,d events on %s".formatted(events, database));
    }

    /// The largest of the figures that were measured.
    private static Goal atMost(
            String sentence, Predicate<Sample> which, String figure, double limit, String format) {
        return new Goal(
                8,
                SUITE,
                sentence,
                results -> {
                    OptionalDouble largest =
                            results.samples().stream()
                                    .filter(which)
                                    .mapToDouble(Results.figure(figure))
                                    .filter(Double::isFinite)
                                    .max();
                    return largest.isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    new Reading(
                                            format.formatted(largest.getAsDouble()),
                                            largest.getAsDouble() <= limit));
                });
    }
}
