package dev.hearth.bench;

import dev.hearth.bench.Results.Middle;
import dev.hearth.bench.load.Window;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Tells the results of the engine's suite in Markdown: machine, tables, targets.
final class EngineReport {

    private final Results results;
    private final Options options;
    private final StringBuilder text = new StringBuilder();

    EngineReport(Results results, Options options) {
        this.results = results;
        this.options = options;
    }

    String text() {
        line("# The engine: `GET /hello` over FastCGI, unix socket, no web server between");
        line("");
        results.machine().forEach((name, value) -> line("- " + name + ": " + value));
        results.versions().forEach((name, value) -> line("- " + name + ": " + value));
        Middle probe = results.probe();
        line(
                "- noise: a fixed piece of work took %.0f ms (%.0f to %.0f) between the windows"
                        .formatted(probe.median(), probe.smallest(), probe.largest()));
        line(
                "- method: %d interleaved rounds; %d s of load for each peer before the first; each window %.1f s after %.1f s of the same load; medians (smallest to largest)"
                        .formatted(
                                options.rounds(),
                                options.settle().toSeconds(),
                                options.measured().toMillis() / 1e3,
                                options.warmUp().toMillis() / 1e3));
        line("- CPU: user and system time of the server's control group, generator not included");
        List<String> loads =
                results.samples().stream().map(Results.Sample::load).distinct().toList();
        loads.forEach(this::table);
        targets();
        if (!results.failing().isEmpty()) {
            line("\n## Failing\n");
            results.failing().forEach((peer, why) -> line("- " + peer + ": " + why));
        }
        line("\n## Commands\n");
        results.commands().forEach((peer, command) -> line("- " + peer + ": `" + command + "`"));
        return text.toString();
    }

    private void table(String load) {
        line("\n## " + load + "\n");
        line(
                "| peer | requests/s | CPU µs/request | p50 µs | p99 µs | p99.9 µs | generator lag p99 µs |");
        line("|---|---:|---:|---:|---:|---:|---:|");
        results.samples().stream()
                .map(Results.Sample::peer)
                .distinct()
                .forEach(peer ->
                        line(
                                "| %s | %s | %s | %s | %s | %s | %s |"
                                        .formatted(
                                                peer,
                                                cell(peer, load, 0, Window::perSecond),
                                                cell(peer, load, 2, EngineReport::cpu),
                                                cell(peer, load, 1, w -> w.latency().p50()),
                                                cell(peer, load, 0, w -> w.latency().p99()),
                                                cell(peer, load, 0, w -> w.latency().p999()),
                                                cell(peer, load, 1, w -> w.lag().p99()))));
    }

    private void targets() {
        line("\n## Targets\n");
        line("| target | measured | reached |");
        line("|---|---:|---|");
        ratio("saturated: CPU ≤ 1.0 × C on libfcgi", EngineBench.SATURATED, "libfcgi", 1.0);
        ratio("saturated: CPU ≤ 0.4 × PHP-FPM", EngineBench.SATURATED, "php-fpm", 0.4);
        ratio("saturated: CPU ≤ 0.5 × Jetty FastCGI", EngineBench.SATURATED, "jetty", 0.5);
        ratio("4,000/s: CPU ≤ 2 × C on libfcgi", EngineBench.OPEN_4000, "libfcgi", 2.0);
        ratio("4,000/s: CPU below PHP-FPM", EngineBench.OPEN_4000, "php-fpm", 1.0);
        Optional<Middle> ours = middle("hearth", EngineBench.OPEN_4000, w -> w.latency().p50());
        Optional<Middle> theirs = middle("libfcgi", EngineBench.OPEN_4000, w -> w.latency().p50());
        if (ours.isPresent() && theirs.isPresent()) {
            double more = ours.get().median() - theirs.get().median();
            line(
                    "| 4,000/s: p50 at most 20 µs above C on libfcgi | %+.1f µs | %s |"
                            .formatted(more, more <= 20 ? "yes" : "no"));
        }
    }

    private void ratio(String target, String load, String peer, double most) {
        Optional<Middle> ours = middle("hearth", load, EngineReport::cpu);
        Optional<Middle> theirs = middle(peer, load, EngineReport::cpu);
        if (ours.isPresent() && theirs.isPresent()) {
            double ratio = ours.get().median() / theirs.get().median();
            line("| %s | %.2f | %s |".formatted(target, ratio, ratio <= most ? "yes" : "no"));
        }
    }

    private static double cpu(Window window) {
        return window.cpu().getFirst();
    }

    private Optional<Middle> middle(String peer, String load, ToDoubleFunction<Window> figure) {
        return results.middle(peer, EngineBench.WORK, load, figure);
    }

    private String cell(String peer, String load, int digits, ToDoubleFunction<Window> figure) {
        String one = "%." + digits + "f";
        return middle(peer, load, figure)
                .map(m ->
                        (one + " (" + one + " to " + one + ")")
                                .formatted(m.median(), m.smallest(), m.largest()))
                .orElse("—");
    }

    private void line(String line) {
        text.append(String.format(Locale.ROOT, "%s%n", line));
    }
}
