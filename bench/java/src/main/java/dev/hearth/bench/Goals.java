package dev.hearth.bench;

import dev.hearth.bench.Goal.Reading;
import dev.hearth.bench.Results.Middle;
import dev.hearth.bench.Results.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// The table of targets, read from raw results: nothing in it is written by hand.
final class Goals {

    static final String SUBJECT = "hearth";

    private static final String HEADING =
            """
            | issue | target | measured | reached |
            |---:|---|---:|---|
            """;

    private Goals() {}

    static List<Goal> all() {
        return Stream.of(
                        EngineGoals.all(),
                        FrontGoals.all(),
                        WebhookGoals.all(),
                        InboxGoals.all(),
                        PaymentGoals.all(),
                        CgiGoals.all(),
                        StartupGoals.all(),
                        InnerGoals.all(),
                        OperatorGoals.all())
                .flatMap(List::stream)
                .toList();
    }

    /// The targets that one suite tells of.
    static Optional<String> table(Results results) {
        List<Goal> own = all().stream().filter(g -> g.suite().equals(results.suite())).toList();
        if (own.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder table = new StringBuilder(HEADING);
        own.forEach(goal -> table.append(row(goal, goal.measure().apply(results))));
        return Optional.of(table.toString());
    }

    /// All targets of all suites of a folder of results; what it does not hold is told as not measured.
    static String table(Path folder) throws IOException {
        StringBuilder table = new StringBuilder(HEADING);
        readings(folder).forEach((goal, reading) -> table.append(row(goal, reading)));
        return table.toString();
    }

    /// How many targets a folder shows as reached, as missed, and not at all.
    record Count(int reached, int missed, int open) {
        int all() {
            return reached + missed + open;
        }
    }

    static Count count(Path folder) throws IOException {
        List<Optional<Reading>> readings = List.copyOf(readings(folder).values());
        int measured = (int) readings.stream().filter(Optional::isPresent).count();
        int reached =
                (int) readings.stream().flatMap(Optional::stream).filter(Reading::reached).count();
        return new Count(reached, measured - reached, readings.size() - measured);
    }

    /// All targets by their issues.
    private static Map<Goal, Optional<Reading>> readings(Path folder) throws IOException {
        Map<String, Optional<Results>> suites = new HashMap<>();
        Map<Goal, Optional<Reading>> readings = new LinkedHashMap<>();
        List<Goal> sorted = all().stream().sorted(Comparator.comparingInt(Goal::issue)).toList();
        for (Goal goal : sorted) {
            if (!suites.containsKey(goal.suite())) {
                suites.put(goal.suite(), read(folder, goal.suite()));
            }
            readings.put(goal, suites.get(goal.suite()).flatMap(goal.measure()));
        }
        return readings;
    }

    private static Optional<Results> read(Path folder, String suite) throws IOException {
        Path raw = folder.resolve(suite + ".json");
        if (!Files.exists(raw)) {
            return Optional.empty();
        }
        return Optional.of(
                suite.equals(JmhResults.SUITE) ? JmhResults.read(raw) : Results.read(raw));
    }

    private static String row(Goal goal, Optional<Reading> reading) {
        return "| %d | %s | %s | %s |\n"
                .formatted(
                        goal.issue(),
                        goal.sentence(),
                        reading.map(Reading::text).orElse("—"),
                        reading.map(r -> r.reached() ? "yes" : "no").orElse("not measured"));
    }

    /// At most this many times the peer's.
    static Optional<Reading> atMost(
            Results results,
            String work,
            String load,
            String peer,
            ToDoubleFunction<Sample> figure,
            double limit) {
        return ratio(results, work, load, peer, figure)
                .map(r -> new Reading("%.2f ×".formatted(r), r <= limit));
    }

    /// At least this many times the peer's.
    static Optional<Reading> atLeast(
            Results results,
            String work,
            String load,
            String peer,
            ToDoubleFunction<Sample> figure,
            double limit) {
        return ratio(results, work, load, peer, figure)
                .map(r -> new Reading("%.2f ×".formatted(r), r >= limit));
    }

    /// A figure of the subject itself that must stay below a limit.
    static Optional<Reading> below(
            Results results,
            String work,
            String load,
            ToDoubleFunction<Sample> figure,
            double limit,
            String unit) {
        return median(results, SUBJECT, work, load, figure)
                .map(value -> new Reading("%.1f %s".formatted(value, unit), value < limit));
    }

    /// How much more the subject has than a peer, which must stay within a limit.
    static Optional<Reading> moreBy(
            Results results,
            String work,
            String load,
            String peer,
            ToDoubleFunction<Sample> figure,
            double limit,
            String unit) {
        Optional<Double> theirs = median(results, peer, work, load, figure);
        return median(results, SUBJECT, work, load, figure)
                .flatMap(ours -> theirs.map(t -> ours - t))
                .map(more -> new Reading("%+.1f %s".formatted(more, unit), more <= limit));
    }

    private static Optional<Double> ratio(
            Results results,
            String work,
            String load,
            String peer,
            ToDoubleFunction<Sample> figure) {
        Optional<Double> theirs = median(results, peer, work, load, figure);
        return median(results, SUBJECT, work, load, figure)
                .flatMap(ours -> theirs.map(t -> ours / t));
    }

    static Optional<Double> median(
            Results results,
            String peer,
            String work,
            String load,
            ToDoubleFunction<Sample> figure) {
        return results.middle(peer, work, load, figure).map(Middle::median);
    }
}
