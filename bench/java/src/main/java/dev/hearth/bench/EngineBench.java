package dev.hearth.bench;

import dev.hearth.bench.host.Machine;
import dev.hearth.bench.host.ServerProcess;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Expectation;
import dev.hearth.bench.load.FastCgiCall;
import dev.hearth.bench.load.Load;
import dev.hearth.bench.load.Once;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Target;
import dev.hearth.bench.load.Window;
import dev.hearth.bench.peer.Peer;
import dev.hearth.bench.peer.Peers;
import dev.hearth.bench.peer.Shop;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `GET /hello` over FastCGI on a unix socket, no web server between: what the engine itself costs.
public final class EngineBench {

    static final String WORK = "hello";
    static final String SATURATED = "saturated, 8 connections";
    static final String OPEN_4000 = "open loop, 4000/s";
    static final String OPEN_400 = "open loop, 400/s";

    private static final byte[] BODY = "Hello, world!\n".getBytes(StandardCharsets.US_ASCII);

    private final Shop shop = Shop.fromProperties();
    private final Options options;
    private final Map<String, String> failing = new LinkedHashMap<>();
    private final Map<String, String> commands = new LinkedHashMap<>();
    private final List<Results.Sample> samples = new ArrayList<>();

    private EngineBench(Options options) {
        this.options = options;
    }

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        new EngineBench(Options.parse(args, shop.home())).run();
    }

    /// A peer that is up and answers rightly.
    private record Running(Peer peer, ServerProcess server, Target target, Call call) {}

    private void run() throws IOException, InterruptedException {
        List<Running> running = new ArrayList<>();
        try {
            for (Peer peer : Peers.hello(shop)) {
                if (options.wants(peer.name())) {
                    start(peer, running);
                }
            }
            for (Running one : running) {
                progress("settling " + one.peer.name());
                measure(one, new Plan.Closed(8, options.settle(), Duration.ofMillis(100)));
            }
            for (int round = 1; round <= options.rounds(); round++) {
                for (Map.Entry<String, Plan> load : loads().entrySet()) {
                    for (Running one : running) {
                        sample(one, load.getKey(), load.getValue(), round);
                    }
                }
            }
        } finally {
            for (Running one : running) {
                one.server.close();
            }
        }
        Results results =
                new Results(
                        "engine",
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                        Machine.describe(),
                        versions(),
                        commands,
                        failing,
                        samples);
        results.write(options.out());
        String report = new EngineReport(results, options).text();
        java.nio.file.Files.writeString(options.out().resolve("engine.md"), report);
        IO.println(report);
    }

    private Map<String, Plan> loads() {
        Map<String, Plan> loads = new LinkedHashMap<>();
        loads.put(SATURATED, new Plan.Closed(8, options.warmUp(), options.measured()));
        loads.put(OPEN_4000, new Plan.Open(8, 4000, options.warmUp(), options.measured()));
        loads.put(OPEN_400, new Plan.Open(8, 400, options.warmUp(), options.measured()));
        return loads;
    }

    private void start(Peer peer, List<Running> running) throws InterruptedException {
        progress("starting " + peer.name());
        try {
            Path socket = shop.socket(peer.name());
            Peer.Command command = peer.recipe().prepare(shop, socket);
            commands.put(peer.name(), shop.tidy(command.words()));
            ServerProcess server =
                    ServerProcess.start(
                            peer.name(),
                            command.words(),
                            command.environment(),
                            shop.work().resolve("run"));
            Target target =
                    new Target(UnixDomainSocketAddress.of(socket), Target.Protocol.FASTCGI, true);
            Call call =
                    FastCgiCall.of(
                            FastCgiCall.nginxParams("GET", "/hello", "", peer.script(), 0, ""),
                            new byte[0],
                            true,
                            Expectation.of(BODY));
            try {
                server.awaitReady(Duration.ofSeconds(20), () -> Once.ask(target, call));
            } catch (IOException refused) {
                server.close();
                throw refused;
            }
            running.add(new Running(peer, server, target, call));
        } catch (IOException failed) {
            failing.put(peer.name(), shop.tidy(List.of(String.valueOf(failed.getMessage()))));
            progress(peer.name() + " fails: " + failed.getMessage());
        }
    }

    private void sample(Running one, String load, Plan plan, int round)
            throws IOException, InterruptedException {
        double probe = Machine.fixedWorkMillis();
        Window window = measure(one, plan);
        samples.add(new Results.Sample(one.peer.name(), WORK, load, round, probe, window));
        if (window.failures() > 0) {
            failing.merge(one.peer.name(), load + ": " + window.errors(), (a, b) -> a);
        }
        progress(
                "%d  %-24s  %-8s %8.0f/s  cpu %6.2f µs  p50 %6.1f  p99 %7.1f  lag p99 %5.1f  failures %d"
                        .formatted(
                                round,
                                load,
                                one.peer.name(),
                                window.perSecond(),
                                window.cpu().getFirst(),
                                window.latency().p50(),
                                window.latency().p99(),
                                window.lag().p99(),
                                window.failures()));
    }

    private static Window measure(Running one, Plan plan) throws IOException, InterruptedException {
        return Load.run(
                one.target, Call.Source.repeating(one.call), plan, List.of(one.server::cpuMicros));
    }

    private static Map<String, String> versions() throws IOException, InterruptedException {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("PHP", Machine.version("php-fpm8.2", "-v"));
        versions.put(
                "libfcgi", Machine.version("dpkg-query", "-W", "-f=${Version}\n", "libfcgi-dev"));
        versions.put("gcc", Machine.version("gcc", "--version"));
        versions.put("Go", Machine.version("go", "version"));
        versions.put("Jetty", org.eclipse.jetty.util.Jetty.VERSION);
        return versions;
    }

    private static void progress(String line) {
        System.err.println(line);
    }
}
