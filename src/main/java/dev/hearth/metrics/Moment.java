package dev.hearth.metrics;

import dev.hearth.metrics.Vitals.Reading;
import dev.hearth.storage.PoolFigures;
import dev.hearth.webhook.Counters.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// How things went between two readings: what people look at. Rates are per second, latencies milliseconds.
///
/// @param databaseUp whether the database answered; where not, the figures of the inbox are 0
/// @param cpu how much of one processor was used, 1 for all of it
/// @param batch how many events shared a commit, on average
/// @param batches how many commits held how many events: see [dev.hearth.webhook.Counters#commitBounds]
/// @param gcMillis how long collections took in this time
/// @param oldestSeconds how long the oldest event has waited
public record Moment(
        Instant at,
        double requests,
        double refusals,
        double errors,
        double p50,
        double p95,
        double p99,
        boolean databaseUp,
        long waiting,
        long retrying,
        long dead,
        double oldestSeconds,
        double stored,
        double handled,
        double failed,
        double batch,
        List<Long> batches,
        long outgoing,
        long unknownCalls,
        Optional<Engine> engine,
        List<PoolFigures> pools,
        long heapUsed,
        long heapMost,
        double cpu,
        long gcCount,
        long gcMillis,
        int threads,
        long upSeconds) {

    public Moment {
        batches = List.copyOf(batches);
        pools = List.copyOf(pools);
    }

    /// The difference of two readings, the earlier first.
    static Moment between(Reading before, Reading now) {
        double seconds = Math.max(0.001, Duration.between(before.at(), now.at()).toMillis() / 1e3);
        Latency.Distribution latency = now.latency().since(before.latency());
        Optional<Backlog> backlog = now.backlog();
        long commits = count(before, now, Counter.COMMITTED);
        long stored = count(before, now, Counter.STORED);
        long written = stored + count(before, now, Counter.DUPLICATE);
        return new Moment(
                now.at(),
                (now.requests() - before.requests()) / seconds,
                (now.refusals() - before.refusals()) / seconds,
                (now.errors() - before.errors()) / seconds,
                latency.millisOf(0.5),
                latency.millisOf(0.95),
                latency.millisOf(0.99),
                backlog.isPresent(),
                backlog.map(Backlog::waiting).orElse(0L),
                backlog.map(Backlog::retrying).orElse(0L),
                backlog.map(Backlog::dead).orElse(0L),
                backlog.map(known -> known.oldestSeconds(now.at())).orElse(0.0),
                stored / seconds,
                count(before, now, Counter.HANDLED) / seconds,
                count(before, now, Counter.FAILED) / seconds,
                commits == 0 ? 0 : (double) written / (double) commits,
                difference(before.commits(), now.commits()),
                backlog.map(Backlog::outgoing).orElse(0L),
                backlog.map(Backlog::unknownCalls).orElse(0L),
                now.engine(),
                now.pools(),
                now.machine().heapUsed(),
                now.machine().heapMost(),
                (now.machine().cpuMillis() - before.machine().cpuMillis()) / 1e3 / seconds,
                now.machine().gcCount() - before.machine().gcCount(),
                now.machine().gcMillis() - before.machine().gcMillis(),
                now.machine().threads(),
                Duration.between(now.machine().started(), now.at()).toSeconds());
    }

    private static List<Long> difference(List<Long> before, List<Long> now) {
        return IntStream.range(0, now.size()).mapToObj(i -> now.get(i) - before.get(i)).toList();
    }

    /// Everything since the process started.
    static Moment sinceStart(Reading now) {
        Vitals.Machine machine = now.machine();
        Reading nothing =
                new Reading(
                        machine.started(),
                        0,
                        0,
                        0,
                        Latency.Distribution.none(),
                        now.engine(),
                        now.backlog(),
                        Map.of(),
                        now.commits().stream().map(_ -> 0L).toList(),
                        now.pools(),
                        new Vitals.Machine(0, 0, 0, 0, 0, 0, machine.started()));
        return between(nothing, now);
    }

    private static long count(Reading before, Reading now, Counter counter) {
        return now.inbox(counter) - before.inbox(counter);
    }
}
