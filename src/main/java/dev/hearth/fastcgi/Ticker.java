package dev.hearth.fastcgi;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Looks after what no other thread has the time for: loops held up by a slow handler, timeouts, listeners that
/// paused.
final class Ticker extends Thread {
    private static final System.Logger log = EngineLog.get();
    private static final long TIMEOUTS_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final FastCgiServer server;
    private final List<Loop> loops;
    private final long[] phases;
    private final LookPace pace = new LookPace();
    private volatile boolean stopped;

    Ticker(FastCgiServer server, List<Loop> loops) {
        super("fastcgi-ticker");
        this.server = server;
        this.loops = loops;
        this.phases = new long[loops.size()];
        setDaemon(true);
    }

    @Override
    public void run() {
        long pause = pace.next(0, false);
        long nextTimeouts = System.nanoTime();
        while (!stopped) {
            LockSupport.parkNanos(this, pause);
            pause = lookAtLoops();
            long now = System.nanoTime();
            if (now - nextTimeouts >= 0) {
                nextTimeouts = now + TIMEOUTS_EVERY_NANOS;
                expire(now);
            }
        }
    }

    private void expire(long now) {
        try {
            server.expire(now);
        } catch (Throwable failed) { // without this thread nothing would ever time out again
            log.log(Level.ERROR, "the look at timeouts failed", failed);
        }
    }

    /// Takes loops from handlers that hold them for too long: that are still running at the second look. How long to
    /// wait until the next one.
    private long lookAtLoops() {
        boolean running = false;
        long begun = 0; // by the busiest loop
        for (int i = 0; i < phases.length; i++) {
            Loop loop = loops.get(i);
            long phase = loop.phase();
            boolean runsHandler = (phase & 1) == 1;
            if (phase == phases[i] && runsHandler) {
                loop.handOver(phase);
            }
            running |= runsHandler;
            // Two phases for each handler.
            begun = Math.max(begun, (phase - phases[i] + 1) / 2);
            phases[i] = phase;
        }
        return pace.next(begun, running);
    }

    void end() {
        stopped = true;
        LockSupport.unpark(this);
    }
}
