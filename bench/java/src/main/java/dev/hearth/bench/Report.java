package dev.hearth.bench;

import dev.hearth.bench.Results.Middle;
import dev.hearth.bench.Results.Sample;
import dev.hearth.bench.host.GcLog;
import dev.hearth.bench.host.MemoryWatch;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// The parts that every report has: machine and method, tables of medians, targets, failures, commands.
final class Report {

    private final Results results;
    private final StringBuilder text = new StringBuilder();

    Report(String title, Results results, Options options) {
        this.results = results;
        line("# " + title);
        line("");
        line("- measured: " + results.date());
        results.machine().forEach((name, value) -> line("- " + name + ": " + value));
        results.versions().forEach((name, value) -> line("- " + name + ": " + value));
        if (!results.samples().isEmpty()) {
            Middle probe = results.probe();
            line(
                    "- noise: a fixed piece of work took %.0f ms (%.0f to %.0f) between the windows"
                            .formatted(probe.median(), probe.smallest(), probe.largest()));
        }
        line(
                "- method: %d interleaved rounds; %.0f s of load for each peer before the first; each window %.1f s after %.1f s of the same load; medians (smallest to largest)"
                        .formatted(
                                options.rounds(),
                                options.settle().toMillis() / 1e3,
                                options.measured().toMillis() / 1e3,
                                options.warmUp().toMillis() / 1e3));
        line(
                "- CPU: user and system time of the server's control group; the generator is not in"
                        + " it");
        results.notes().forEach(note -> line("- " + note));
    }

    /// A column: its heading, digits behind the point, what it shows of a sample, and below what it is only noise.
    record Column(
            String heading,
            int digits,
            ToDoubleFunction<Sample> figure,
            Optional<ToDoubleFunction<Sample>> lag) {

        Column(String heading, int digits, ToDoubleFunction<Sample> figure) {
            this(heading, digits, figure, Optional.empty());
        }

        static final Column RATE = new Column("requests/s", 0, s -> s.window().perSecond());
        static final Column CPU = new Column("CPU µs/request", 2, Results.cpu(0));
        static final Column P50 = new Column("p50 µs", 1, s -> s.window().latency().p50());

        /// Only quoted where it exceeds what a bare `return 200` shows under the same load, and the generator's own lag.
        static final Column P99 =
                new Column(
                        "p99 µs",
                        0,
                        s -> s.window().latency().p99(),
                        Optional.of(s -> s.window().lag().p99()));

        static final Column LAG =
                new Column("generator's lag p99 µs", 1, s -> s.window().lag().p99());
        static final Column RSS =
                new Column(
                        "RSS MB", 0, s -> Results.figure(MemoryWatch.PEAK).applyAsDouble(s) / 1024);
        static final Column PSS =
                new Column(
                        "PSS MB",
                        0,
                        s -> Results.figure(MemoryWatch.SHARED_OUT).applyAsDouble(s) / 1024);
        static final Column GC_LONGEST =
                new Column("longest GC pause ms", 1, Results.figure(GcLog.LONGEST));
        static final Column HEAP =
                new Column(
                        "heap MB after GC",
                        0,
                        s -> Results.figure(GcLog.HEAP_AFTER).applyAsDouble(s) / 1024);
        static final Column GC_SHARE =
                new Column(
                        "GC share %",
                        2,
                        s ->
                                Results.figure(GcLog.TOTAL).applyAsDouble(s)
                                        / (s.window().seconds() * 1000)
                                        * 100);

        static Column cpu(String of, int which) {
            return new Column(of + " µs/request", 1, Results.cpu(which));
        }

        static Column figure(String name, int digits) {
            return new Column(name, digits, Results.figure(name));
        }
    }

    void table(String work, String load, List<Column> columns) {
        List<String> peers =
                results.samples().stream()
                        .filter(s -> s.work().equals(work) && s.load().equals(load))
                        .map(Sample::peer)
                        .distinct()
                        .toList();
        if (peers.isEmpty()) {
            return;
        }
        line("\n## " + work + (load.isEmpty() ? "" : ", " + load) + "\n");
        StringBuilder heading = new StringBuilder("| peer |");
        StringBuilder rule = new StringBuilder("|---|");
        for (Column column : columns) {
            heading.append(' ').append(column.heading).append(" |");
            rule.append("---:|");
        }
        line(heading.toString());
        line(rule.toString());
        for (String peer : peers) {
            StringBuilder row = new StringBuilder("| " + peer + " |");
            columns.forEach(
                    column -> row.append(' ').append(cell(peer, work, load, column)).append(" |"));
            line(row.toString());
        }
    }

    private String cell(String peer, String work, String load, Column column) {
        Optional<Middle> middle = results.middle(peer, work, load, column.figure);
        if (middle.isEmpty()) {
            return "—";
        }
        String one = "%." + column.digits + "f";
        Middle m = middle.get();
        Optional<Double> floor = floor(peer, work, load, column);
        if (floor.isPresent() && m.median() <= floor.get()) {
            return ("≤ floor " + one).formatted(floor.get());
        }
        return (one + " (" + one + " to " + one + ")")
                .formatted(m.median(), m.smallest(), m.largest());
    }

    private Optional<Double> floor(String peer, String work, String load, Column column) {
        if (column.lag.isEmpty() || peer.equals(Behind.CEILING)) {
            return Optional.empty();
        }
        Optional<Double> lag =
                results.middle(peer, work, load, column.lag.get()).map(Middle::median);
        Optional<Double> bare =
                results.middle(Behind.CEILING, work, load, column.figure).map(Middle::median);
        return lag.map(l -> Math.max(l, bare.orElse(0.0)));
    }

    void line(String line) {
        text.append(line).append('\n');
    }

    /// The whole report, with the targets of this suite and every command.
    String text() {
        Goals.table(results).ifPresent(table -> line("\n## Targets\n\n" + table.strip()));
        if (!results.failing().isEmpty()) {
            line("\n## Failing\n");
            results.failing().forEach((peer, why) -> line("- " + peer + ": " + why));
        }
        line("\n## Commands\n");
        results.commands().forEach((peer, command) -> line("- " + peer + ": `" + command + "`"));
        return text.toString();
    }
}
