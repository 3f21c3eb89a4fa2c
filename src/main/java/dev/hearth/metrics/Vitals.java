package dev.hearth.metrics;

import dev.hearth.storage.Database;
import dev.hearth.storage.PoolFigures;
import dev.hearth.webhook.Counters;
import dev.hearth.webhook.Counters.Counter;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads everything that there is to know about the running process, when it is asked.
///
/// The engine comes from the program that wires all this: the engine itself knows nothing of measuring.
public final class Vitals {
    /// Counting what waits takes longer the more there is. It is not done again before so many times as long has
    /// passed: watching a large backlog must not be what keeps it from being worked off.
    private static final int PAUSE_PER_COUNT = 50;

    private final Traffic traffic;
    private final Database database;
    private final Counters inbox;
    private final InstantSource clock;
    private final Object backlogLock = new Object();
    private Optional<Backlog> backlog = Optional.empty(); // guarded by backlogLock
    private long backlogDue = System.nanoTime(); // guarded by backlogLock
    private volatile Supplier<Optional<Engine>> engine = Optional::empty;
    private volatile Supplier<Map<String, Long>> stripeCalls = Map::of;

    public Vitals(Traffic traffic, Database database, Counters inbox, InstantSource clock) {
        this.traffic = traffic;
        this.database = database;
        this.inbox = inbox;
        this.clock = clock;
    }

    /// Names where the engine's figures come from, once there is an engine.
    public void watch(Supplier<Engine> running) {
        engine = () -> Optional.of(running.get());
    }

    /// Names where the counts of calls to Stripe come from, by outcome.
    public void watchStripe(Supplier<Map<String, Long>> counts) {
        stripeCalls = counts;
    }

    /// How many calls to Stripe ended how; nothing where there are no payments.
    Map<String, Long> stripeCalls() {
        return stripeCalls.get();
    }

    /// What the requests were, for those who show them by route.
    public Traffic traffic() {
        return traffic;
    }

    /// All figures at one moment. The counts go on from the start of the process.
    ///
    /// @param backlog nothing where the database did not answer
    /// @param commits how many commits of the inbox held how many events: see [Counters#commitBounds]
    public record Reading(
            Instant at,
            long requests,
            long refusals,
            long errors,
            Latency.Distribution latency,
            Optional<Engine> engine,
            Optional<Backlog> backlog,
            Map<Counter, Long> inbox,
            List<Long> commits,
            List<PoolFigures> pools,
            Machine machine) {
        public Reading {
            inbox = Map.copyOf(inbox);
            commits = List.copyOf(commits);
            pools = List.copyOf(pools);
        }

        /// How many events were counted so, up to now.
        public long inbox(Counter counter) {
            return inbox.getOrDefault(counter, 0L);
        }
    }

    /// The process and its machine. Sizes are bytes, times are milliseconds.
    ///
    /// @param gcMillis what collections have taken together
    /// @param cpuMillis processor time that the process has used
    public record Machine(
            long heapUsed,
            long heapMost,
            long gcCount,
            long gcMillis,
            long cpuMillis,
            int threads,
            Instant started) {}

    /// Reads all figures now.
    public Reading read() {
        long requests = 0;
        long refusals = 0;
        long errors = 0;
        Latency.Distribution latency = Latency.Distribution.none();
        for (Traffic.Counted route : traffic.counted()) {
            requests += route.requests();
            refusals += route.refusals();
            errors += route.errors();
            latency = latency.plus(route.latency());
        }
        return new Reading(
                clock.instant(),
                requests,
                refusals,
                errors,
                latency,
                engine.get(),
                backlog(),
                inboxCounts(),
                inbox.commits(),
                database.pools(),
                machine());
    }

    private Optional<Backlog> backlog() {
        long now = System.nanoTime();
        synchronized (backlogLock) {
            if (now - backlogDue >= 0) {
                backlog = counted();
                long took = System.nanoTime() - now;
                backlogDue = now + took * PAUSE_PER_COUNT;
            }
            return backlog;
        }
    }

    private Optional<Backlog> counted() {
        try {
            return Optional.of(Backlog.read(database));
        } catch (SQLException lost) {
            return Optional.empty(); // the reading says so; the health check says why
        }
    }

    private Map<Counter, Long> inboxCounts() {
        Map<Counter, Long> counts = new EnumMap<>(Counter.class);
        for (Counter counter : Counter.values()) {
            counts.put(counter, inbox.get(counter));
        }
        return counts;
    }

    private static Machine machine() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long count = 0;
        long millis = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            count += Math.max(0, collector.getCollectionCount());
            millis += Math.max(0, collector.getCollectionTime());
        }
        return new Machine(
                heap.getUsed(),
                heap.getMax(),
                count,
                millis,
                ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(used -> used.toMillis())
                        .orElse(0L),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
    }
}
