package dev.hearth.bench;

import dev.hearth.bench.Results.Middle;
import dev.hearth.bench.Results.Sample;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// The parts that every report has: machine and method, tables of medians, the table of targets, failures.
final class Report {

    private final Results results;
    private final StringBuilder text = new StringBuilder();
    private boolean inTargets;

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
                "- CPU: user and system time of the server's control group; the generator is not in it");
    }

    /// A column: its heading, digits behind the point, and what it shows of a sample.
    record Column(String heading, int digits, ToDoubleFunction<Sample> figure) {}

    static double cpu(Sample sample) {
        return cpu(sample, 0);
    }

    /// The CPU time per request of the server (0) or of one beside it (1 …); 0 where there is none.
    static double cpu(Sample sample, int which) {
        List<Double> cpu = sample.window().cpu();
        return which < cpu.size() ? cpu.get(which) : 0;
    }

    void table(String work, String load, List<Column> columns) {
        line("\n## " + work + (load.isEmpty() ? "" : ", " + load) + "\n");
        StringBuilder heading = new StringBuilder("| peer |");
        StringBuilder rule = new StringBuilder("|---|");
        for (Column column : columns) {
            heading.append(' ').append(column.heading).append(" |");
            rule.append("---:|");
        }
        line(heading.toString());
        line(rule.toString());
        List<String> peers =
                results.samples().stream()
                        .filter(s -> s.work().equals(work) && s.load().equals(load))
                        .map(Sample::peer)
                        .distinct()
                        .toList();
        for (String peer : peers) {
            StringBuilder row = new StringBuilder("| " + peer + " |");
            columns.forEach(
                    column -> row.append(' ').append(cell(peer, work, load, column)).append(" |"));
            line(row.toString());
        }
    }

    private String cell(String peer, String work, String load, Column column) {
        String one = "%." + column.digits + "f";
        return results.middle(peer, work, load, column.figure)
                .map(m ->
                        (one + " (" + one + " to " + one + ")")
                                .formatted(m.median(), m.smallest(), m.largest()))
                .orElse("—");
    }

    Optional<Double> median(
            String peer, String work, String load, ToDoubleFunction<Sample> figure) {
        return results.middle(peer, work, load, figure).map(Middle::median);
    }

    /// A target in the form "at most (or least) this many times the peer's".
    void ratio(
            String target,
            String work,
            String load,
            String peer,
            ToDoubleFunction<Sample> figure,
            String comparison,
            double limit) {
        Optional<Double> ours = median("hearth", work, load, figure);
        Optional<Double> theirs = median(peer, work, load, figure);
        if (ours.isPresent() && theirs.isPresent()) {
            double ratio = ours.get() / theirs.get();
            boolean reached = comparison.equals("≤") ? ratio <= limit : ratio >= limit;
            target(target, "%.2f".formatted(ratio), reached);
        }
    }

    void target(String target, String measured, boolean reached) {
        if (!inTargets) {
            inTargets = true;
            line("\n## Targets\n");
            line("| target | measured | reached |");
            line("|---|---:|---|");
        }
        line("| %s | %s | %s |".formatted(target, measured, reached ? "yes" : "no"));
    }

    void line(String line) {
        text.append(line).append('\n');
    }

    String text() {
        if (!results.failing().isEmpty()) {
            line("\n## Failing\n");
            results.failing().forEach((peer, why) -> line("- " + peer + ": " + why));
        }
        line("\n## Commands\n");
        results.commands().forEach((peer, command) -> line("- " + peer + ": `" + command + "`"));
        return text.toString();
    }
}
