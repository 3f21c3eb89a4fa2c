package dev.hearth.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/// Lets one line of a kind into the log per while, so that whoever floods a route does not flood the disk.
/// Safe for many threads.
final class RareLog {
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private record Last(Instant at, long leftOut) {}

    private final ConcurrentHashMap<String, Last> lines = new ConcurrentHashMap<>();

    /// Whether to write a line of this kind now: if so, how many were left out since the last.
    OptionalLong permit(String kind, Instant now) {
        Last before = lines.get(kind);
        if (before == null || !now.isBefore(before.at.plus(PAUSE))) {
            Last replaced = lines.put(kind, new Last(now, 0));
            return OptionalLong.of(replaced == null ? 0 : replaced.leftOut);
        }
        lines.computeIfPresent(kind, (_, last) -> new Last(last.at, last.leftOut + 1));
        return OptionalLong.empty();
    }
}
