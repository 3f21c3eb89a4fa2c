package dev.hearth.bench;

import dev.hearth.bench.Behind.Running;
import dev.hearth.bench.Report.Column;
import dev.hearth.bench.Results.Sample;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Plan.Client;
import dev.hearth.bench.peer.Peer;
import dev.hearth.bench.peer.Postgres;
import dev.hearth.bench.peer.Shop;
import dev.hearth.bench.peer.WebhookPeers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// One worker and three on one PostgreSQL, behind one upstream of nginx: what more workers bring, and what they cost.
public final class WorkersBench {

    private static final String WORK = "verify + insert, PostgreSQL";
    private static final int CONNECTIONS = 32;

    private WorkersBench() {}

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        Options options = Options.parse(args, shop.home());
        String secret = WebhookBench.newSecret();
        try (Suite suite = new Suite("workers", options, shop);
                Postgres postgres = Postgres.start(shop)) {
            WebhookPeers peers = new WebhookPeers(secret, postgres);
            List<List<Peer>> rows = List.of(row(peers, postgres, 1), row(peers, postgres, 3));
            Behind behind = Behind.start(suite, "", rows, UnaryOperator.identity());
            List<Receiver> receivers = new ArrayList<>();
            for (Running peer : behind.running()) {
                Receiver.open(suite, behind, peer, "/webhooks/stripe", secret, postgres.server())
                        .ifPresent(receivers::add);
            }
            measure(suite, receivers);
            for (Receiver receiver : receivers) {
                count(suite, postgres, receiver);
            }
            suite.version("nginx", "nginx", "-v");
            suite.version("PostgreSQL", "psql", "--version");
            suite.report("workers.md", report(suite.write(), options));
        }
    }

    /// Several processes that share a database of their own.
    private static List<Peer> row(WebhookPeers peers, Postgres postgres, int count)
            throws IOException {
        String database = "workers" + count;
        postgres.create(database);
        return IntStream.rangeClosed(1, count)
                .mapToObj(i ->
                        peers.onPostgres("hearth-x" + count + (i == 1 ? "" : "-" + i), database))
                .toList();
    }

    private static void measure(Suite suite, List<Receiver> receivers)
            throws IOException, InterruptedException {
        Options options = suite.options;
        for (Receiver receiver : receivers) {
            receiver.settle(CONNECTIONS);
        }
        for (int round = 1; round <= options.rounds(); round++) {
            for (Receiver receiver : receivers) {
                Plan saturated =
                        new Plan.Closed(
                                CONNECTIONS,
                                Client.EVENT_LOOP,
                                options.warmUp(),
                                options.measured());
                receiver.sample(WORK, WebhookBench.SATURATED, saturated, round);
            }
            for (Receiver receiver : receivers) {
                Plan open = new Plan.Open(CONNECTIONS, 1000, options.warmUp(), options.measured());
                receiver.sample(WORK, WebhookBench.OPEN, open, round);
            }
        }
    }

    private static void count(Suite suite, Postgres postgres, Receiver receiver)
            throws IOException {
        String database = receiver.name().replace("hearth-x", "workers");
        String where = " FROM webhook_inbox WHERE external_id LIKE '%s%%'";
        long rows =
                Long.parseLong(
                        postgres.sql(
                                database,
                                ("SELECT count(*)" + where).formatted(receiver.idsBegin())));
        suite.keep(
                receiver.name(),
                WORK,
                0,
                Map.of(
                        WebhookBench.ROWS,
                        (double) rows,
                        WebhookBench.ANSWERS,
                        (double) receiver.answered()));
        if (rows < receiver.answered()) {
            suite.fails(
                    receiver.name(),
                    "%d answers, but only %d rows".formatted(receiver.answered(), rows));
        }
    }

    private static String report(Results results, Options options) {
        Report report = new Report("One worker and three on one PostgreSQL", results, options);
        for (String load : List.of(WebhookBench.SATURATED, WebhookBench.OPEN)) {
            report.table(
                    WORK,
                    load,
                    List.of(
                            Column.RATE,
                            new Column("CPU of all workers µs/request", 1, WorkersBench::workers),
                            Column.cpu("nginx", WebhookReport.NGINX),
                            Column.cpu("PostgreSQL", WebhookReport.POSTGRES),
                            Column.P50,
                            Column.P99));
        }
        report.table(
                WORK,
                "",
                List.of(
                        Column.figure(WebhookBench.ANSWERS, 0),
                        Column.figure(WebhookBench.ROWS, 0)));
        return report.text();
    }

    /// The first worker, and those behind nginx and PostgreSQL in the list.
    private static double workers(Sample sample) {
        List<Double> cpu = sample.window().cpu();
        double sum = cpu.getFirst();
        for (double more : cpu.subList(WebhookReport.POSTGRES + 1, cpu.size())) {
            sum += more;
        }
        return sum;
    }
}
