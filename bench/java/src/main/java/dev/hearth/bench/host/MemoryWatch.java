package dev.hearth.bench.host;

import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Looks at a server's resident memory every 100 ms while load runs.
public final class MemoryWatch implements AutoCloseable {

    /// KiB when the watch began; at its highest; and the same divided among sharers at the end.
    public static final String BEFORE = "rss KiB before";

    public static final String PEAK = "rss KiB peak";
    public static final String SHARED_OUT = "pss KiB after";

    private static final long BETWEEN_LOOKS = 100_000_000;

    private final ServerProcess server;
    private final long before;
    private final Thread thread;
    private volatile long peak;
    private volatile boolean ended;

    private MemoryWatch(ServerProcess server) {
        this.server = server;
        this.before = server.rssKib();
        this.peak = before;
        this.thread = Thread.ofPlatform().name("memory-watch").daemon().unstarted(this::look);
    }

    public static MemoryWatch start(ServerProcess server) {
        MemoryWatch watch = new MemoryWatch(server);
        watch.thread.start();
        return watch;
    }

    private void look() {
        while (!ended) {
            peak = Math.max(peak, server.rssKib());
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
    }

    public Map<String, Double> figures() {
        return Map.of(
                BEFORE, (double) before, PEAK, (double) peak, SHARED_OUT, (double) server.pssKib());
    }

    @Override
    public void close() {
        ended = true;
    }
}
