package dev.hearth.bench;

import dev.hearth.bench.Report.Column;

import java.util.ArrayList;
import java.util.List;

/// Tells the results of the webhook suite.
final class WebhookReport {

    static final int NGINX = 1;
    static final int POSTGRES = 2;

    private final Report report;

    WebhookReport(Results results, Options options) {
        report =
                new Report(
                        "Webhooks behind nginx: Stripe's signature, events of 2 KB",
                        results,
                        options);
    }

    String text() {
        for (String work :
                List.of(WebhookBench.VERIFY, WebhookBench.POSTGRES, WebhookBench.SQLITE)) {
            for (String load : List.of(WebhookBench.SATURATED, WebhookBench.OPEN)) {
                report.table(work, load, columns(work.equals(WebhookBench.POSTGRES)));
            }
            report.table(
                    work,
                    "",
                    List.of(
                            Column.figure(WebhookBench.ANSWERS, 0),
                            Column.figure(WebhookBench.ROWS, 0),
                            Column.figure(WebhookBench.RSS_AFTER, 0),
                            Column.figure(WebhookBench.DISK, 2)));
        }
        return report.text();
    }

    static List<Column> columns(boolean postgres) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.RATE);
        columns.add(Column.CPU);
        columns.add(Column.cpu("nginx", NGINX));
        if (postgres) {
            columns.add(Column.cpu("PostgreSQL", POSTGRES));
        }
        columns.addAll(
                List.of(
                        Column.P50,
                        Column.P99,
                        Column.RSS,
                        Column.PSS,
                        Column.GC_LONGEST,
                        Column.GC_SHARE));
        return columns;
    }
}
