package dev.hearth.fastcgi;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Tells of what clients and web servers did wrong, and of requests too many: what the engine answers itself, so that
/// neither a handler nor an access log sees it. Of each kind one line per while, so that whoever does it again and again
/// does not fill the disk. Safe for many threads.
final class FaultLog {
    private static final System.Logger log = EngineLog.get();
    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private static final class Told {
        private final long nanos;
        private long leftOut;

        private Told(long nanos) {
            this.nanos = nanos;
        }
    }

    private final Map<String, Told> told = new HashMap<>(); // guarded by this; kinds are few

    /// @param kind what lines are counted by: a constant, nothing that a peer chooses
    /// @param sentence made only where it is told
    /// @param nanos now, by the clock of [System#nanoTime]
    void tell(Level level, String kind, Supplier<String> sentence, long nanos) {
        long leftOut = 0;
        synchronized (this) {
            Told last = told.get(kind);
            if (last != null && nanos - last.nanos < PAUSE_NANOS) {
                last.leftOut++;
                return;
            }
            if (last != null) {
                leftOut = last.leftOut;
            }
            told.put(kind, new Told(nanos));
        }
        log.log(
                level,
                "{0}{1}",
                sentence.get(),
                leftOut == 0 ? "" : " (%d more since the last such line)".formatted(leftOut));
    }
}
