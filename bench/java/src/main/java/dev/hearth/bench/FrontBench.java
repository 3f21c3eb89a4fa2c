package dev.hearth.bench;

import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.host.ServerProcess;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Expectation;
import dev.hearth.bench.load.FastCgiCall;
import dev.hearth.bench.load.HttpCall;
import dev.hearth.bench.load.Once;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Target;
import dev.hearth.bench.peer.Nginx;
import dev.hearth.bench.peer.Peer;
import dev.hearth.bench.peer.Peers;
import dev.hearth.bench.peer.Shop;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Behind nginx, as users run it: `/hello`, and large bodies up and down.
public final class FrontBench {

    static final String SATURATED = "saturated, 32 connections";
    static final String OPEN_400 = "open loop, 400/s";
    static final String OPEN_4000 = "open loop, 4000/s";
    static final String ONE = "1 connection";
    static final String CEILING = "nginx return 200";

    private static final int MEGABYTE = 1_000_000;

    private final Suite suite;
    private final List<Site> sites = new ArrayList<>();
    private final Path ceiling;

    /// A peer that is up, and where nginx answers for it.
    private record Site(Peer peer, ServerProcess server, Target target) {}

    private FrontBench(Suite suite) throws IOException {
        this.suite = suite;
        this.ceiling = suite.shop.socket("f-ceiling");
    }

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        Options options = Options.parse(args, shop.home());
        try (Suite suite = new Suite("front", options, shop)) {
            new FrontBench(suite).run();
            suite.version("nginx", "nginx", "-v");
            suite.version("PHP", "php-fpm8.2", "-v");
            String report = new FrontReport(suite.write(), options).text();
            Files.writeString(options.out().resolve("front.md"), report);
            IO.println(report);
        }
    }

    private void run() throws IOException, InterruptedException {
        List<Nginx.Site> behind = startPeers();
        Target bare = front(ceiling);
        Optional<ServerProcess> started =
                suite.start(
                        CEILING,
                        () -> Nginx.command(suite.shop, behind, ceiling),
                        () -> Once.ask(bare, get("/hello", EngineBench.HELLO)));
        if (started.isEmpty()) {
            return;
        }
        ServerProcess nginx = started.get();
        List<Subject> hello = new ArrayList<>();
        hello.add(new Subject(CEILING, nginx, bare, get("/hello", EngineBench.HELLO)));
        for (Site site : sites) {
            hello.add(subject(site, nginx, get("/hello", EngineBench.HELLO)));
        }
        hello(checked(hello));
        for (int megabytes : List.of(1, 10, 100)) {
            bodies(nginx, megabytes);
        }
    }

    private List<Nginx.Site> startPeers() throws IOException, InterruptedException {
        List<Nginx.Site> behind = new ArrayList<>();
        for (Peer peer : Peers.hello(suite.shop)) {
            if (!suite.options.wants(peer.name())) {
                continue;
            }
            Path back = suite.shop.socket(peer.name());
            Path front = suite.shop.socket("f-" + peer.name());
            Target direct =
                    new Target(UnixDomainSocketAddress.of(back), Target.Protocol.FASTCGI, false);
            Call call =
                    FastCgiCall.of(
                            FastCgiCall.nginxParams(
                                    "GET", "/hello", "", peer.script("hello"), 0, ""),
                            new byte[0],
                            false,
                            Expectation.of(EngineBench.HELLO));
            suite.start(
                            peer.name(),
                            () -> peer.recipe().prepare(suite.shop, back),
                            () -> Once.ask(direct, call))
                    .ifPresent(server -> {
                        int kept = peer.keeps() ? 32 : 0;
                        behind.add(
                                new Nginx.Site(
                                        peer.name(), "fastcgi", front, back, kept, peer.scripts()));
                        sites.add(new Site(peer, server, front(front)));
                    });
        }
        return behind;
    }

    private static Target front(Path socket) {
        return new Target(UnixDomainSocketAddress.of(socket), Target.Protocol.HTTP, true);
    }

    private static Subject subject(Site site, ServerProcess nginx, Call call) {
        return new Subject(
                site.peer.name(),
                site.server,
                List.of(nginx),
                site.target,
                Call.Source.repeating(call));
    }

    private void hello(List<Subject> subjects) throws IOException, InterruptedException {
        Options options = suite.options;
        for (Subject subject : subjects) {
            suite.settle(subject, 32);
        }
        for (int round = 1; round <= options.rounds(); round++) {
            for (Subject subject : subjects) {
                Plan plan =
                        new Plan.Closed(
                                32, Plan.Client.EVENT_LOOP, options.warmUp(), options.measured());
                suite.sample(subject, EngineBench.WORK, SATURATED, plan, round);
            }
            for (Subject subject : subjects) {
                Plan plan = new Plan.Open(32, 4000, options.warmUp(), options.measured());
                suite.sample(subject, EngineBench.WORK, OPEN_4000, plan, round);
            }
            for (Subject subject : subjects) {
                Plan plan = new Plan.Open(32, 400, options.warmUp(), options.measured());
                suite.sample(subject, EngineBench.WORK, OPEN_400, plan, round);
            }
        }
    }

    private void bodies(ServerProcess nginx, int megabytes)
            throws IOException, InterruptedException {
        byte[] content = new byte[megabytes * MEGABYTE];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) ('a' + i % 26);
        }
        byte[] count = (content.length + "\n").getBytes(StandardCharsets.US_ASCII);
        Call up =
                HttpCall.of(
                        "POST",
                        "/upload",
                        Map.of("Content-Type", "application/octet-stream"),
                        content,
                        true,
                        Expectation.of(count));
        Call down = get("/download?bytes=" + content.length, content);
        List<String> able = Peers.bodies(suite.shop).stream().map(Peer::name).toList();
        List<Site> these = sites.stream().filter(site -> able.contains(site.peer.name())).toList();
        List<Subject> uploads = checked(these.stream().map(s -> subject(s, nginx, up)).toList());
        List<Subject> downloads =
                checked(these.stream().map(s -> subject(s, nginx, down)).toList());
        Plan plan =
                new Plan.Closed(
                        1,
                        Plan.Client.EVENT_LOOP,
                        suite.options.warmUp(),
                        suite.options.measured());
        for (int round = 1; round <= suite.options.rounds(); round++) {
            for (Subject subject : uploads) {
                suite.sample(subject, megabytes + " MB up", ONE, plan, round);
            }
            for (Subject subject : downloads) {
                suite.sample(subject, megabytes + " MB down", ONE, plan, round);
            }
        }
    }

    /// Those that give the right answer; the others are noted as failing.
    private List<Subject> checked(List<Subject> subjects) throws InterruptedException {
        List<Subject> right = new ArrayList<>();
        for (Subject subject : subjects) {
            try {
                Once.ask(subject.target(), subject.calls().next());
                right.add(subject);
            } catch (IOException wrong) {
                suite.fails(subject.peer(), String.valueOf(wrong.getMessage()));
            }
        }
        return right;
    }

    private static Call get(String target, byte[] body) {
        return HttpCall.of("GET", target, Map.of(), new byte[0], true, Expectation.of(body));
    }
}
