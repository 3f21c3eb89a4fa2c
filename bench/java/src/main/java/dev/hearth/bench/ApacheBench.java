package dev.hearth.bench;

import dev.hearth.bench.Report.Column;
import dev.hearth.bench.Results.Sample;
import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.host.ServerProcess;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Plan.Client;
import dev.hearth.bench.load.Target;
import dev.hearth.bench.peer.Address;
import dev.hearth.bench.peer.Apache;
import dev.hearth.bench.peer.Peer;
import dev.hearth.bench.peer.Peers;
import dev.hearth.bench.peer.Shop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/hello` behind Apache: mod_proxy_fcgi with Hearth and with PHP-FPM, and Hearth started by mod_fcgid.
///
/// What mod_fcgid starts lives in Apache's control group, so only the sum of front and worker compares there.
/// mod_fcgid gives a process one request at a time and lets the others wait in steps of a second, so its one process is
/// not asked by 32 connections at once.
public final class ApacheBench {

    static final String SATURATED = "saturated, 32 connections";
    static final String ONE = "saturated, 1 connection";
    static final String OPEN = "open loop, 400/s";
    static final String SPAWNED = "hearth-fcgid";

    private static final int CONNECTIONS = 32;
    private static final List<String> PROXIED = List.of("hearth", "php-fpm");

    private final Suite suite;
    private final Map<String, ServerProcess> servers = new LinkedHashMap<>();
    private final Map<String, Apache.Site> sites = new LinkedHashMap<>();

    private ApacheBench(Suite suite) {
        this.suite = suite;
    }

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        Options options = Options.parse(args, shop.home());
        try (Suite suite = new Suite("apache", options, shop)) {
            ApacheBench bench = new ApacheBench(suite);
            bench.measure(bench.subjects());
            suite.version("Apache", "/usr/sbin/apache2", "-v");
            suite.version("PHP", "php-fpm8.2", "-v");
            suite.report("apache.md", report(suite.write(), options));
        }
    }

    private List<Subject> subjects() throws IOException, InterruptedException {
        for (Peer peer : Peers.behindFront(suite.shop)) {
            if (PROXIED.contains(peer.name()) && suite.options.wants(peer.name())) {
                proxied(peer);
            }
        }
        if (suite.options.wants(SPAWNED)) {
            Address front = Address.freePort();
            Peer.Command command = Peers.onDescriptorZero(suite.shop, SPAWNED);
            suite.command(SPAWNED, command);
            List<Path> owned =
                    List.of(
                            suite.shop.made("data-" + SPAWNED),
                            suite.shop.made(SPAWNED + ".toml"),
                            command.gcLog().orElseThrow());
            sites.put(SPAWNED, Apache.spawned(suite.shop, front, command, owned));
        }
        Optional<ServerProcess> apache =
                suite.start(
                        "apache",
                        () -> Apache.command(suite.shop, List.copyOf(sites.values())),
                        () -> {
                            for (Apache.Site site : sites.values()) {
                                Behind.listening(site.front());
                            }
                        });
        List<Subject> subjects = new ArrayList<>();
        Call hello = Behind.get("/hello", EngineBench.HELLO);
        if (apache.isPresent()) {
            sites.forEach((name, site) -> {
                ServerProcess server = servers.getOrDefault(name, apache.get());
                subjects.add(
                        new Subject(
                                name,
                                server,
                                server == apache.get() ? List.of() : List.of(apache.get()),
                                site.front().target(Target.Protocol.HTTP, true),
                                Call.Source.repeating(hello)));
            });
        }
        return suite.checked(subjects);
    }

    private void proxied(Peer peer) throws IOException, InterruptedException {
        Address back = peer.address(suite.shop);
        Optional<ServerProcess> server =
                suite.start(
                        peer.name(),
                        () -> peer.recipe().prepare(suite.shop, back),
                        () -> Behind.listening(back));
        if (server.isPresent()) {
            servers.put(peer.name(), server.get());
            sites.put(peer.name(), Apache.proxied(Address.freePort(), peer, back));
        }
    }

    private void measure(List<Subject> subjects) throws IOException, InterruptedException {
        Options options = suite.options;
        for (Subject subject : subjects) {
            suite.settle(subject, isSpawned(subject) ? 1 : CONNECTIONS);
        }
        Map<String, Plan> loads = new LinkedHashMap<>();
        loads.put(
                SATURATED,
                new Plan.Closed(
                        CONNECTIONS, Client.EVENT_LOOP, options.warmUp(), options.measured()));
        loads.put(ONE, new Plan.Closed(1, Client.EVENT_LOOP, options.warmUp(), options.measured()));
        loads.put(OPEN, new Plan.Open(CONNECTIONS, 400, options.warmUp(), options.measured()));
        for (int round = 1; round <= options.rounds(); round++) {
            for (Map.Entry<String, Plan> load : loads.entrySet()) {
                for (Subject subject : subjects) {
                    suite.sample(subject, EngineBench.WORK, load.getKey(), load.getValue(), round);
                }
            }
        }
    }

    private static boolean isSpawned(Subject subject) {
        return subject.peer().equals(SPAWNED);
    }

    private static String report(Results results, Options options) {
        Report report = new Report("Behind Apache, event MPM", results, options);
        for (String load : List.of(SATURATED, ONE, OPEN)) {
            report.table(
                    EngineBench.WORK,
                    load,
                    List.of(
                            Column.RATE,
                            new Column("worker and Apache µs/request", 1, ApacheBench::together),
                            Column.P50,
                            Column.P99,
                            Column.LAG));
        }
        return report.text();
    }

    private static double together(Sample sample) {
        return sample.window().cpu().stream().mapToDouble(Double::doubleValue).sum();
    }
}
