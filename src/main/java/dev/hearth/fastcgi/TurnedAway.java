package dev.hearth.fastcgi;

import java.lang.System.Logger.Level;
import java.time.Duration;

/// Tells of peers that may not connect: one line per while, so that whoever tries again and again does not fill the
/// disk. For one thread.
final class TurnedAway {
    private static final System.Logger log = EngineLog.get();
    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private boolean told;
    private long toldNanos;
    private long leftOut;

    /// @param nanos now, by the clock of [System#nanoTime]
    void tell(String peer, long nanos) {
        if (told && nanos - toldNanos < PAUSE_NANOS) {
            leftOut++;
            return;
        }
        log.log(
                Level.WARNING,
                "turned away {0}: it is none of those that may connect{1}",
                peer,
                leftOut == 0 ? "" : " (%d more since the last such line)".formatted(leftOut));
        told = true;
        toldNanos = nanos;
        leftOut = 0;
    }
}
