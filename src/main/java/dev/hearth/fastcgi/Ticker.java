package dev.hearth.fastcgi;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Looks after what no other thread has the time for: loops held up by a slow handler, timeouts, listeners that
/// paused.
final class Ticker extends Thread {
    private static final System.Logger log = System.getLogger(FastCgiServer.class.getName());
    // A handler that is still running at the second look has its loop taken away: after 2 to 4 ms
    // under load.
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    // With nothing to do, the first slow handler is found a little later and the CPU left alone.
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int QUIET_AFTER_LOOKS = 50;
    private static final long TIMEOUTS_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final FastCgiServer server;
    private final List<Loop> loops;
    private final long[] phases;
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
        int quietLooks = 0;
        long nextTimeouts = System.nanoTime();
        while (!stopped) {
            LockSupport.parkNanos(this, quietLooks > QUIET_AFTER_LOOKS ? QUIET_NANOS : BUSY_NANOS);
            quietLooks = lookAtLoops() ? 0 : quietLooks + 1;
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

    /// Takes loops from handlers that hold them for too long; whether any loop has done anything since the
    /// last look.
    private boolean lookAtLoops() {
        boolean busy = false;
        for (int i = 0; i < phases.length; i++) {
            long phase = loops.get(i).phase();
            if (phase != phases[i]) {
                phases[i] = phase;
                busy = true;
            } else if ((phase & 1) == 1) {
                loops.get(i).handOver(phase);
                busy = true;
            }
        }
        return busy;
    }

    void end() {
        stopped = true;
        LockSupport.unpark(this);
    }
}
