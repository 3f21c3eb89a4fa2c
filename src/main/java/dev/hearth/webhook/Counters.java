package dev.hearth.webhook;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What the inbox has counted since it was opened. Safe for many threads.
public final class Counters {

    /// What is counted.
    public enum Counter {
        /// Transactions that wrote events.
        COMMITTED,
        STORED,
        DUPLICATE,
        CONFLICTING,
        REFUSED_MISSING,
        REFUSED_MALFORMED,
        REFUSED_STALE,
        REFUSED_MISMATCH,
        UNREADABLE,
        UNAVAILABLE,
        HANDLED,
        IGNORED,
        FAILED,
        DEAD
    }

    private final Map<Counter, LongAdder> counts = new EnumMap<>(Counter.class);

    Counters() {
        for (Counter counter : Counter.values()) {
            counts.put(counter, new LongAdder());
        }
    }

    void add(Counter counter, long n) {
        of(counter).add(n);
    }

    /// How many there were.
    public long get(Counter counter) {
        return of(counter).sum();
    }

    private LongAdder of(Counter counter) {
        LongAdder count = counts.get(counter);
        if (count == null) {
            throw new IllegalStateException("every counter is made in the constructor");
        }
        return count;
    }
}
