package dev.hearth.metrics;

import dev.hearth.web.Metrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Counts requests by route, method and status, and how long they took. Safe for many threads.
///
/// The routes are those of the router and the methods are named, so the number of counters has an end whatever is
/// asked for.
public final class Traffic implements Metrics.Recorder {
    private static final int STATUSES = 600;

    private final ConcurrentHashMap<String, Methods> routes = new ConcurrentHashMap<>();

    /// What one route has counted for one method. `statuses` holds the ones that occurred; 0 stands for requests
    /// whose client went away.
    public record Counted(
            String method,
            String route,
            Map<Integer, Long> statuses,
            Latency.Distribution latency) {
        public Counted {
            statuses = Map.copyOf(statuses);
        }

        /// How many requests there were.
        public long requests() {
            return sum(0, STATUSES);
        }

        /// How many of them failed here: 500 to 599.
        public long errors() {
            return sum(500, STATUSES);
        }

        /// How many of them were refused: 400 to 499.
        public long refusals() {
            return sum(400, 500);
        }

        private long sum(int from, int below) {
            return statuses.entrySet().stream()
                    .filter(each -> each.getKey() >= from && each.getKey() < below)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
    }

    @Override
    public void record(String method, String route, int status, long nanos) {
        Methods methods = routes.get(route); // first, since it takes no lock
        if (methods == null) {
            methods = routes.computeIfAbsent(route, _ -> new Methods());
        }
        methods.of(method).add(status, nanos);
    }

    /// What was counted up to now, by route and method.
    public List<Counted> counted() {
        List<Counted> all = new ArrayList<>();
        routes.forEach((route, methods) -> {
            for (int i = 0; i < Methods.NAMES.size(); i++) {
                Counters counters = methods.slots.get(i);
                if (counters != null) {
                    all.add(counters.counted(Methods.NAMES.get(i), route));
                }
            }
        });
        all.sort(Comparator.comparing(Counted::route).thenComparing(Counted::method));
        return all;
    }

    private static final class Methods {
        static final List<String> NAMES =
                List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other");

        final AtomicReferenceArray<@Nullable Counters> slots =
                new AtomicReferenceArray<>(NAMES.size());

        Counters of(String method) {
            int slot =
                    switch (method) {
                        case "GET" -> 0;
                        case "HEAD" -> 1;
                        case "POST" -> 2;
                        case "PUT" -> 3;
                        case "PATCH" -> 4;
                        case "DELETE" -> 5;
                        case "OPTIONS" -> 6;
                        default -> 7;
                    };
            Counters counters = slots.get(slot);
            if (counters == null) {
                Counters fresh = new Counters();
                Counters other = slots.compareAndExchange(slot, null, fresh);
                counters = other == null ? fresh : other;
            }
            return counters;
        }
    }

    private static final class Counters {
        final Latency latency = new Latency();
        final AtomicReferenceArray<@Nullable LongAdder> statuses =
                new AtomicReferenceArray<>(STATUSES);

        void add(int status, long nanos) {
            LongAdder count = statuses.get(status);
            if (count == null) {
                LongAdder fresh = new LongAdder();
                LongAdder other = statuses.compareAndExchange(status, null, fresh);
                count = other == null ? fresh : other;
            }
            count.increment();
            latency.add(nanos);
        }

        Counted counted(String method, String route) {
            Map<Integer, Long> present = new TreeMap<>();
            for (int status = 0; status < STATUSES; status++) {
                LongAdder count = statuses.get(status);
                if (count != null) {
                    present.put(status, count.sum());
                }
            }
            return new Counted(method, route, present, latency.counted());
        }
    }
}
