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
    // Where few handlers run, few wait for one that is unexpectedly slow. It is then found a little
    // later, and the
    // CPU left alone: at some hundred requests a second, looking every 2 ms would cost as much as
    // the requests.
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    // Handlers begun between two quiet looks from which on it is no longer quiet: 1,000 a second.
    private static final long BUSY_HANDLERS = 10;
    // After a second without any handler: a process that nobody asks should cost next to nothing.
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int QUIET_LOOKS = 100;
    private static final long TIMEOUTS_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final FastCgiServer server;
    private final List<Loop> loops;
    private final long[] phases;
    private long idleLooks; // in a row
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
        long pause = QUIET_NANOS;
        long nextTimeouts = System.nanoTime();
        while (!stopped) {
            LockSupport.parkNanos(this, pause);
            pause = lookAtLoops(BUSY_HANDLERS * pause / QUIET_NANOS);
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

    /// Takes loops from handlers that hold them for too long. How long to wait until the next look: not long while a
    /// handler runs, or where a loop has run this many since the last look.
    private long lookAtLoops(long many) {
        boolean soon = false;
        boolean idle = true;
        for (int i = 0; i < phases.length; i++) {
            Loop loop = loops.get(i);
            long phase = loop.phase();
            boolean runsHandler = (phase & 1) == 1;
            if (phase == phases[i] && runsHandler) {
                loop.handOver(phase);
            }
            // Two phases for each handler.
            soon |= runsHandler || (phase - phases[i]) / 2 >= many;
            idle &= phase == phases[i] && !runsHandler;
            phases[i] = phase;
        }
        idleLooks = idle ? idleLooks + 1 : 0;
        return soon ? BUSY_NANOS : idleLooks < QUIET_LOOKS ? QUIET_NANOS : IDLE_NANOS;
    }

    void end() {
        stopped = true;
        LockSupport.unpark(this);
    }
}
