package dev.hearth.fastcgi;

import java.util.concurrent.TimeUnit;

/// How often to look for a handler that is slow by surprise, and holds up whoever waits for its thread: often where
/// many would wait, seldom where few would. For [FastCgiServer], and for who serves HTTP in the same way.
///
/// A look wakes a thread, which costs as much as several short requests; so it is spread over some of them. Used by
/// one thread.
public final class LookPace {
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final int HANDLERS_PER_LOOK = 32;
    // After a second without any handler: a process that nobody asks should cost next to nothing.
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private long pause = LONGEST_NANOS;
    private long quiet; // nanoseconds without any handler

    /// How long to wait until the next look, in nanoseconds.
    ///
    /// @param begun how many handlers have begun since the last look
    /// @param running whether one runs now, so that the next look must tell whether it still does
    public long next(long begun, boolean running) {
        quiet = begun > 0 || running ? 0 : quiet + pause;
        if (running) {
            pause = SHORTEST_NANOS;
        } else if (begun > 0) {
            pause = Math.clamp(pause * HANDLERS_PER_LOOK / begun, SHORTEST_NANOS, LONGEST_NANOS);
        } else {
            pause = quiet < QUIET_NANOS ? LONGEST_NANOS : IDLE_NANOS;
        }
        return pause;
    }
}
