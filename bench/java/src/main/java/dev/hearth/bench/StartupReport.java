package dev.hearth.bench;

import dev.hearth.bench.Report.Column;
import java.util.List;

/// Tells start-up, memory and size.
final class StartupReport {

    private final Report report;

    StartupReport(Results results, Options options) {
        report = new Report("Start-up, memory, size", results, options);
    }

    String text() {
        report.table(
                StartupBench.START,
                "",
                List.of(
                        figure(StartupBench.FIRST_ANSWER, 0),
                        figure(StartupBench.CPU_TO_ANSWER, 0),
                        figure(StartupBench.RSS, 1),
                        figure(StartupBench.PSS, 1)));
        report.table(
                StartupBench.IDLE,
                "",
                List.of(figure(StartupBench.IDLE_COUNT, 0), figure(StartupBench.IDLE_MORE, 1)));
        report.table(StartupBench.SIZE, "", List.of(figure(StartupBench.SIZE_MEGABYTES, 1)));
        report.median("hearth", StartupBench.IDLE, "", figure(StartupBench.IDLE_MORE, 1).figure())
                .ifPresent(more ->
                        report.target(
                                "5,000 idle kept connections: less than 40 MB more",
                                "%.1f MB".formatted(more),
                                more < 40));
        return report.text();
    }

    private static Column figure(String name, int digits) {
        return new Column(name, digits, s -> s.figures().getOrDefault(name, Double.NaN));
    }
}
