package dev.hearth.bench.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A server that the bench started: its CPU time, its memory, its end.
public final class ServerProcess implements AutoCloseable {

    private final String name;
    private final Process process;
    private final Optional<Cgroup> cgroup;
    private final Path log;

    private ServerProcess(String name, Process process, Optional<Cgroup> cgroup, Path log) {
        this.name = name;
        this.process = process;
        this.cgroup = cgroup;
        this.log = log;
    }

    /// Starts the command in a control group of its own where that is possible.
    public static ServerProcess start(
            String name, List<String> command, Map<String, String> environment, Path folder)
            throws IOException {
        Optional<Cgroup> cgroup = Cgroup.open(name.replaceAll("[^A-Za-z0-9]", "-"));
        List<String> whole = new ArrayList<>();
        if (cgroup.isPresent()) {
            // The shell enters the group and becomes the server: same pid, no time outside.
            whole.addAll(
                    List.of(
                            "/bin/sh",
                            "-c",
                            "echo 0 >\"$0\" && exec \"$@\"",
                            cgroup.get().entrance().toString()));
        }
        whole.addAll(command);
        Files.createDirectories(folder);
        Path log = folder.resolve(name.replaceAll("[^A-Za-z0-9.-]", "-") + ".log");
        ProcessBuilder builder = new ProcessBuilder(whole);
        builder.environment().putAll(environment);
        builder.directory(folder.toFile());
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        builder.redirectInput(Path.of("/dev/null").toFile());
        ServerProcess server = new ServerProcess(name, builder.start(), cgroup, log);
        // A bench that is interrupted leaves no server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(server::endAll));
        return server;
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean counted() {
        return cgroup.isPresent();
    }

    /// CPU time so far of the server and all that it started, in microseconds.
    public long cpuMicros() {
        if (cgroup.isPresent()) {
            try {
                return cgroup.get().cpuMicros();
            } catch (IOException lost) {
                throw new UncheckedIOException(lost);
            }
        }
        return pids().mapToLong(Proc::cpuMicros).sum();
    }

    /// Resident memory of all its processes, shared pages counted once for each, in KiB.
    public long rssKib() {
        return pids().mapToLong(pid -> Proc.number(pid, "status", "VmRSS")).sum();
    }

    /// Resident memory with shared pages divided among those who share them, in KiB.
    public long pssKib() {
        return pids().mapToLong(pid -> Proc.number(pid, "smaps_rollup", "Pss")).sum();
    }

    /// Threads of all its processes.
    public long threads() {
        return pids().mapToLong(pid -> Proc.number(pid, "status", "Threads")).sum();
    }

    /// Open files, sockets included, of all its processes.
    public long openFiles() {
        return pids().mapToLong(Proc::openFiles).sum();
    }

    /// The processes that it consists of now.
    public Set<Long> runningPids() {
        return pids().collect(Collectors.toUnmodifiableSet());
    }

    private Stream<Long> pids0() {
        return Stream.concat(
                Stream.of(process.pid()), process.descendants().map(ProcessHandle::pid));
    }

    private Stream<Long> pids() {
        if (cgroup.isPresent()) {
            try {
                return cgroup.get().pids().stream();
            } catch (IOException gone) {
                return pids0();
            }
        }
        return pids0();
    }

    /// Waits until the probe passes; its failures count as "not yet".
    public void awaitReady(Duration limit, Probe probe) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            if (!process.isAlive()) {
                throw new IOException(
                        name + " ended with " + process.exitValue() + ": " + logTail());
            }
            try {
                probe.run();
                return;
            } catch (IOException notYet) {
                if (System.nanoTime() > end) {
                    throw new IOException(
                            name
                                    + " did not answer within "
                                    + limit
                                    + " ("
                                    + notYet.getMessage()
                                    + "): "
                                    + logTail(),
                            notYet);
                }
                LockSupport.parkNanos(2_000_000);
            }
        }
    }

    /// One attempt to get the right answer.
    @FunctionalInterface
    public interface Probe {
        void run() throws IOException;
    }

    public String logTail() throws IOException {
        String text = Files.readString(log);
        return text.substring(Math.max(0, text.length() - 1500)).strip();
    }

    /// Asks the server to end, and ends it and its children after five seconds.
    @Override
    public void close() throws IOException {
        endAll();
        if (cgroup.isPresent()) {
            cgroup.get().close();
        }
    }

    private void endAll() {
        List<ProcessHandle> family = pids().flatMap(pid -> ProcessHandle.of(pid).stream()).toList();
        process.destroy();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }
}
