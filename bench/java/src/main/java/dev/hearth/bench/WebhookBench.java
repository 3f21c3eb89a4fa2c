package dev.hearth.bench;

import dev.hearth.bench.Behind.Running;
import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Plan.Client;
import dev.hearth.bench.peer.Peer;
import dev.hearth.bench.peer.Postgres;
import dev.hearth.bench.peer.Shop;
import dev.hearth.bench.peer.WebhookPeers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Webhooks behind nginx: verified only, stored in PostgreSQL, stored in SQLite.
///
/// Every event has an id of its own; at the end the rows are counted against the answers: each 200 must be a row.
public final class WebhookBench {

    static final String VERIFY = "verify";
    static final String VERIFY_PATH = "/verify";
    static final String STORE_PATH = "/webhooks/stripe";
    static final String POSTGRES = "verify + insert, PostgreSQL";
    static final String SQLITE = "verify + insert, SQLite";
    static final String SATURATED = "saturated, 32 connections";
    static final String OPEN = "open loop, 1000/s";
    static final String ROWS = "rows stored";
    static final String ANSWERS = "answers 200";
    static final String RSS_AFTER = "RSS MB after them";
    static final String DISK = "KiB on disk for each row";

    private static final int CONNECTIONS = 32;
    private static final Duration FILLING = Duration.ofSeconds(2);

    private final Suite suite;
    private final Postgres postgres;
    private final WebhookPeers peers;
    private final String secret = newSecret();

    private WebhookBench(Suite suite, Postgres postgres) {
        this.suite = suite;
        this.postgres = postgres;
        this.peers = new WebhookPeers(secret, postgres);
    }

    static String newSecret() {
        return "whsec_" + Long.toUnsignedString(new SecureRandom().nextLong(), 36);
    }

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        Options options = Options.parse(args, shop.home());
        try (Suite suite = new Suite("webhook", options, shop);
                Postgres postgres = Postgres.start(shop)) {
            WebhookBench bench = new WebhookBench(suite, postgres);
            bench.run(VERIFY, VERIFY_PATH, bench.peers.verifying(shop));
            bench.run(POSTGRES, STORE_PATH, bench.peers.onPostgres(shop));
            bench.run(SQLITE, STORE_PATH, bench.peers.onSqlite(shop));
            suite.version("nginx", "nginx", "-v");
            suite.version("PHP", "php-fpm8.2", "-v");
            suite.version("PostgreSQL", "psql", "--version");
            suite.version("SQLite (of PHP)", "sqlite3", "--version");
            suite.version("OpenSSL", "openssl", "version");
            suite.report("webhook.md", new WebhookReport(suite.write(), options).text());
        }
    }

    private void run(String work, String path, List<Peer> those)
            throws IOException, InterruptedException {
        Plan saturated =
                new Plan.Closed(
                        CONNECTIONS,
                        Client.EVENT_LOOP,
                        suite.options.warmUp(),
                        suite.options.measured());
        Plan open =
                new Plan.Open(CONNECTIONS, 1000, suite.options.warmUp(), suite.options.measured());
        try (Suite.Group _ = suite.group()) {
            Behind behind = Behind.start(suite, ", " + work, those);
            Optional<Subject> ceiling = behind.ceiling();
            List<Receiver> receivers = new ArrayList<>();
            for (Running peer : behind.running()) {
                Receiver.open(suite, behind, peer, path, secret, postgres.server())
                        .ifPresent(receivers::add);
            }
            for (Receiver receiver : receivers) {
                receiver.settle(CONNECTIONS);
            }
            for (int round = 1; round <= suite.options.rounds(); round++) {
                for (Receiver receiver : receivers) {
                    receiver.sample(work, SATURATED, saturated, round);
                }
                if (ceiling.isPresent()) {
                    suite.sample(ceiling.get(), work, OPEN, open, round);
                }
                for (Receiver receiver : receivers) {
                    receiver.sample(work, OPEN, open, round);
                }
            }
            for (Receiver receiver : receivers) {
                if (work.equals(SQLITE) && receiver.name().equals(Goals.SUBJECT)) {
                    fillUp(receiver);
                }
                count(work, receiver);
            }
        }
    }

    /// Memory is told after as many events as its target names, however short the rounds were.
    private void fillUp(Receiver receiver) throws IOException, InterruptedException {
        long before = 0;
        while (!suite.options.quick()
                && receiver.answered() > before
                && receiver.answered() < WebhookGoals.BEFORE_MEMORY) {
            before = receiver.answered();
            receiver.settle(CONNECTIONS, FILLING);
        }
    }

    /// Nothing that was answered may be missing.
    private void count(String work, Receiver receiver) throws IOException, InterruptedException {
        double rss = receiver.server().rssKib() / 1024.0;
        double answers = receiver.answered();
        String peer = receiver.name();
        if (work.equals(VERIFY)) {
            suite.keep(peer, work, 0, Map.of(ANSWERS, answers, RSS_AFTER, rss));
            return;
        }
        long rows = rows(work, receiver);
        double disk = (double) kibOnDisk(work, receiver) / Math.max(1, rows);
        suite.keep(
                peer,
                work,
                0,
                Map.of(ROWS, (double) rows, ANSWERS, answers, RSS_AFTER, rss, DISK, disk));
        if (rows < answers) {
            suite.fails(
                    peer + ", " + work, "%.0f answers, but only %d rows".formatted(answers, rows));
        }
    }

    private long rows(String work, Receiver receiver) throws IOException, InterruptedException {
        String count =
                "SELECT count(*) FROM %s WHERE external_id LIKE '%s%%'"
                        .formatted(table(receiver), receiver.idsBegin());
        return work.equals(POSTGRES)
                ? onPostgres(receiver, count)
                : Long.parseLong(
                        Shop.output("sqlite3", file(receiver).toString(), count + ";").strip());
    }

    private long kibOnDisk(String work, Receiver receiver) throws IOException {
        return work.equals(POSTGRES)
                ? onPostgres(
                        receiver,
                        "SELECT pg_total_relation_size('%s') / 1024".formatted(table(receiver)))
                : Files.size(file(receiver)) / 1024;
    }

    private long onPostgres(Receiver receiver, String statement) throws IOException {
        return Long.parseLong(postgres.sql(database(receiver), statement));
    }

    private Path file(Receiver receiver) throws IOException {
        return isHearth(receiver)
                ? WebhookPeers.hearthSqlite(suite.shop, receiver.name())
                : WebhookPeers.phpSqlite(suite.shop, receiver.name());
    }

    private static String database(Receiver receiver) {
        return switch (receiver.name()) {
            case Goals.SUBJECT -> "hearth";
            case WebhookPeers.TAKING_IN_ONLY -> Postgres.TAKING_IN_ONLY;
            default -> "php";
        };
    }

    private static String table(Receiver receiver) {
        return isHearth(receiver) ? "webhook_inbox" : "events";
    }

    private static boolean isHearth(Receiver receiver) {
        return receiver.name().startsWith(Goals.SUBJECT);
    }
}
