package dev.hearth.fastcgi;

import java.util.concurrent.atomic.LongAdder;

/// What a server has counted since it started.
final class Counters {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder turnedAway = new LongAdder();
    private final LongAdder begun = new LongAdder();
    private final LongAdder aborted = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder overloaded = new LongAdder();
    private final LongAdder protocolErrors = new LongAdder();

    void accepted() {
        accepted.increment();
    }

    void turnedAway() {
        turnedAway.increment();
    }

    void begun() {
        begun.increment();
    }

    void aborted() {
        aborted.increment();
    }

    void failed() {
        failed.increment();
    }

    void refused(Refusal refusal) {
        refused.increment();
        if (refusal == Refusal.OVERLOADED) {
            overloaded.increment();
        }
    }

    void protocolError() {
        protocolErrors.increment();
    }

    Statistics snapshot(int connections, int running, int waiting, int threads) {
        return new Statistics(
                connections,
                running,
                waiting,
                threads,
                accepted.sum(),
                turnedAway.sum(),
                begun.sum(),
                aborted.sum(),
                failed.sum(),
                refused.sum(),
                overloaded.sum(),
                protocolErrors.sum());
    }
}
