package dev.hearth.bench;

import dev.hearth.bench.Behind.Running;
import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.host.PeakMemory;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Once;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Plan.Client;
import dev.hearth.bench.peer.CgiPeers;
import dev.hearth.bench.peer.Peer;
import dev.hearth.bench.peer.Shop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A program started for each request, behind nginx and fcgiwrap: `/hello`, a webhook verified, a webhook stored.
///
/// CPU time is that of the control group of fcgiwrap: itself, every process that it forked, and the warm Hearth that
/// the first relay started. At the end the rows are counted against the answers.
public final class CgiBench {

    static final String SATURATED = "saturated, " + CgiPeers.AT_ONCE + " connections";

    private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(2);

    /// For file caches; only the relay has a compiler behind it, which takes the time that the options say.
    private static final Duration SETTLE = Duration.ofSeconds(1);

    private static final int LOOKS_AT_MEMORY = 10;
    private static final int MOST_PER_SECOND = 2000;

    private final Suite suite;
    private final String secret = WebhookBench.newSecret();

    private CgiBench(Suite suite) {
        this.suite = suite;
    }

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        Options options = Options.parse(args, shop.home());
        try (Suite suite = new Suite(CgiGoals.SUITE, options, shop)) {
            CgiBench bench = new CgiBench(suite);
            bench.read();
            bench.store();
            suite.version("nginx", "nginx", "-v");
            suite.version("fcgiwrap", "dpkg-query", "-W", "-f=${Version}\n", "fcgiwrap");
            suite.version("PHP", "php-cgi", "-v");
            suite.version("Rust", "rustc", "--version");
            suite.version("SQLite (of PHP and Rust)", "sqlite3", "--version");
            suite.report("cgi.md", CgiReport.text(suite.write(), options));
        }
    }

    private List<Peer> peers(boolean program) throws IOException {
        CgiPeers peers = new CgiPeers(secret, program);
        return List.of(
                peers.hearth(suite.shop, CgiGoals.HEARTH_AOT, true),
                peers.hearth(suite.shop, CgiGoals.HEARTH, false),
                peers.relay(suite.shop, CgiGoals.HEARTH_RELAY),
                peers.php(suite.shop, CgiGoals.PHP),
                peers.rust(suite.shop, CgiGoals.RUST));
    }

    private void read() throws IOException, InterruptedException {
        try (Suite.Group _ = suite.group()) {
            Behind behind = Behind.start(suite, "", peers(true));
            Call hello = Behind.get("/hello", EngineBench.HELLO);
            measure(
                    EngineBench.WORK,
                    behind,
                    peer -> Receiver.repeating(suite, behind, peer, hello));
            if (!suite.options.quick()) {
                measure(
                        WebhookBench.VERIFY,
                        behind,
                        peer ->
                                Receiver.open(
                                        suite, behind, peer, WebhookBench.VERIFY_PATH, secret));
            }
        }
    }

    private void store() throws IOException, InterruptedException {
        try (Suite.Group _ = suite.group()) {
            Behind behind = Behind.start(suite, ", " + CgiGoals.WEBHOOK, peers(false));
            List<Receiver> receivers =
                    measure(
                            CgiGoals.WEBHOOK,
                            behind,
                            peer ->
                                    Receiver.open(
                                            suite, behind, peer, WebhookBench.STORE_PATH, secret));
            for (Receiver receiver : receivers) {
                count(receiver);
            }
        }
    }

    /// What a peer is asked; nothing where it does not answer rightly.
    @FunctionalInterface
    private interface Opening {
        Optional<Receiver> open(Running peer) throws InterruptedException;
    }

    private List<Receiver> measure(String work, Behind behind, Opening opening)
            throws IOException, InterruptedException {
        List<Receiver> receivers = new ArrayList<>();
        for (Running peer : behind.running()) {
            opening.open(peer).map(r -> r.atMost(MOST_PER_SECOND)).ifPresent(receivers::add);
        }
        for (Receiver receiver : receivers) {
            receiver.settle(
                    CgiPeers.AT_ONCE,
                    receiver.name().equals(CgiGoals.HEARTH_RELAY)
                            ? suite.options.settle()
                            : SETTLE);
        }
        for (int round = 1; round <= suite.options.rounds(); round++) {
            for (Map.Entry<String, Plan> load : loads(work).entrySet()) {
                for (Receiver receiver : receivers) {
                    receiver.sample(work, load.getKey(), load.getValue(), round);
                }
            }
            if (round == 1 || !suite.options.quick()) {
                for (Receiver receiver : receivers) {
                    memory(work, receiver, round);
                }
            }
        }
        return receivers;
    }

    private Map<String, Plan> loads(String work) {
        Duration measured = suite.options.measured().multipliedBy(2);
        if (measured.compareTo(SHORTEST_WINDOW) < 0) {
            measured = SHORTEST_WINDOW; // the slowest of them answer twice a second
        }
        Map<String, Plan> loads = new LinkedHashMap<>();
        loads.put(CgiGoals.ONE, closed(1, measured));
        if (!suite.options.quick() || work.equals(CgiGoals.WEBHOOK)) {
            loads.put(SATURATED, closed(CgiPeers.AT_ONCE, measured));
        }
        return loads;
    }

    private Plan closed(int connections, Duration measured) {
        return new Plan.Closed(connections, Client.EVENT_LOOP, suite.options.warmUp(), measured);
    }

    /// What the largest of the processes of a request grows to, in requests that are not timed.
    private void memory(String work, Receiver receiver, int round)
            throws IOException, InterruptedException {
        Subject subject = receiver.subject();
        try (PeakMemory memory = PeakMemory.start(subject.server())) {
            for (int i = 0; i < LOOKS_AT_MEMORY; i++) {
                Once.ask(subject.target(), subject.calls().next());
                receiver.oneMore();
            }
            suite.keep(subject.peer(), work, round, Map.of(CgiGoals.RSS, memory.megabytes()));
        }
    }

    /// Nothing that was answered may be missing.
    private void count(Receiver receiver) throws IOException, InterruptedException {
        String name = receiver.name();
        boolean isHearth = name.startsWith(Goals.SUBJECT);
        Path file =
                isHearth ? CgiPeers.hearthFile(suite.shop, name) : CgiPeers.file(suite.shop, name);
        String count =
                "SELECT count(*) FROM %s WHERE external_id LIKE '%s%%';"
                        .formatted(isHearth ? "webhook_inbox" : "events", receiver.idsBegin());
        long rows = Long.parseLong(Shop.output("sqlite3", file.toString(), count).strip());
        suite.keep(
                name,
                CgiGoals.WEBHOOK,
                0,
                Map.of(
                        WebhookBench.ROWS,
                        (double) rows,
                        WebhookBench.ANSWERS,
                        (double) receiver.answered()));
        if (rows < receiver.answered()) {
            suite.fails(name, "%d answers, but only %d rows".formatted(receiver.answered(), rows));
        }
    }
}
