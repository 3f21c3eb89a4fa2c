package dev.hearth.bench.load;

import org.HdrHistogram.Histogram;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one generator thread has seen so far.
///
/// Its thread writes; the thread that opens and closes the window reads the two counters and, once the generator
/// thread has ended, everything else.
final class Tally {

    private static final int KINDS_KEPT = 10;

    final Histogram latency = new Histogram(3);
    final Histogram lag = new Histogram(3);
    private final Map<String, Integer> errors =
            new LinkedHashMap<>(); // owned by the generator's thread
    private volatile long requests;
    private volatile long failures;

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer
    void answered() {
        requests++;
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer
    void failed(Exception reason) {
        failures++;
        String text = reason.toString();
        if (errors.containsKey(text) || errors.size() < KINDS_KEPT) {
            errors.merge(text, 1, Integer::sum);
        }
    }

    long requests() {
        return requests;
    }

    long failures() {
        return failures;
    }

    List<String> errors() {
        return errors.entrySet().stream().map(e -> e.getValue() + " × " + e.getKey()).toList();
    }
}
