package dev.hearth.bench.host;

import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// The largest peak of resident memory among the processes that a server starts while this looks.
///
/// The kernel keeps a process's peak (`VmHWM`) until it ends; this asks again and again, so that only what was added
/// after the last look is missed. Not to be used in a window: looking takes a core.
public final class PeakMemory implements AutoCloseable {

    private static final long BETWEEN_LOOKS = 200_000;

    private final ServerProcess server;
    private final Set<Long> before;
    private final Thread thread;
    private volatile long peakKib;
    private volatile boolean ended;

    private PeakMemory(ServerProcess server) {
        this.server = server;
        this.before = server.runningPids();
        this.thread = Thread.ofPlatform().name("peak-memory").daemon().unstarted(this::look);
    }

    /// Processes that are there now do not count.
    public static PeakMemory start(ServerProcess server) {
        PeakMemory memory = new PeakMemory(server);
        memory.thread.start();
        return memory;
    }

    private void look() {
        while (!ended) {
            for (long pid : server.runningPids()) {
                if (!before.contains(pid)) {
                    peakKib = Math.max(peakKib, Proc.number(pid, "status", "VmHWM"));
                }
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
    }

    public double megabytes() {
        return peakKib / 1024.0;
    }

    @Override
    public void close() {
        ended = true;
    }
}
