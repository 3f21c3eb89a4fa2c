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
                        Column.figure(StartupBench.FIRST_ANSWER, 0),
                        Column.figure(StartupBench.CPU_TO_ANSWER, 0),
                        Column.figure(StartupBench.RSS, 1),
                        Column.figure(StartupBench.PSS, 1)));
        report.table(
                StartupBench.IDLE,
                "",
                List.of(
                        Column.figure(StartupBench.IDLE_COUNT, 0),
                        Column.figure(StartupBench.IDLE_MORE, 1)));
        report.table(Sizes.SIZE, "", List.of(Column.figure(Sizes.MEGABYTES, 1)));
        return report.text();
    }
}
