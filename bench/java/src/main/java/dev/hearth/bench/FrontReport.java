package dev.hearth.bench;

import dev.hearth.bench.Report.Column;
import dev.hearth.bench.Results.Sample;
import dev.hearth.bench.host.MemoryWatch;

import java.util.List;

/// Tells the results behind nginx.
final class FrontReport {

    private static final List<Column> SMALL =
            List.of(
                    Column.RATE,
                    Column.CPU,
                    Column.cpu("nginx", 1),
                    Column.P50,
                    Column.P99,
                    Column.LAG,
                    Column.RSS,
                    Column.PSS,
                    Column.GC_LONGEST,
                    Column.GC_SHARE);

    private final Report report;

    FrontReport(Results results, Options options) {
        report = new Report("Behind nginx", results, options);
    }

    String text() {
        for (String work : List.of(EngineBench.WORK, FrontBench.JSON)) {
            report.table(work, FrontBench.SATURATED, SMALL);
            for (int share : List.of(70, 40, 10, 1)) {
                report.table(work, FrontBench.open(share), SMALL);
            }
            report.table(work, FrontBench.MANY, SMALL);
        }
        for (int megabytes : List.of(1, 10, 100)) {
            for (String way : List.of(" MB up", " MB down")) {
                report.table(
                        megabytes + way,
                        FrontBench.ONE,
                        List.of(
                                new Column("MB/s", 0, s -> rate(s, megabytes)),
                                Column.CPU,
                                Column.cpu("nginx", 1),
                                new Column("RSS growth MB", 1, FrontReport::growthMegabytes),
                                Column.RSS));
            }
        }
        return report.text();
    }

    /// By the median time of one transfer: a window cuts the last one off.
    static double rate(Sample sample, int megabytes) {
        return megabytes / (sample.window().latency().p50() / 1e6);
    }

    static double growthMegabytes(Sample sample) {
        double before = Results.figure(MemoryWatch.BEFORE).applyAsDouble(sample);
        return (Results.figure(MemoryWatch.PEAK).applyAsDouble(sample) - before) / 1024;
    }
}
