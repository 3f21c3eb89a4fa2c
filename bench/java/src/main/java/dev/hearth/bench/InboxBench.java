package dev.hearth.bench;

import dev.hearth.bench.Behind.Running;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Plan.Client;
import dev.hearth.bench.peer.Peer;
import dev.hearth.bench.peer.Postgres;
import dev.hearth.bench.peer.Shop;
import dev.hearth.bench.peer.WebhookPeers;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// The inbox over its life: how soon an event is handled, how fast a backlog is, and both again over a table full of old
/// events.
public final class InboxBench {

    static final String POSTGRES = "PostgreSQL";
    static final String SQLITE = "SQLite";
    static final String FRESH = "saturated, 32 connections, fresh table";
    static final String FULL = "saturated, 32 connections, full table";
    static final String DELAY_LOAD = "open loop, 1000/s, fresh table";
    static final String DELAY = "median ms from arrival to the handler's start";
    static final String HANDLED = "median ms from arrival to handled";
    static final String DRAINED = "backlog handled, events/s, fresh table";
    static final String DRAINED_FULL = "backlog handled, events/s, full table";
    static final String ROWS = "rows in the full table";

    private static final int CONNECTIONS = 32;
    private static final int BACKLOG = 100_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Suite suite;
    private final WebhookPeers peers;
    private final String secret;
    private final long rows;

    private InboxBench(Suite suite, WebhookPeers peers, String secret, long rows) {
        this.suite = suite;
        this.peers = peers;
        this.secret = secret;
        this.rows = rows;
    }

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        List<String> rest = new ArrayList<>(List.of(args));
        int at = rest.indexOf("--rows");
        long rows = at < 0 ? 1_000_000 : Long.parseLong(rest.get(at + 1));
        if (at >= 0) {
            rest.subList(at, at + 2).clear();
        }
        Options options = Options.parse(rest.toArray(String[]::new), shop.home());
        String secret = WebhookBench.newSecret();
        try (Suite suite = new Suite("inbox", options, shop);
                Postgres postgres = Postgres.start(shop)) {
            WebhookPeers peers = new WebhookPeers(secret, postgres);
            InboxBench bench = new InboxBench(suite, peers, secret, rows);
            bench.life(
                    POSTGRES,
                    peers.onPostgres(Goals.SUBJECT, "hearth"),
                    new InboxStore.OnPostgres(postgres, "hearth"));
            bench.life(
                    SQLITE,
                    peers.onSqlite(Goals.SUBJECT),
                    new InboxStore.OnSqlite(shop, WebhookPeers.hearthSqlite(shop, Goals.SUBJECT)));
            suite.version("PostgreSQL", "psql", "--version");
            suite.report("inbox.md", InboxReport.of(suite.write(), options));
        }
    }

    private void life(String database, Peer fresh, InboxStore store)
            throws IOException, InterruptedException {
        Peer again = peers.again(Goals.SUBJECT);
        load(database, fresh, store, FRESH);
        if (suite.isFailing(Goals.SUBJECT)) {
            return;
        }
        drain(database, again, store, DRAINED);
        Suite.progress("filling %s with %,d rows".formatted(database, rows));
        store.fill(rows);
        suite.shop.run("sync"); // gigabytes that the kernel still writes would hold up every commit
        suite.keep(Goals.SUBJECT, database, 1, Map.of(ROWS, (double) rows));
        load(database, again, store, FULL);
        drain(database, again, store, DRAINED_FULL);
    }

    private void load(String database, Peer hearth, InboxStore store, String load)
            throws IOException, InterruptedException {
        Options options = suite.options;
        try (Suite.Group _ = suite.group()) {
            Behind behind = Behind.start(suite, ", " + database + ", " + load, List.of(hearth));
            for (Running peer : behind.running()) {
                Optional<Receiver> opened =
                        Receiver.open(suite, behind, peer, "/webhooks/stripe", secret);
                if (opened.isEmpty()) {
                    return;
                }
                Receiver receiver = opened.get();
                receiver.settle(CONNECTIONS);
                Plan saturated =
                        new Plan.Closed(
                                CONNECTIONS,
                                Client.EVENT_LOOP,
                                options.warmUp(),
                                options.measured());
                for (int round = 1; round <= options.rounds(); round++) {
                    receiver.sample(database, load, saturated, round);
                }
                awaitHandled(store);
                if (load.equals(FRESH)) {
                    delay(database, behind, peer, store);
                }
            }
        }
    }

    /// With ids of its own, so that only events of this calm load count.
    private void delay(String database, Behind behind, Running peer, InboxStore store)
            throws IOException, InterruptedException {
        Options options = suite.options;
        Optional<Receiver> calm = Receiver.open(suite, behind, peer, "/webhooks/stripe", secret);
        if (calm.isPresent()) {
            handlerDelay(peer); // of those before
            Plan open = new Plan.Open(CONNECTIONS, 1000, options.warmUp(), options.measured());
            for (int round = 1; round <= options.rounds(); round++) {
                calm.get().sample(database, DELAY_LOAD, open, round);
            }
            awaitHandled(store);
            suite.keep(
                    Goals.SUBJECT,
                    database,
                    1,
                    Map.of(
                            DELAY,
                            handlerDelay(peer),
                            HANDLED,
                            store.medianDelay(calm.get().idsBegin())));
        }
    }

    /// What the peer has noted since it was asked last, see its `Webhooks.java`.
    private double handlerDelay(Running peer) throws IOException, InterruptedException {
        String front = peer.site().front().toString();
        return Double.parseDouble(
                suite.shop
                        .run("curl", "-sSf", "--unix-socket", front, "http://localhost/delays")
                        .strip());
    }

    /// The backlog is there before Hearth starts; the clock runs from its start, so a cold compiler counts.
    private void drain(String database, Peer hearth, InboxStore store, String figure)
            throws IOException, InterruptedException {
        store.backlog(figure.equals(DRAINED) ? "first" : "second", BACKLOG);
        try (Suite.Group _ = suite.group()) {
            long began = System.nanoTime();
            Behind behind = Behind.start(suite, ", " + database + ", backlog", List.of(hearth));
            if (behind.running().isEmpty()) {
                return;
            }
            awaitHandled(store);
            double seconds = (System.nanoTime() - began) / 1e9;
            suite.keep(Goals.SUBJECT, database, 1, Map.of(figure, BACKLOG / seconds));
        }
    }

    private void awaitHandled(InboxStore store) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        long left;
        while ((left = store.waiting()) > 0) {
            if (System.nanoTime() > end) {
                suite.fails(
                        Goals.SUBJECT, "%d events still waited after %s".formatted(left, PATIENCE));
                return;
            }
            LockSupport.parkNanos(50_000_000);
        }
    }
}
