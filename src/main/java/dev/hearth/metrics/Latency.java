package dev.hearth.metrics;

import java.util.concurrent.atomic.LongAdder;

/// How long requests took, as counts in fixed ranges: adding one costs a few nanoseconds and never a lock. Safe for
/// many threads.
public final class Latency {
    /// The upper ends of the ranges, in nanoseconds; beyond the last is one more range.
    private static final long[] BOUNDS = {
        100_000L,
        250_000L,
        500_000L,
        1_000_000L,
        2_500_000L,
        5_000_000L,
        10_000_000L,
        25_000_000L,
        50_000_000L,
        100_000_000L,
        250_000_000L,
        500_000_000L,
        1_000_000_000L,
        2_500_000_000L,
        5_000_000_000L,
        10_000_000_000L,
    };

    private final LongAdder[] ranges = new LongAdder[BOUNDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    Latency() {
        for (int i = 0; i < ranges.length; i++) {
            ranges[i] = new LongAdder();
        }
    }

    void add(long took) {
        int range = 0;
        while (range < BOUNDS.length && took > BOUNDS[range]) {
            range++;
        }
        ranges[range].increment();
        nanos.add(took);
    }

    /// What was counted up to now.
    Distribution counted() {
        long[] counts = new long[ranges.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = ranges[i].sum();
        }
        return new Distribution(counts, nanos.sum());
    }

    /// The upper ends of the ranges, in seconds.
    static double[] boundsInSeconds() {
        double[] seconds = new double[BOUNDS.length];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = BOUNDS[i] / 1e9;
        }
        return seconds;
    }

    /// Counts by range, and the sum of all times.
    @SuppressWarnings(
            "ArrayRecordComponent") // handed from one method to the next, compared by nobody
    public record Distribution(long[] counts, long nanos) {

        static Distribution none() {
            return new Distribution(new long[BOUNDS.length + 1], 0);
        }

        Distribution plus(Distribution other) {
            return combine(other, 1);
        }

        /// What came since `earlier`.
        public Distribution since(Distribution earlier) {
            return combine(earlier, -1);
        }

        private Distribution combine(Distribution other, int sign) {
            long[] combined = counts.clone();
            for (int i = 0; i < combined.length; i++) {
                combined[i] += sign * other.counts[i];
            }
            return new Distribution(combined, nanos + sign * other.nanos);
        }

        /// How many requests there were.
        public long total() {
            long total = 0;
            for (long count : counts) {
                total += count;
            }
            return total;
        }

        /// The time, in milliseconds, within which this part (0 to 1) of the requests was answered, as exactly as
        /// the ranges tell: between two bounds it is taken to be even. 0 where there were none.
        public double millisOf(double part) {
            double rank = part * total();
            long below = 0;
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] > 0 && below + counts[i] >= rank) {
                    long low = i == 0 ? 0 : BOUNDS[i - 1];
                    long high = i == BOUNDS.length ? low : BOUNDS[i];
                    return (low + (high - low) * (rank - below) / counts[i]) / 1e6;
                }
                below += counts[i];
            }
            return 0;
        }
    }
}
