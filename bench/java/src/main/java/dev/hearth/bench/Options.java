package dev.hearth.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What every suite takes from the command line.
///
/// @param only the peers to run, empty for all
/// @param quick whether to leave out what takes long
public record Options(
        boolean quick,
        int rounds,
        Duration settle,
        Duration warmUp,
        Duration measured,
        List<String> only,
        Path out) {

    /// Variants and parts of others: a quick run leaves them out.
    private static final Set<String> IN_FULL_RUNS =
            Set.of(
                    "hearth-router",
                    "hearth-engine",
                    "hearth-tcp",
                    "php-fpm-16",
                    "php-fpm-plain-pdo",
                    "go-http",
                    CgiGoals.HEARTH);

    static final String USAGE =
            """
              --rounds 5        interleaved rounds A B C A B C …
              --settle 10       seconds of load for each peer before the first round (JIT, caches)
              --warmup 1        seconds of the same load before each window
              --seconds 3       length of a window
              --peers a,b       only these
              --out FOLDER      default: bench/results/<date>
              --quick           2 rounds, 1.5 s settle, 0.3 s warm-up, 0.7 s windows, fewer loads and peers
            """;

    static Options parse(String[] args, Path home) {
        boolean quick = false;
        int rounds = 5;
        double settle = 10;
        double warmUp = 1;
        double seconds = 3;
        List<String> only = List.of();
        Path out = home.resolve("results").resolve(LocalDate.now().toString());
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> {
                    quick = true;
                    rounds = 2;
                    settle = 1.5;
                    warmUp = 0.3;
                    seconds = 0.7;
                }
                case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                case "--settle" -> settle = Double.parseDouble(args[++i]);
                case "--warmup" -> warmUp = Double.parseDouble(args[++i]);
                case "--seconds" -> seconds = Double.parseDouble(args[++i]);
                case "--peers" -> only = Arrays.asList(args[++i].split(","));
                case "--out" -> out = Path.of(args[++i]).toAbsolutePath();
                default ->
                        throw new IllegalArgumentException(
                                "unknown option " + args[i] + "\n" + USAGE);
            }
        }
        return new Options(
                quick, rounds, seconds(settle), seconds(warmUp), seconds(seconds), only, out);
    }

    boolean wants(String peer) {
        return only.isEmpty() ? !quick || !IN_FULL_RUNS.contains(peer) : only.contains(peer);
    }

    /// The same for all peers.
    Options forAll() {
        return new Options(quick, rounds, settle, warmUp, measured, List.of(), out);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (seconds * 1000));
    }
}
