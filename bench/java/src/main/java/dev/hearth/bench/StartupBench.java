package dev.hearth.bench;

import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.host.ServerProcess;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Expectation;
import dev.hearth.bench.load.FastCgiCall;
import dev.hearth.bench.load.Idle;
import dev.hearth.bench.load.Once;
import dev.hearth.bench.load.Target;
import dev.hearth.bench.peer.Peer;
import dev.hearth.bench.peer.Peers;
import dev.hearth.bench.peer.Shop;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

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
    static final String SIZE = "size";
    static final String SIZE_MEGABYTES = "MB";

    private static final int REQUESTS = 1000;
    private static final int IDLE_CONNECTIONS = 5000;

    private StartupBench() {}

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        Options options = Options.parse(args, shop.home());
        try (Suite suite = new Suite("startup", options, shop)) {
            for (int round = 1; round <= options.rounds(); round++) {
                for (Peer peer : Peers.hello(shop)) {
                    if (options.wants(peer.name()) && !suite.isFailing(peer.name())) {
                        start(suite, peer, round);
                    }
                }
            }
            sizes(suite);
            String report = new StartupReport(suite.write(), options).text();
            Files.writeString(options.out().resolve("startup.md"), report);
            IO.println(report);
        }
    }

    private static void start(Suite suite, Peer peer, int round)
            throws IOException, InterruptedException {
        Path socket = suite.shop.socket(peer.name());
        Target target =
                new Target(UnixDomainSocketAddress.of(socket), Target.Protocol.FASTCGI, true);
        Call call =
                FastCgiCall.of(
                        FastCgiCall.nginxParams("GET", "/hello", "", peer.script("hello"), 0, ""),
                        new byte[0],
                        true,
                        Expectation.of(EngineBench.HELLO));
        try {
            Peer.Command command = peer.recipe().prepare(suite.shop, socket);
            long began = System.nanoTime();
            try (ServerProcess server =
                    ServerProcess.start(
                            peer.name(),
                            command.words(),
                            command.environment(),
                            suite.shop.work().resolve("run"))) {
                server.awaitReady(Duration.ofSeconds(20), () -> Once.ask(target, call));
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

    private static void sizes(Suite suite) throws IOException, InterruptedException {
        Path target = suite.shop.root().resolve("target");
        suite.keep(
                "hearth, jars",
                SIZE,
                1,
                Map.of(
                        SIZE_MEGABYTES,
                        megabytes(target.resolve("hearth.jar"))
                                + megabytes(target.resolve("lib"))));
        Path java = suite.shop.java().getParent().getParent();
        suite.keep("JDK 25, whole", SIZE, 1, Map.of(SIZE_MEGABYTES, megabytes(java)));
        Path go = suite.shop.made("go-hello");
        if (Files.exists(go)) {
            suite.keep("go, program", SIZE, 1, Map.of(SIZE_MEGABYTES, megabytes(go)));
        }
        installed(
                suite,
                "php-fpm, packages",
                "php8.2-fpm",
                "php8.2-cli",
                "php8.2-common",
                "php8.2-opcache");
        installed(suite, "libfcgi, package", "libfcgi0ldbl");
    }

    private static void installed(Suite suite, String what, String... packages)
            throws IOException, InterruptedException {
        String[] command =
                Stream.concat(
                                Stream.of("dpkg-query", "-W", "-f=${Installed-Size}\n"),
                                Stream.of(packages))
                        .toArray(String[]::new);
        double kib = 0;
        for (String line : Shop.output(command).lines().toList()) {
            kib += Double.parseDouble(line);
        }
        suite.keep(what, SIZE, 1, Map.of(SIZE_MEGABYTES, kib / 1024));
    }

    private static double megabytes(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes / 1048576.0;
        }
    }
}
