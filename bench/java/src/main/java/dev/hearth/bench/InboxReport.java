package dev.hearth.bench;

import dev.hearth.bench.Report.Column;

import java.util.List;

/// Tells the life of the inbox.
final class InboxReport {

    private InboxReport() {}

    static String of(Results results, Options options) {
        Report report = new Report("The inbox over its life", results, options);
        for (String database : List.of(InboxBench.POSTGRES, InboxBench.SQLITE)) {
            for (String load : List.of(InboxBench.FRESH, InboxBench.FULL, InboxBench.DELAY_LOAD)) {
                report.table(
                        database,
                        load,
                        List.of(
                                Column.RATE,
                                Column.CPU,
                                Column.P50,
                                Column.P99,
                                Column.RSS,
                                Column.GC_LONGEST));
            }
            report.table(
                    database,
                    "",
                    List.of(
                            Column.figure(InboxBench.DELAY, 0),
                            Column.figure(InboxBench.HANDLED, 0),
                            Column.figure(InboxBench.DRAINED, 0),
                            Column.figure(InboxBench.ROWS, 0),
                            Column.figure(InboxBench.DRAINED_FULL, 0)));
        }
        return report.text();
    }
}
