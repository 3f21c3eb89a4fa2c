package dev.hearth.bench;

import dev.hearth.bench.Report.Column;
import dev.hearth.bench.host.MemoryWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tells the results of the webhook suite.
final class WebhookReport {

    private static final int NGINX = 1;
    private static final int POSTGRES = 2;

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
                report.table(work, load, columns(work));
            }
            if (!work.equals(WebhookBench.VERIFY)) {
                report.table(
                        work,
                        "",
                        List.of(figure(WebhookBench.ANSWERS, 0), figure(WebhookBench.ROWS, 0)));
            }
        }
        targets();
        return report.text();
    }

    private static List<Column> columns(String work) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("requests/s", 0, s -> s.window().perSecond()));
        columns.add(new Column("CPU µs/request", 1, Report::cpu));
        columns.add(new Column("nginx µs/request", 1, s -> Report.cpu(s, NGINX)));
        if (work.equals(WebhookBench.POSTGRES)) {
            columns.add(new Column("PostgreSQL µs/request", 1, s -> Report.cpu(s, POSTGRES)));
        }
        columns.add(new Column("p50 µs", 0, s -> s.window().latency().p50()));
        columns.add(new Column("p99 µs", 0, s -> s.window().latency().p99()));
        columns.add(
                new Column(
                        "RSS MB", 0, s -> s.figures().getOrDefault(MemoryWatch.PEAK, 0.0) / 1024));
        return columns;
    }

    private static Column figure(String name, int digits) {
        return new Column(name, digits, s -> s.figures().getOrDefault(name, Double.NaN));
    }

    private void targets() {
        cpu("verify: CPU ≤ 0.33 × PHP-FPM", WebhookBench.VERIFY, "php-fpm", 0, 0.33);
        cpu("verify: CPU ≤ 0.5 × C on libfcgi", WebhookBench.VERIFY, "libfcgi", 0, 0.5);
        report.ratio(
                "PostgreSQL: requests/s ≥ 4 × PHP-FPM",
                WebhookBench.POSTGRES,
                WebhookBench.SATURATED,
                "php-fpm",
                s -> s.window().perSecond(),
                "≥",
                4);
        cpu("PostgreSQL: worker CPU ≤ 0.33 × PHP-FPM", WebhookBench.POSTGRES, "php-fpm", 0, 0.33);
        cpu(
                "PostgreSQL: database CPU ≤ 0.25 × PHP-FPM's",
                WebhookBench.POSTGRES,
                "php-fpm",
                POSTGRES,
                0.25);
        Optional<Double> sqlite = rate(WebhookBench.SQLITE);
        Optional<Double> postgres = rate(WebhookBench.POSTGRES);
        if (sqlite.isPresent() && postgres.isPresent()) {
            double ratio = sqlite.get() / postgres.get();
            report.target(
                    "SQLite, synchronous=FULL: requests/s ≥ PostgreSQL",
                    "%.2f".formatted(ratio),
                    ratio >= 1);
        }
    }

    private void cpu(String target, String work, String peer, int which, double limit) {
        report.ratio(
                target, work, WebhookBench.SATURATED, peer, s -> Report.cpu(s, which), "≤", limit);
    }

    private Optional<Double> rate(String work) {
        return report.median("hearth", work, WebhookBench.SATURATED, s -> s.window().perSecond());
    }
}
