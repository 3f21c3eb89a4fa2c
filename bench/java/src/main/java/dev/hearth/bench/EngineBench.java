package dev.hearth.bench;

import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Expectation;
import dev.hearth.bench.load.FastCgiCall;
import dev.hearth.bench.load.HalfSent;
import dev.hearth.bench.load.Once;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Target;
import dev.hearth.bench.peer.Address;
import dev.hearth.bench.peer.Peer;
import dev.hearth.bench.peer.Peers;
import dev.hearth.bench.peer.Shop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.Jetty;

/// `GET /hello` over FastCGI on a unix socket, no web server between: what the engine itself costs.
public final class EngineBench {

    static final String WORK = "hello";
    static final String SATURATED = "saturated, 8 connections";
    static final String THREADS = "saturated, 8 blocking clients";
    static final String OPEN_4000 = "open loop, 4000/s";
    static final String OPEN_400 = "open loop, 400/s";
    static final String BESIDE_SLOW = "open loop, 400/s beside 200 slow clients";
    static final int SLOW_CLIENTS = 200;
    static final byte[] HELLO = "Hello, world!\n".getBytes(StandardCharsets.US_ASCII);

    private EngineBench() {}

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        Options options = Options.parse(args, shop.home());
        try (Suite suite = new Suite("engine", options, shop)) {
            measure(suite, subjects(suite));
            versions(suite);
            suite.report("engine.md", new EngineReport(suite.write(), options).text());
        }
    }

    private static List<Subject> subjects(Suite suite) throws IOException, InterruptedException {
        List<Subject> subjects = new ArrayList<>();
        for (Peer peer : Peers.fastCgi(suite.shop)) {
            if (!suite.options.wants(peer.name())) {
                continue;
            }
            Address address = peer.address(suite.shop);
            Target target = address.target(peer.protocol(), true);
            Call call =
                    FastCgiCall.of(
                            FastCgiCall.nginxParams(
                                    "GET", "/hello", "", peer.script("hello"), 0, ""),
                            new byte[0],
                            true,
                            Expectation.of(HELLO));
            suite.start(
                            peer.name(),
                            () -> peer.recipe().prepare(suite.shop, address),
                            () -> Once.ask(target, call))
                    .ifPresent(
                            server -> subjects.add(new Subject(peer.name(), server, target, call)));
        }
        return subjects;
    }

    private static void measure(Suite suite, List<Subject> subjects)
            throws IOException, InterruptedException {
        for (Subject subject : subjects) {
            suite.settle(subject, 8);
        }
        for (int round = 1; round <= suite.options.rounds(); round++) {
            for (Map.Entry<String, Plan> load : loads(suite.options).entrySet()) {
                for (Subject subject : subjects) {
                    suite.sample(subject, WORK, load.getKey(), load.getValue(), round);
                }
            }
            measureBesideSlow(suite, subjects, round);
        }
    }

    /// Hearth alone: eight processes, or threads, would all wait for slow clients.
    private static void measureBesideSlow(Suite suite, List<Subject> subjects, int round)
            throws IOException, InterruptedException {
        Plan plan = new Plan.Open(8, 400, suite.options.warmUp(), suite.options.measured());
        for (Subject subject : subjects) {
            if (!subject.peer().equals("hearth")) {
                continue;
            }
            Call call = subject.calls().next();
            try (HalfSent _ = HalfSent.open(subject.target(), call, SLOW_CLIENTS)) {
                suite.sample(subject, WORK, BESIDE_SLOW, plan, round);
            }
        }
    }

    private static Map<String, Plan> loads(Options options) {
        Map<String, Plan> loads = new LinkedHashMap<>();
        loads.put(
                SATURATED,
                new Plan.Closed(8, Plan.Client.EVENT_LOOP, options.warmUp(), options.measured()));
        loads.put(
                THREADS,
                new Plan.Closed(8, Plan.Client.THREADS, options.warmUp(), options.measured()));
        loads.put(OPEN_4000, new Plan.Open(8, 4000, options.warmUp(), options.measured()));
        if (!options.quick()) {
            loads.put(OPEN_400, new Plan.Open(8, 400, options.warmUp(), options.measured()));
        }
        return loads;
    }

    private static void versions(Suite suite) throws IOException, InterruptedException {
        suite.version("PHP", "php-fpm8.2", "-v");
        suite.version("libfcgi", "dpkg-query", "-W", "-f=${Version}\n", "libfcgi-dev");
        suite.version("gcc", "gcc", "--version");
        suite.version("Go", "go", "version");
        suite.versionIs("Jetty", Jetty.VERSION);
    }
}
