package dev.hearth.metrics;

import dev.hearth.metrics.Vitals.Reading;
import dev.hearth.storage.PoolFigures;
import dev.hearth.webhook.Counters;
import dev.hearth.webhook.Counters.Counter;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Everything that is known, as the text that Prometheus reads.
///
/// Made when it is first asked for: the library costs some 40 ms that no start should pay. It measures the JVM itself;
/// our own counters it reads only when a scrape comes.
final class Prometheus implements AutoCloseable {
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics pauses = new JvmGcMetrics();

    Prometheus(Vitals vitals) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        pauses.bindTo(registry);
        registry.getPrometheusRegistry()
                .register(
                        new MultiCollector() {
                            @Override
                            public MetricSnapshots collect() {
                                return snapshots(vitals);
                            }
                        });
    }

    /// The text, and nothing of it twice.
    String scrape() {
        return registry.scrape();
    }

    /// The media type of the text.
    static String mediaType() {
        return "text/plain; version=0.0.4; charset=utf-8";
    }

    private static MetricSnapshots snapshots(Vitals vitals) {
        Reading reading = vitals.read();
        List<MetricSnapshot> all = new ArrayList<>();
        requests(all, vitals.traffic().counted());
        engine(all, reading);
        inbox(all, reading);
        pools(all, reading.pools());
        stripe(all, vitals.stripeCalls());
        all.add(
                counter(
                        "gc_seconds",
                        "What collections have taken together.",
                        (double) reading.machine().gcMillis() / 1e3));
        return new MetricSnapshots(all);
    }

    private static void requests(List<MetricSnapshot> all, List<Traffic.Counted> routes) {
        CounterSnapshot.Builder requests =
                CounterSnapshot.builder()
                        .name("hearth_requests")
                        .help("Requests answered, by route and status; status 0: the client left.");
        HistogramSnapshot.Builder seconds =
                HistogramSnapshot.builder()
                        .name("hearth_request_seconds")
                        .help("Time from the request to its answer.");
        for (Traffic.Counted route : routes) {
            String name = route.route().isEmpty() ? "none" : route.route();
            route.statuses()
                    .forEach((status, count) ->
                            requests.dataPoint(
                                    CounterSnapshot.CounterDataPointSnapshot.builder()
                                            .labels(
                                                    Labels.of(
                                                            "method",
                                                            route.method(),
                                                            "route",
                                                            name,
                                                            "status",
                                                            String.valueOf(status)))
                                            .value((double) count)
                                            .build()));
            seconds.dataPoint(
                    HistogramSnapshot.HistogramDataPointSnapshot.builder()
                            .labels(Labels.of("method", route.method(), "route", name))
                            .classicHistogramBuckets(buckets(route.latency()))
                            .sum(route.latency().nanos() / 1e9)
                            .build());
        }
        all.add(requests.build());
        all.add(seconds.build());
    }

    private static ClassicHistogramBuckets buckets(Latency.Distribution latency) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        double[] bounds = Latency.boundsInSeconds();
        for (int i = 0; i < bounds.length; i++) {
            buckets.bucket(bounds[i], latency.counts()[i]);
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, latency.counts()[bounds.length]).build();
    }

    private static void engine(List<MetricSnapshot> all, Reading reading) {
        reading.engine()
                .ifPresent(engine -> {
                    all.add(
                            gauge(
                                    "fastcgi_connections",
                                    "Open connections.",
                                    engine.connections()));
                    all.add(gauge("fastcgi_running", "Requests in handlers.", engine.running()));
                    all.add(gauge("fastcgi_waiting", "Requests that wait.", engine.waiting()));
                    all.add(gauge("fastcgi_threads", "Threads, idle included.", engine.threads()));
                    all.add(counter("fastcgi_accepted", "Connections.", engine.accepted()));
                    all.add(counter("fastcgi_requests", "Requests begun.", engine.requests()));
                    all.add(counter("fastcgi_aborted", "Requests given up.", engine.aborted()));
                    all.add(counter("fastcgi_failed", "Handlers that threw.", engine.failed()));
                    all.add(counter("fastcgi_refused", "Requests refused.", engine.refused()));
                    all.add(
                            counter(
                                    "fastcgi_overloaded",
                                    "Requests refused for too many.",
                                    engine.overloaded()));
                    all.add(
                            counter(
                                    "fastcgi_protocol_errors",
                                    "Connections closed for what they sent.",
                                    engine.protocolErrors()));
                });
    }

    private static void inbox(List<MetricSnapshot> all, Reading reading) {
        for (Counter counter : Counter.values()) {
            all.add(
                    counter(
                            "inbox_" + counter.name().toLowerCase(Locale.ROOT),
                            "Events, or for committed transactions, since the start.",
                            reading.inbox(counter)));
        }
        all.add(
                gauge(
                        "database_up",
                        "1 where the database answers.",
                        reading.backlog().isPresent() ? 1 : 0));
        all.add(commits(reading));
        reading.backlog()
                .ifPresent(backlog -> {
                    all.add(gauge("inbox_waiting", "Events to be handled.", backlog.waiting()));
                    all.add(
                            gauge(
                                    "inbox_retrying",
                                    "Events to be tried again.",
                                    backlog.retrying()));
                    all.add(gauge("inbox_given_up", "Events given up.", backlog.dead()));
                    all.add(
                            gauge(
                                    "inbox_oldest_seconds",
                                    "How long the oldest event has waited.",
                                    backlog.oldestSeconds(reading.at())));
                    all.add(
                            gauge(
                                    "outbox_waiting",
                                    "Webhooks to deliver, also to endpoints that are configured no more.",
                                    backlog.outgoing()));
                    all.add(gauge("outbox_given_up", "Webhooks given up.", backlog.outgoingDead()));
                    all.add(
                            gauge(
                                    "stripe_calls_open",
                                    "Calls to Stripe without a known outcome.",
                                    backlog.unknownCalls()));
                });
    }

    private static MetricSnapshot commits(Reading reading) {
        List<Double> bounds = new ArrayList<>();
        Counters.commitBounds().forEach(bound -> bounds.add(bound.doubleValue()));
        bounds.add(Double.POSITIVE_INFINITY);
        long events =
                reading.inbox(Counter.STORED)
                        + reading.inbox(Counter.DUPLICATE)
                        + reading.inbox(Counter.CONFLICTING);
        return HistogramSnapshot.builder()
                .name("hearth_inbox_commit_events")
                .help("Events in a commit.")
                .dataPoint(
                        HistogramSnapshot.HistogramDataPointSnapshot.builder()
                                .classicHistogramBuckets(
                                        ClassicHistogramBuckets.of(bounds, reading.commits()))
                                .sum((double) events)
                                .build())
                .build();
    }

    private static void stripe(List<MetricSnapshot> all, Map<String, Long> outcomes) {
        CounterSnapshot.Builder calls =
                CounterSnapshot.builder()
                        .name("hearth_stripe_calls")
                        .help("Calls to Stripe, by how they ended.");
        outcomes.forEach((outcome, count) ->
                calls.dataPoint(
                        CounterSnapshot.CounterDataPointSnapshot.builder()
                                .labels(Labels.of("outcome", outcome))
                                .value((double) count)
                                .build()));
        all.add(calls.build());
    }

    private static void pools(List<MetricSnapshot> all, List<PoolFigures> pools) {
        all.add(pool("pool_active", "Connections in use.", pools, PoolFigures::active));
        all.add(pool("pool_idle", "Connections free.", pools, PoolFigures::idle));
        all.add(pool("pool_waiting", "Threads that wait.", pools, PoolFigures::waiting));
        all.add(pool("pool_most", "Connections there may be.", pools, PoolFigures::most));
    }

    private static MetricSnapshot pool(
            String name, String help, List<PoolFigures> pools, ToDoubleFunction<PoolFigures> of) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name("hearth_" + name).help(help);
        for (PoolFigures pool : pools) {
            gauge.dataPoint(
                    GaugeSnapshot.GaugeDataPointSnapshot.builder()
                            .labels(Labels.of("pool", pool.name()))
                            .value(of.applyAsDouble(pool))
                            .build());
        }
        return gauge.build();
    }

    private static MetricSnapshot gauge(String name, String help, long value) {
        return gauge(name, help, (double) value);
    }

    private static MetricSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name("hearth_" + name)
                .help(help)
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }

    private static MetricSnapshot counter(String name, String help, long value) {
        return counter(name, help, (double) value);
    }

    private static MetricSnapshot counter(String name, String help, double value) {
        return CounterSnapshot.builder()
                .name("hearth_" + name)
                .help(help)
                .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder().value(value).build())
                .build();
    }

    @Override
    public void close() {
        pauses.close();
        registry.close();
    }
}
