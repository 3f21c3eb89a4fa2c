package dev.hearth.bench;

import dev.hearth.bench.host.GcLog;
import dev.hearth.bench.host.Machine;
import dev.hearth.bench.host.MemoryWatch;
import dev.hearth.bench.host.ServerProcess;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Load;
import dev.hearth.bench.load.Once;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Target;
import dev.hearth.bench.load.Window;
import dev.hearth.bench.peer.Peer;
import dev.hearth.bench.peer.Shop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What all suites share: starting servers, measuring windows, keeping what came out, stopping in reverse.
final class Suite implements AutoCloseable {

    private static final int LONGEST_REASON = 400;
    private static final Duration READY = Duration.ofSeconds(30);

    /// Files and sockets that a server has open at the end of a window.
    static final String OPEN_FILES = "open files";

    final Options options;
    final Shop shop;
    private final String name;
    private final Map<String, String> failing = new LinkedHashMap<>();
    private final Map<String, String> commands = new LinkedHashMap<>();
    private final Map<String, String> versions = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Results.Sample> samples = new ArrayList<>();
    private final Map<ServerProcess, Path> gcLogs = new HashMap<>();
    private final Deque<ServerProcess> servers = new ArrayDeque<>();

    Suite(String name, Options options, Shop shop) {
        this.name = name;
        this.options = options;
        this.shop = shop;
    }

    /// Something that load can be offered to.
    ///
    /// @param server whose memory is watched, and whose CPU time is the first figure of a window
    /// @param others whose CPU time is reported behind it, such as the web server in front
    record Subject(
            String peer,
            ServerProcess server,
            List<ServerProcess> others,
            Target target,
            Call.Source calls) {

        Subject(String peer, ServerProcess server, Target target, Call call) {
            this(peer, server, List.of(), target, Call.Source.repeating(call));
        }

        private List<LongSupplier> meters() {
            List<LongSupplier> meters = new ArrayList<>();
            meters.add(server::cpuMicros);
            others.forEach(other -> meters.add(other::cpuMicros));
            return meters;
        }
    }

    /// Servers that stop together, before those that were started earlier.
    interface Group extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /// Closing it stops what was started since.
    Group group() {
        int before = servers.size();
        return () -> {
            while (servers.size() > before) {
                servers.pop().close();
            }
        };
    }

    /// Makes a command out of what may fail, so that a failing peer is told and not dropped.
    @FunctionalInterface
    interface Preparation {
        Peer.Command command() throws IOException, InterruptedException;
    }

    /// Starts a server and waits for its first right answer; a failure is noted under the peer's name.
    Optional<ServerProcess> start(String peer, Preparation preparation, ServerProcess.Probe probe)
            throws InterruptedException {
        progress("starting " + peer);
        try {
            Peer.Command command = preparation.command();
            command(peer, command);
            ServerProcess server =
                    ServerProcess.start(
                            peer,
                            command.words(),
                            command.environment(),
                            shop.work().resolve("run"));
            servers.push(server);
            command.gcLog().ifPresent(log -> gcLogs.put(server, log));
            server.awaitReady(READY, probe);
            return Optional.of(server);
        } catch (IOException failed) {
            fails(peer, String.valueOf(failed.getMessage()));
            return Optional.empty();
        }
    }

    /// Tells a reader how a peer was started.
    void command(String peer, Peer.Command command) {
        commands.put(peer, shop.tidy(command.words()));
    }

    void fails(String peer, String why) {
        String line = shop.tidy(List.of(why)).replaceAll("\\s+", " ");
        failing.putIfAbsent(peer, line.substring(0, Math.min(line.length(), LONGEST_REASON)));
        progress(peer + " fails: " + line);
    }

    boolean isFailing(String peer) {
        return failing.containsKey(peer);
    }

    /// Offers load and keeps nothing: for compilers and caches.
    void settle(Subject subject, int connections) throws IOException, InterruptedException {
        settle(
                subject,
                new Plan.Closed(
                        connections,
                        Plan.Client.EVENT_LOOP,
                        options.settle(),
                        Duration.ofMillis(100)));
    }

