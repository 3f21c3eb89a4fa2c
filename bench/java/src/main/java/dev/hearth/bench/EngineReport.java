package dev.hearth.bench;

import dev.hearth.bench.Report.Column;
import java.util.List;
import java.util.Optional;

/// Tells the results of the engine's suite.
final class EngineReport {

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("requests/s", 0, s -> s.window().perSecond()),
                    new Column("CPU µs/request", 2, Report::cpu),
                    new Column("p50 µs", 1, s -> s.window().latency().p50()),
                    new Column("p99 µs", 0, s -> s.window().latency().p99()),
                    new Column("p99.9 µs", 0, s -> s.window().latency().p999()),
                    new Column("generator's lag p99 µs", 1, s -> s.window().lag().p99()));

    private final Report report;

    EngineReport(Results results, Options options) {
        report =
                new Report(
                        "The engine: `GET /hello` over FastCGI, unix socket, no web server between",
                        results,
                        options);
    }

    String text() {
        for (String load :
                List.of(
                        EngineBench.SATURATED,
                        EngineBench.THREADS,
                        EngineBench.OPEN_4000,
                        EngineBench.OPEN_400)) {
            report.table(EngineBench.WORK, load, COLUMNS);
        }
        atMost("saturated: CPU ≤ 1.0 × C on libfcgi", EngineBench.SATURATED, "libfcgi", 1.0);
        atMost("saturated: CPU ≤ 0.4 × PHP-FPM", EngineBench.SATURATED, "php-fpm", 0.4);
        atMost("saturated: CPU ≤ 0.5 × Jetty FastCGI", EngineBench.SATURATED, "jetty", 0.5);
        atMost("blocking clients: CPU ≤ 1.0 × C on libfcgi", EngineBench.THREADS, "libfcgi", 1.0);
        atMost("blocking clients: CPU ≤ 0.4 × PHP-FPM", EngineBench.THREADS, "php-fpm", 0.4);
        atMost("blocking clients: CPU ≤ 0.5 × Jetty FastCGI", EngineBench.THREADS, "jetty", 0.5);
        atMost("4,000/s: CPU ≤ 2 × C on libfcgi", EngineBench.OPEN_4000, "libfcgi", 2.0);
        atMost("4,000/s: CPU below PHP-FPM", EngineBench.OPEN_4000, "php-fpm", 1.0);
        Optional<Double> ours = p50("hearth");
        Optional<Double> theirs = p50("libfcgi");
        if (ours.isPresent() && theirs.isPresent()) {
            double more = ours.get() - theirs.get();
            report.target(
                    "4,000/s: p50 at most 20 µs above C on libfcgi",
                    "%+.1f µs".formatted(more),
                    more <= 20);
        }
        return report.text();
    }

    private Optional<Double> p50(String peer) {
        return report.median(
                peer, EngineBench.WORK, EngineBench.OPEN_4000, s -> s.window().latency().p50());
    }

    private void atMost(String target, String load, String peer, double limit) {
        report.ratio(target, EngineBench.WORK, load, peer, Report::cpu, "≤", limit);
    }
}
