package dev.hearth.app;

import dev.hearth.fastcgi.Statistics;
import dev.hearth.http.Middleware;
import dev.hearth.metrics.Engine;
import dev.hearth.metrics.MetricsPage;
import dev.hearth.metrics.Pulse;
import dev.hearth.metrics.Traffic;
import dev.hearth.metrics.Vitals;
import dev.hearth.storage.Database;
import dev.hearth.web.Metrics;
import dev.hearth.web.Router;
import dev.hearth.webhook.Inbox;
import java.util.function.Supplier;

/// What a serving process is watched by: its counters, the metrics page and the operator site.
final class Instruments implements AutoCloseable {
    private final Traffic traffic;
    private final Vitals vitals;
    private final Pulse pulse;
    private final MetricsPage page;

    private Instruments(Traffic traffic, Vitals vitals, Pulse pulse, MetricsPage page) {
        this.traffic = traffic;
        this.vitals = vitals;
        this.pulse = pulse;
        this.page = page;
    }

    static Instruments open(Settings settings, Database database, Inbox inbox) {
        Traffic traffic = new Traffic();
        Vitals vitals = new Vitals(traffic, database, inbox.counters(), database.clock());
        Pulse pulse = new Pulse(vitals);
        Settings.Watching watching = settings.watching();
        return new Instruments(
                traffic,
                vitals,
                pulse,
                new MetricsPage(
                        vitals,
                        pulse,
                        watching.metricsAllowed(),
                        watching.metricsToken().map(Secret::value)));
    }

    /// The layer that counts requests.
    Middleware layer() {
        return new Metrics(traffic);
    }

    void addRoutes(Router router) {
        router.get("/metrics", page);
    }

    /// Watches the engine from here on, now that there is one: nothing of this is part of the start.
    void watch(Supplier<Statistics> engine) {
        vitals.watch(() -> engineOf(engine.get()));
        pulse.start();
    }

    private static Engine engineOf(Statistics now) {
        return new Engine(
                now.connections(),
                now.running(),
                now.waiting(),
                now.threads(),
                now.accepted(),
                now.requests(),
                now.aborted(),
                now.failed(),
                now.refused(),
                now.overloaded(),
                now.protocolErrors());
    }

    /// Ends the streams of those who watch: they must not hold up the end of the process.
    void letGo() {
        pulse.close();
    }

    @Override
    public void close() {
        letGo();
        page.close();
    }
}