    Window settle(Subject subject, Plan plan) throws IOException, InterruptedException {
        progress("settling " + subject.peer);
        return Load.run(subject.target, subject.calls, plan, List.of());
    }

    /// Measures one window and keeps it.
    Window sample(Subject subject, String work, String load, Plan plan, int round)
            throws IOException, InterruptedException {
        double probe = Machine.fixedWorkMillis();
        Optional<GcLog> gc = gcLog(subject.server);
        Window window;
        Map<String, Double> figures = new LinkedHashMap<>();
        try (MemoryWatch watch = MemoryWatch.start(subject.server)) {
            window = Load.run(subject.target, subject.calls, plan, subject.meters());
            figures.putAll(watch.figures());
            figures.put(OPEN_FILES, (double) subject.server.openFiles());
        }
        if (gc.isPresent()) {
            figures.putAll(gc.get().figures());
        }
        samples.add(new Results.Sample(subject.peer, work, load, round, probe, window, figures));
        if (window.failures() > 0) {
            fails(subject.peer, work + ", " + load + ": " + window.errors());
        } else if (window.requests() == 0) {
            fails(subject.peer, work + ", " + load + ": no answer in the whole window");
        }
        progress(
                "%d  %-14s %-26s %-18s %9.1f/s  cpu %s µs  p50 %7.1f  p99 %8.1f  lag p99 %5.1f  rss %4.0f MB  failures %d"
                        .formatted(
                                round,
                                work,
                                load,
                                subject.peer,
                                window.perSecond(),
                                window.cpu().stream().map("%.2f"::formatted).toList(),
                                window.latency().p50(),
                                window.latency().p99(),
                                window.lag().p99(),
                                figures.getOrDefault(MemoryWatch.PEAK, 0.0) / 1024,
                                window.failures()));
        return window;
    }

    /// What the server collects from now on, for a JVM.
    Optional<GcLog> gcLog(ServerProcess server) throws IOException {
        Path log = gcLogs.get(server);
        return log == null ? Optional.empty() : Optional.of(GcLog.fromNow(log));
    }

    /// Those that give the right answer; the others are noted as failing.
    List<Subject> checked(List<Subject> subjects) throws InterruptedException {
        List<Subject> right = new ArrayList<>();
        for (Subject subject : subjects) {
            try {
                subject.server.awaitReady(
                        READY, () -> Once.ask(subject.target, subject.calls.next()));
                right.add(subject);
            } catch (IOException wrong) {
                fails(subject.peer, String.valueOf(wrong.getMessage()));
            }
        }
        return right;
    }

    /// Keeps figures that are no window of load, such as the time to start.
    void keep(String peer, String work, int round, Map<String, Double> figures) {
        progress("%d  %-14s %-14s %s".formatted(round, work, peer, figures));
        samples.add(
                new Results.Sample(
                        peer, work, "", round, Machine.fixedWorkMillis(), Window.NONE, figures));
    }

    /// Something that a reader of the results must know.
    void note(String note) {
        notes.add(note);
        progress(note);
    }

    void version(String what, String... command) throws IOException, InterruptedException {
        versions.put(what, Machine.version(command));
    }

    void versionIs(String what, String version) {
        versions.put(what, version);
    }

    /// Everything so far, written to the folder of results.
    Results write() throws IOException {
        Results results =
                new Results(
                        name,
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                        Machine.describe(),
                        versions,
                        commands,
                        failing,
                        notes,
                        samples);
        results.write(options.out());
        return results;
    }

    /// Keeps the report of this suite and prints it.
    void report(String file, String text) throws IOException {
        Files.writeString(options.out().resolve(file), text);
        IO.println(text);
    }

    static void progress(String line) {
        System.err.println(line);
    }

    @Override
    public void close() throws IOException {
        while (!servers.isEmpty()) {
            servers.pop().close();
        }
    }
}
