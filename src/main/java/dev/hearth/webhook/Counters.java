package dev.hearth.webhook;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
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

    /// The largest number of events in a commit of each range; beyond the last is one more range.
    private static final int[] COMMIT_BOUNDS = {1, 2, 4, 8, 16, 32, 64, 128};

    private final Map<Counter, LongAdder> counts = new EnumMap<>(Counter.class);
    private final LongAdder[] commits = new LongAdder[COMMIT_BOUNDS.length + 1];

    Counters() {
        for (Counter counter : Counter.values()) {
            counts.put(counter, new LongAdder());
        }
        for (int i = 0; i < commits.length; i++) {
            commits[i] = new LongAdder();
        }
    }

    /// Counts a transaction that wrote so many events.
    void committed(int events) {
        add(Counter.COMMITTED, 1);
        int range = 0;
        while (range < COMMIT_BOUNDS.length && events > COMMIT_BOUNDS[range]) {
            range++;
        }
        commits[range].increment();
    }

    /// How many commits wrote how many events, by the ranges of [#commitBounds], and one more for those beyond.
    public List<Long> commits() {
        return Arrays.stream(commits).map(LongAdder::sum).toList();
    }

    /// The largest number of events of each range but the last: 1, 2, 4, 8 and so on.
    public static List<Integer> commitBounds() {
        return Arrays.stream(COMMIT_BOUNDS).boxed().toList();
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
