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

    private static final List<String> SUITES =
            List.of("engine", "front", "apache", "webhook", "payment", CgiGoals.SUITE);

    private static final List<String> SUBJECTS =
            List.of(Goals.SUBJECT, CgiGoals.HEARTH_AOT, CgiGoals.HEARTH_RELAY);

    private Compare() {}

    /// One ratio of Hearth to a peer, then and now; higher is worse.
    record Ratio(String what, double then, double now) {
        boolean isWorse() {
            return now > then * WORST;
        }
    }

    static void main(String[] args) throws IOException {
        if (args.length != 2) {
            IO.println("usage: Compare OLD-FOLDER NEW-FOLDER");
            System.exit(2);
        }
        List<Ratio> ratios = ratios(Path.of(args[0]), Path.of(args[1]));
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
        }
        System.exit(exitCode(ratios));
    }

    /// 0 where nothing got worse, 1 where something did, 2 where there is nothing to tell it by.
    static int exitCode(List<Ratio> ratios) {
        if (ratios.isEmpty()) {
            return 2;
        }
        return ratios.stream().anyMatch(Ratio::isWorse) ? 1 : 0;
    }

    /// All ratios that both folders tell.
    static List<Ratio> ratios(Path older, Path newer) throws IOException {
        List<Ratio> ratios = new ArrayList<>();
        for (String suite : SUITES) {
            Path then = older.resolve(suite + ".json");
            Path now = newer.resolve(suite + ".json");
            if (Files.exists(then) && Files.exists(now)) {
                add(ratios, Results.read(then), Results.read(now));
            }
        }
        return ratios;
    }

    /// Somebody who did some work under some load.
    private record Key(String peer, String work, String load) {}

    private static void add(List<Ratio> ratios, Results then, Results now) {
        now.samples().stream()
                .filter(s -> !s.peer().startsWith(Goals.SUBJECT))
                .filter(s -> !s.peer().equals(Behind.CEILING))
                .filter(s -> !s.window().cpu().isEmpty())
                .map(s -> new Key(s.peer(), s.work(), s.load()))
                .distinct()
                .forEach(key -> {
                    for (String subject : SUBJECTS) {
                        add(ratios, subject, "CPU", key, then, now, Results.cpu(0));
                        if (key.load.startsWith("saturated")) {
                            add(ratios, subject, "time", key, then, now, Compare::time);
                        }
                    }
                });
    }

    private static double time(Sample sample) {
        return 1e6 / sample.window().perSecond();
    }

    private static void add(
            List<Ratio> ratios,
            String subject,
            String figure,
            Key key,
            Results then,
            Results now,
            ToDoubleFunction<Sample> value) {
        Optional<Double> before = ratio(then, subject, key, value);
        Optional<Double> after = ratio(now, subject, key, value);
        if (before.isPresent() && after.isPresent()) {
            String what =
                    "%s: %s per request, %s, %s to %s"
                            .formatted(key.work, figure, key.load, subject, key.peer);
            ratios.add(new Ratio(what, before.get(), after.get()));
        }
    }

    private static Optional<Double> ratio(
            Results results, String subject, Key key, ToDoubleFunction<Sample> value) {
        Optional<Middle> ours = results.middle(subject, key.work, key.load, value);
        Optional<Middle> theirs = results.middle(key.peer, key.work, key.load, value);
        return ours.flatMap(o -> theirs.map(t -> o.median() / t.median()));
    }
}
