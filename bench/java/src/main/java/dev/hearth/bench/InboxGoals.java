package dev.hearth.bench;

import dev.hearth.bench.Goal.Reading;
import dev.hearth.bench.Results.Sample;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// What the inbox must reach over its life.
final class InboxGoals {

    private static final double MANY_ROWS = 10_000_000;
    private static final ToDoubleFunction<Sample> RATE = s -> s.window().perSecond();

    private InboxGoals() {}

    static List<Goal> all() {
        List<Goal> goals = new ArrayList<>();
        for (String database : List.of(InboxBench.POSTGRES, InboxBench.SQLITE)) {
            goals.add(
                    goal(
                            database + ", 1,000 events/s: median from arrival to the handler's start ≤ 20 ms",
                            r ->
                                    figure(r, database, InboxBench.DELAY)
                                            .map(ms ->
                                                    new Reading(
                                                            "%.0f ms".formatted(ms), ms <= 20))));
            goals.add(
                    goal(
                            database + ": ten million rows slow the insert by less than 20 %",
                            r ->
                                    kept(
                                            r,
                                            database,
                                            Goals.median(
                                                    r,
                                                    Goals.SUBJECT,
                                                    database,
                                                    InboxBench.FRESH,
                                                    RATE),
                                            Goals.median(
                                                    r,
                                                    Goals.SUBJECT,
                                                    database,
                                                    InboxBench.FULL,
                                                    RATE))));
            goals.add(
                    goal(
                            database + ": ten million rows slow the claim by less than 20 %",
                            r ->
                                    kept(
                                            r,
                                            database,
                                            figure(r, database, InboxBench.DRAINED),
                                            figure(r, database, InboxBench.DRAINED_FULL))));
        }
        goals.add(
                goal(
                        "PostgreSQL: a backlog of 100,000 is handled at ≥ 5,000/s",
                        r ->
                                figure(r, InboxBench.POSTGRES, InboxBench.DRAINED)
                                        .map(rate ->
                                                new Reading(
                                                        "%.0f/s".formatted(rate), rate >= 5000))));
        return goals;
    }

    /// Told only where the table was as full as the target says.
    private static Optional<Reading> kept(
            Results results, String database, Optional<Double> before, Optional<Double> after) {
        if (figure(results, database, InboxBench.ROWS).orElse(0.0) < MANY_ROWS) {
            return Optional.empty();
        }
        return before.flatMap(b -> after.map(a -> a / b))
                .map(ratio -> new Reading("%.2f ×".formatted(ratio), ratio >= 0.8));
    }

    private static Optional<Double> figure(Results results, String database, String name) {
        return Goals.median(results, Goals.SUBJECT, database, "", Results.figure(name));
    }

    private static Goal goal(String sentence, Function<Results, Optional<Reading>> measure) {
        return new Goal(5, "inbox", sentence, measure);
    }
}
