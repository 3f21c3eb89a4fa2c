package dev.hearth.bench;

import dev.hearth.bench.Results.Middle;
import dev.hearth.bench.Results.Sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Holds new results against old ones by their ratios to the same peers, so that another machine, or a busier one, does
/// not count.
public final class Compare {

    private static final double WORST = 1.15;
    private static final String SUBJECT = "hearth";

    private Compare() {}

    /// One ratio of Hearth to a peer, then and now; higher is worse.
    private record Ratio(String what, double then, double now) {
        boolean isWorse() {
            return now > then * WORST;
        }
    }

    static void main(String[] args) throws IOException {
        if (args.length != 2) {
            IO.println("usage: Compare OLD-FOLDER NEW-FOLDER");
            System.exit(2);
        }
        List<Ratio> ratios = new ArrayList<>();
        for (String suite : List.of("engine", "front", "apache", "webhook", "payment", "cgi")) {
            Path then = Path.of(args[0]).resolve(suite + ".json");
            Path now = Path.of(args[1]).resolve(suite + ".json");
            if (Files.exists(then) && Files.exists(now)) {
                ratios.addAll(ratios(Results.read(then), Results.read(now)));
            }
        }
        IO.println("| ratio, lower is better | then | now | |");
        IO.println("|---|---:|---:|---|");
        for (Ratio ratio : ratios) {
            IO.println(
                    "| %s | %.2f | %.2f | %s |"
                            .formatted(
                                    ratio.what,
                                    ratio.then,
                                    ratio.now,
                                    ratio.isWorse() ? "WORSE" : ""));
        }
        if (ratios.isEmpty()) {
            IO.println("\nnothing to compare: the folders share no suite");
            System.exit(2);
        }
        System.exit(ratios.stream().anyMatch(Ratio::isWorse) ? 1 : 0);
    }

    private static List<Ratio> ratios(Results then, Results now) {
        List<Ratio> ratios = new ArrayList<>();
        now.samples().stream()
                .filter(s -> !s.peer().startsWith(SUBJECT) && !s.peer().equals(Behind.CEILING))
                .filter(s -> !s.window().cpu().isEmpty())
                .map(s -> List.of(s.peer(), s.work(), s.load()))
                .distinct()
                .forEach(key -> {
                    add(ratios, "CPU", key, then, now, Results.cpu(0));
                    if (key.get(2).startsWith("saturated")) {
                        add(ratios, "time", key, then, now, s -> 1e6 / s.window().perSecond());
                    }
                });
        return ratios;
    }

    private static void add(
            List<Ratio> ratios,
            String figure,
            List<String> key,
            Results then,
            Results now,
            ToDoubleFunction<Sample> value) {
        Optional<Double> before = ratio(then, key, value);
        Optional<Double> after = ratio(now, key, value);
        if (before.isPresent() && after.isPresent()) {
            String what =
                    "%s: %s per request, %s, to %s"
                            .formatted(key.get(1), figure, key.get(2), key.get(0));
            ratios.add(new Ratio(what, before.get(), after.get()));
        }
    }

    private static Optional<Double> ratio(
            Results results, List<String> key, ToDoubleFunction<Sample> value) {
        Optional<Middle> ours = results.middle(SUBJECT, key.get(1), key.get(2), value);
        Optional<Middle> theirs = results.middle(key.get(0), key.get(1), key.get(2), value);
        return ours.flatMap(o -> theirs.map(t -> o.median() / t.median()));
    }
}
