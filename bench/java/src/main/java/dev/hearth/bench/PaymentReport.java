package dev.hearth.bench;

import dev.hearth.bench.Report.Column;

import java.util.List;

/// Tells what payments cost.
final class PaymentReport {

    /// What is left of the machine's cores is the generator's, and idle.
    private static final Column CORES =
            new Column(
                    "cores of the three",
                    2,
                    s ->
                            s.window().cpu().stream().mapToDouble(Double::doubleValue).sum()
                                    * s.window().perSecond()
                                    / 1e6);

    private final Report report;

    PaymentReport(Results results, Options options) {
        report =
                new Report(
                        "Payment intents behind nginx, SQLite, a stand-in of Stripe",
                        results,
                        options);
    }

    String text() {
        for (String load :
                List.of(PaymentBench.SATURATED, PaymentBench.OPEN, PaymentBench.SLOW_STRIPE)) {
            report.table(
                    PaymentBench.WORK,
                    load,
                    List.of(
                            Column.RATE,
                            Column.CPU,
                            Column.cpu("nginx", 1),
                            Column.cpu("stand-in", 2),
                            CORES,
                            Column.P50,
                            Column.P99,
                            Column.RSS,
                            Column.GC_LONGEST,
                            Column.GC_SHARE));
        }
        for (String load : List.of(PaymentBench.QUIET, PaymentBench.BESIDE)) {
            report.table(
                    EngineBench.WORK,
                    load,
                    List.of(Column.RATE, Column.P50, Column.P99, Column.LAG));
        }
        report.table(
                PaymentBench.WORK,
                "",
                List.of(
                        Column.figure(PaymentBench.THREADS_BEFORE, 0),
                        Column.figure(PaymentBench.THREADS_DURING, 0),
                        Column.figure(PaymentBench.THREADS_AFTER, 0)));
        return report.text();
    }
}
