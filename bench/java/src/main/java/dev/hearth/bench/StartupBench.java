package dev.hearth.bench;

import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.host.ServerProcess;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Expectation;
import dev.hearth.bench.load.FastCgiCall;
import dev.hearth.bench.load.Idle;
import dev.hearth.bench.load.Once;
import dev.hearth.bench.load.Target;
import dev.hearth.bench.peer.Address;
import dev.hearth.bench.peer.Peer;
import dev.hearth.bench.peer.Peers;
import dev.hearth.bench.peer.Shop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// From the start of the process to its first right answer, memory after 1,000 requests, memory of 5,000 idle
/// connections, and what has to be installed.
public final class StartupBench {

    static final String START = "start";
    static final String FIRST_ANSWER = "first answer ms";
    static final String CPU_TO_ANSWER = "CPU ms until then";
    static final String RSS = "RSS MB after 1,000 requests";
    static final String PSS = "PSS MB after 1,000 requests";
    static final String IDLE = "idle connections";
    static final String IDLE_COUNT = "connections";
    static final String IDLE_MORE = "RSS MB more";

    private static final int WARM_UP = 0;
    private static final int REQUESTS = 1000;
    private static final int IDLE_CONNECTIONS = 5000;

    private StartupBench() {}

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        Options options = Options.parse(args, shop.home());
        try (Suite suite = new Suite("startup", options, shop)) {
            List<Start> starts = starts(shop);
            for (int round = WARM_UP; round <= options.rounds(); round++) {
                for (Start start : starts) {
                    // Only what keeps something from one start to the next is started once before.
                    if (round == WARM_UP && !start.keepsSomething) {
                        continue;
                    }
                    String name = start.peer.name();
                    if (options.wants(name) && !suite.isFailing(name)) {
                        start(suite, start, round);
                    }
                }
            }
            Sizes.keep(suite);
            suite.report("startup.md", new StartupReport(suite.write(), options).text());
        }
    }

    /// A server and the first thing that it is asked.
    ///
    /// @param keepsSomething whether a start leaves behind what makes the next one shorter, such as compiled classes
    private record Start(Peer peer, Call first, boolean keepsSomething) {}

    private static List<Start> starts(Shop shop) {
        List<Start> starts = new ArrayList<>();
        for (Peer peer : Peers.fastCgi(shop)) {
            starts.add(
                    new Start(peer, ask("/hello", peer.script("hello"), EngineBench.HELLO), false));
        }
        for (Peer peer : Peers.launched()) {
            byte[] alive = "{\"status\":\"ok\"}\n".getBytes(StandardCharsets.US_ASCII);
            starts.add(new Start(peer, ask("/healthz", peer.script("healthz"), alive), false));
        }
        for (Peer file : Peers.files()) {
            starts.add(
                    new Start(file, ask("/hello", file.script("hello"), EngineBench.HELLO), true));
        }
        return starts;
    }

    private static Call ask(String path, String script, byte[] answer) {
        return FastCgiCall.of(
                FastCgiCall.nginxParams("GET", path, "", script, 0, ""),
                new byte[0],
                true,
                Expectation.of(answer));
    }

    private static void start(Suite suite, Start start, int round)
            throws IOException, InterruptedException {
        Peer peer = start.peer;
        Call call = start.first;
        Address address = peer.address(suite.shop);
        Target target = address.target(peer.protocol(), true);
        try {
            Peer.Command command = peer.recipe().prepare(suite.shop, address);
            suite.command(peer.name(), command);
            long began = System.nanoTime();
            try (ServerProcess server =
                    ServerProcess.start(
                            peer.name(),
                            command.words(),
                            command.environment(),
                            suite.shop.work().resolve("run"))) {
                server.awaitReady(Duration.ofSeconds(20), () -> Once.ask(target, call));
                if (round == WARM_UP) {
                    return;
                }
                double millis = (System.nanoTime() - began) / 1e6;
                double cpuMillis = server.cpuMicros() / 1e3;
                for (int i = 0; i < REQUESTS; i++) {
                    Once.ask(target, call);
                }
                suite.keep(
                        peer.name(),
                        START,
                        round,
                        Map.of(
                                FIRST_ANSWER,
                                millis,
                                CPU_TO_ANSWER,
                                cpuMillis,
                                RSS,
                                server.rssKib() / 1024.0,
                                PSS,
                                server.pssKib() / 1024.0));
                // A process or a thread for each connection is no contest.
                if (peer.keeps()) {
                    idle(suite, new Subject(peer.name(), server, target, call), round);
                }
            }
        } catch (IOException failed) {
            suite.fails(peer.name(), String.valueOf(failed.getMessage()));
        }
    }

    private static void idle(Suite suite, Subject subject, int round) throws IOException {
        double before = subject.server().rssKib() / 1024.0;
        try (Idle idle = Idle.open(subject.target(), subject.calls().next(), IDLE_CONNECTIONS)) {
            suite.keep(
                    subject.peer(),
                    IDLE,
                    round,
                    Map.of(
                            IDLE_COUNT,
                            (double) idle.count(),
                            IDLE_MORE,
                            subject.server().rssKib() / 1024.0 - before));
        }
    }
}
