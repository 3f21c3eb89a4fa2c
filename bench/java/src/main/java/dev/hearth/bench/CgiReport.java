package dev.hearth.bench;

import dev.hearth.bench.Report.Column;
import java.util.List;

/// Tells the results of the programs that are started for each request.
final class CgiReport {

    private static final List<String> HOW =
            List.of(
                    "windows are twice as long as that, and at least 2 s",
                    "hearth-cgi-aot: `bin/hearth-cgi` with the cache of `hearth train`; hearth-cgi: the same without",
                    "hearth-relay: `deploy/cgi/relay.c` in front of one warm Hearth",
                    "php-cgi: a script with `#!/usr/bin/php-cgi` and Debian's settings",
                    "rust-cgi: `bench/peers/rust`, `rustc -C opt-level=3`",
                    "hello and verify are routes of a program (`bench/peers/hearth/Webhooks.java`); storing needs none");

    private CgiReport() {}

    static String text(Results results, Options options) {
        Report report =
                new Report("A process for each request: nginx and fcgiwrap", results, options);
        HOW.forEach(line -> report.line("- " + line));
        for (String work : List.of(EngineBench.WORK, WebhookBench.VERIFY, CgiGoals.WEBHOOK)) {
            for (String load : List.of(CgiGoals.ONE, CgiBench.SATURATED)) {
                report.table(
                        work,
                        load,
                        List.of(
                                Column.RATE,
                                new Column(
                                        "CPU ms/request, all processes",
                                        2,
                                        s -> Results.cpu(0).applyAsDouble(s) / 1000),
                                new Column("p50 ms", 2, s -> s.window().latency().p50() / 1000),
                                new Column("p99 ms", 1, s -> s.window().latency().p99() / 1000),
                                new Column("RSS MB of all at once", 0, Column.RSS.figure())));
            }
            report.table(
                    work,
                    "",
                    List.of(
                            Column.figure(CgiGoals.RSS, 1),
                            Column.figure(WebhookBench.ANSWERS, 0),
                            Column.figure(WebhookBench.ROWS, 0)));
        }
        return report.text();
    }
}
