package dev.hearth.bench;

import dev.hearth.bench.Report.Column;
import java.util.List;

/// Tells the results of the engine's suite.
final class EngineReport {

    private static final List<Column> COLUMNS =
            List.of(
                    Column.RATE,
                    Column.CPU,
                    Column.P50,
                    Column.P99,
                    Column.LAG,
                    Column.GC_LONGEST,
                    Column.GC_SHARE);

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
                        EngineBench.OPEN_400,
                        EngineBench.BESIDE_SLOW)) {
            report.table(EngineBench.WORK, load, COLUMNS);
        }
        return report.text();
    }
}
