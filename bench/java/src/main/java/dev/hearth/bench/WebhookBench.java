package dev.hearth.bench;

import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.host.ServerProcess;
import dev.hearth.bench.load.Once;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.SignedEvents;
import dev.hearth.bench.load.Target;
import dev.hearth.bench.load.Window;
import dev.hearth.bench.peer.Nginx;
import dev.hearth.bench.peer.Peer;
import dev.hearth.bench.peer.Postgres;
import dev.hearth.bench.peer.Shop;
import dev.hearth.bench.peer.WebhookPeers;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Webhooks behind nginx: verified only, stored in PostgreSQL, stored in SQLite.
///
/// Every event has an id of its own; at the end the rows are counted against the answers: each 200 must be a row.
public final class WebhookBench {

    static final String VERIFY = "verify";
    static final String POSTGRES = "verify + insert, PostgreSQL";
    static final String SQLITE = "verify + insert, SQLite";
    static final String SATURATED = "saturated, 32 connections";
    static final String OPEN = "open loop, 1000/s";
    static final String ROWS = "rows stored";
    static final String ANSWERS = "answers 200";

    private static final int MOST_PER_SECOND = 16_000;

    private final Suite suite;
    private final Postgres postgres;
    private final WebhookPeers peers;
    private final String secret =
            "whsec_" + Long.toUnsignedString(new SecureRandom().nextLong(), 36);
    private final Map<String, Long> answered = new HashMap<>();

    /// A peer that is up behind nginx, and the events it gets.
    private record Running(Subject subject, SignedEvents events) {}

