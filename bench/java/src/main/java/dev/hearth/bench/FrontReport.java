package dev.hearth.bench;

import dev.hearth.bench.Report.Column;
import dev.hearth.bench.Results.Sample;
import dev.hearth.bench.host.MemoryWatch;
import java.util.List;
import java.util.Optional;

/// Tells the results behind nginx.
final class FrontReport {

    private static final List<Column> HELLO =
            List.of(
                    new Column("requests/s", 0, s -> s.window().perSecond()),
                    new Column("CPU µs/request", 2, Report::cpu),
                    new Column("nginx µs/request", 2, s -> Report.cpu(s, 1)),
                    new Column("p50 µs", 1, s -> s.window().latency().p50()),
                    new Column("p99 µs", 0, s -> s.window().latency().p99()),
                    new Column("generator's lag p99 µs", 1, s -> s.window().lag().p99()),
                    new Column("RSS MB", 0, s -> peakMegabytes(s)));

    private final Report report;

    FrontReport(Results results, Options options) {
        report = new Report("Behind nginx, unix sockets", results, options);
    }

    String text() {
        for (String load :
                List.of(FrontBench.SATURATED, FrontBench.OPEN_4000, FrontBench.OPEN_400)) {
            report.table(EngineBench.WORK, load, HELLO);
        }
        for (int megabytes : List.of(1, 10, 100)) {
            for (String way : List.of(" MB up", " MB down")) {
                String work = megabytes + way;
                report.table(
                        work,
                        FrontBench.ONE,
                        List.of(
                                new Column("MB/s", 0, s -> rate(s, megabytes)),
                                new Column("CPU µs/request", 0, Report::cpu),
                                new Column("RSS growth MB", 1, FrontReport::growthMegabytes),
                                new Column("RSS peak MB", 0, FrontReport::peakMegabytes)));
            }
        }
        targets();
        return report.text();
    }

    private void targets() {
        report.ratio(
                "`/hello` requests/s ≥ 1.5 × PHP-FPM",
                EngineBench.WORK,
                FrontBench.SATURATED,
                "php-fpm",
                s -> s.window().perSecond(),
                "≥",
                1.5);
        for (String load :
                List.of(FrontBench.SATURATED, FrontBench.OPEN_4000, FrontBench.OPEN_400)) {
            report.ratio(
                    "`/hello`, " + load + ": less CPU than PHP-FPM",
                    EngineBench.WORK,
                    load,
                    "php-fpm",
                    Report::cpu,
                    "≤",
                    1.0);
        }
        for (String work : List.of("100 MB up", "100 MB down")) {
            report.ratio(
                    work + ": rate ≥ 0.8 × PHP-FPM",
                    work,
                    FrontBench.ONE,
                    "php-fpm",
                    s -> rate(s, 100),
                    "≥",
                    0.8);
            Optional<Double> growth =
                    report.median("hearth", work, FrontBench.ONE, FrontReport::growthMegabytes);
            growth.ifPresent(grown ->
                    report.target(
                            work + ": RSS grows by less than 32 MB",
                            "%.1f MB".formatted(grown),
                            grown < 32));
        }
    }

    /// By the median time of one transfer: a window cuts the last one off.
    private static double rate(Sample sample, int megabytes) {
        return megabytes / (sample.window().latency().p50() / 1e6);
    }

    private static double peakMegabytes(Sample sample) {
        return sample.figures().getOrDefault(MemoryWatch.PEAK, 0.0) / 1024;
    }

    private static double growthMegabytes(Sample sample) {
        return peakMegabytes(sample)
                - sample.figures().getOrDefault(MemoryWatch.BEFORE, 0.0) / 1024;
    }
}