    private WebhookBench(Suite suite, Postgres postgres) {
        this.suite = suite;
        this.postgres = postgres;
        this.peers = new WebhookPeers(secret, postgres);
    }

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        Options options = Options.parse(args, shop.home());
        try (Suite suite = new Suite("webhook", options, shop);
                Postgres postgres = Postgres.start(shop)) {
            WebhookBench bench = new WebhookBench(suite, postgres);
            bench.run(VERIFY, "/verify", bench.peers.verifying(shop));
            bench.run(POSTGRES, "/webhooks/stripe", bench.peers.onPostgres(shop));
            bench.run(SQLITE, "/webhooks/stripe", bench.peers.onSqlite(shop));
            suite.version("nginx", "nginx", "-v");
            suite.version("PHP", "php-fpm8.2", "-v");
            suite.version("PostgreSQL", "psql", "--version");
            suite.version("SQLite (of PHP)", "sqlite3", "--version");
            suite.version("OpenSSL", "openssl", "version");
            String report = new WebhookReport(suite.write(), options).text();
            Files.writeString(options.out().resolve("webhook.md"), report);
            IO.println(report);
        }
    }

    private void run(String work, String path, List<Peer> those)
            throws IOException, InterruptedException {
        try (Suite.Group _ = suite.group()) {
            List<Running> running = start(work, path, those);
            for (Running one : running) {
                // The first rounds of a compiler are not the subject; the events count all the
                // same.
                measure(
                        one,
                        work,
                        "",
                        new Plan.Closed(
                                32,
                                Plan.Client.EVENT_LOOP,
                                suite.options.settle(),
                                Duration.ofMillis(100)),
                        0);
            }
            for (int round = 1; round <= suite.options.rounds(); round++) {
                for (Running one : running) {
                    Plan plan =
                            new Plan.Closed(
                                    32,
                                    Plan.Client.EVENT_LOOP,
                                    suite.options.warmUp(),
                                    suite.options.measured());
                    measure(one, work, SATURATED, plan, round);
                }
                for (Running one : running) {
                    Plan plan =
                            new Plan.Open(
                                    32, 1000, suite.options.warmUp(), suite.options.measured());
                    measure(one, work, OPEN, plan, round);
                }
            }
            count(work, running);
        }
    }

    private List<Running> start(String work, String path, List<Peer> those)
            throws IOException, InterruptedException {
        List<Nginx.Site> sites = new ArrayList<>();
        Map<String, ServerProcess> servers = new HashMap<>();
        for (Peer peer : those) {
            if (!suite.options.wants(peer.name())) {
                continue;
            }
            Path back = suite.shop.socket(peer.name());
            Path front = suite.shop.socket("f-" + peer.name());
            suite.start(
                            peer.name() + ", " + work,
                            () -> peer.recipe().prepare(suite.shop, back),
                            () -> listening(back))
                    .ifPresent(server -> {
                        servers.put(peer.name(), server);
                        sites.add(
                                new Nginx.Site(
                                        peer.name(),
                                        "fastcgi",
                                        front,
                                        back,
                                        peer.keeps() ? 32 : 0,
                                        peer.scripts()));
                    });
        }
        Path ceiling = suite.shop.socket("f-ceiling");
        Optional<ServerProcess> nginx =
                suite.start(
                        "nginx, " + work,
                        () -> Nginx.command(suite.shop, sites, ceiling),
                        () -> listening(ceiling));
        List<Running> running = new ArrayList<>();
        if (nginx.isPresent()) {
            for (Nginx.Site site : sites) {
                ServerProcess server = servers.get(site.name());
                if (server != null) {
                    first(work, path, site, server, nginx.get()).ifPresent(running::add);
                }
            }
        }
        return running;
    }

    private static void listening(Path socket) throws IOException {
        SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
    }

    private Optional<Running> first(
            String work, String path, Nginx.Site site, ServerProcess server, ServerProcess nginx)
            throws InterruptedException {
        SignedEvents events =
                new SignedEvents(
                        path, secret, Long.toString(System.nanoTime() & 0xffffffffffL, 36) + "x");
        Target target =
                new Target(UnixDomainSocketAddress.of(site.front()), Target.Protocol.HTTP, true);
        Subject subject =
                new Subject(site.name(), server, List.of(nginx, postgres.server()), target, events);
        try {
            server.awaitReady(Duration.ofSeconds(20), () -> Once.ask(target, events.next()));
            answered.put(site.name(), 1L);
            return Optional.of(new Running(subject, events));
        } catch (IOException wrong) {
            suite.fails(site.name() + ", " + work, String.valueOf(wrong.getMessage()));
            return Optional.empty();
        }
    }

    private void measure(Running one, String work, String load, Plan plan, int round)
            throws IOException, InterruptedException {
        double seconds = (plan.warmUp().toMillis() + plan.measured().toMillis()) / 1e3;
        int perSecond = plan instanceof Plan.Open open ? open.perSecond() + 100 : MOST_PER_SECOND;
        one.events.prepare((int) Math.min(150_000, Math.ceil(seconds * perSecond)));
        Window window =
                round == 0
                        ? suite.settle(one.subject, plan)
                        : suite.sample(one.subject, work, load, plan, round);
        answered.merge(one.subject.peer(), window.answeredInAll(), Long::sum);
    }

    /// Nothing that was answered may be missing.
    private void count(String work, List<Running> running)
            throws IOException, InterruptedException {
        for (Running one : running) {
            long rows = rows(work, one);
            if (work.equals(VERIFY)) {
                continue;
            }
            String peer = one.subject.peer();
            long answers = answered.getOrDefault(peer, 0L);
            suite.keep(peer, work, 0, Map.of(ROWS, (double) rows, ANSWERS, (double) answers));
            if (rows < answers) {
                suite.fails(
                        peer + ", " + work,
                        "%d answers, but only %d rows".formatted(answers, rows));
            }
        }
    }

    private long rows(String work, Running one) throws IOException, InterruptedException {
        boolean hearth = one.subject.peer().equals("hearth");
        String count =
                "SELECT count(*) FROM %s WHERE external_id LIKE 'evt_%s%%'"
                        .formatted(hearth ? "webhook_inbox" : "events", one.events.run());
        return switch (work) {
            case POSTGRES -> Long.parseLong(postgres.sql(hearth ? "hearth" : "php", count));
            case SQLITE -> {
                Path file =
                        hearth
                                ? WebhookPeers.hearthSqlite(suite.shop)
                                : WebhookPeers.phpSqlite(suite.shop);
                yield Long.parseLong(Shop.output("sqlite3", file.toString(), count + ";").strip());
            }
            default -> 0;
        };
    }
}
