package dev.hearth.app;

import dev.hearth.fastcgi.Statistics;
import dev.hearth.http.Middleware;
import dev.hearth.jobs.JobRecords;
import dev.hearth.metrics.Engine;
import dev.hearth.metrics.MetricsPage;
import dev.hearth.metrics.Pulse;
import dev.hearth.metrics.Readiness;
import dev.hearth.metrics.RouteTraffic;
import dev.hearth.metrics.Traffic;
import dev.hearth.metrics.Vitals;
import dev.hearth.operator.Audit;
import dev.hearth.operator.OperatorSite;
import dev.hearth.operator.Subject;
import dev.hearth.payment.Payments;
import dev.hearth.storage.Database;
import dev.hearth.web.Metrics;
import dev.hearth.web.Route;
import dev.hearth.web.Router;
import dev.hearth.webhook.Inbox;
import dev.hearth.webhook.Outbox;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a serving process is watched by: its counters, the metrics page and the operator site.
final class Instruments implements AutoCloseable {
    private final Traffic traffic;
    private final Vitals vitals;
    private final Pulse pulse;
    private final MetricsPage page;
    private final OperatorSite site;
    private final LogLevelRoute logLevel;
    private final RouteListRoute routeList;
    private final Configuration configuration;
    private final String prefix;

    private Instruments(
            Traffic traffic,
            Vitals vitals,
            Pulse pulse,
            MetricsPage page,
            OperatorSite site,
            LogLevelRoute logLevel,
            RouteListRoute routeList,
            Configuration configuration,
            String prefix) {
        this.traffic = traffic;
        this.vitals = vitals;
        this.pulse = pulse;
        this.page = page;
        this.site = site;
        this.logLevel = logLevel;
        this.routeList = routeList;
        this.configuration = configuration;
        this.prefix = prefix;
    }

    /// What there is to watch. `routes` is asked for when a page shows them.
    record Parts(
            Database database,
            Inbox inbox,
            Outbox outbox,
            Optional<Payments> payments,
            JobRecords jobs,
            Readiness readiness,
            Supplier<List<Route>> routes) {}

    static Instruments open(Settings settings, Parts parts) throws StartException {
        Traffic traffic = new Traffic();
        Vitals vitals =
                new Vitals(traffic, parts.database, parts.inbox.counters(), parts.database.clock());
        parts.payments.ifPresent(open -> vitals.watchStripe(open::callCounts));
        Pulse pulse = new Pulse(vitals);
        Settings.Watching watching = settings.watching();
        MetricsPage page =
                new MetricsPage(
                        vitals,
                        pulse,
                        watching.metricsAllowed(),
                        watching.metricsToken().map(Secret::value));
        Subject.LogLevel level = new Log.Current();
        Configuration configuration = new Configuration(settings);
        Subject subject =
                new Subject(
                        parts.database,
                        parts.inbox,
                        parts.outbox,
                        parts.payments,
                        parts.jobs,
                        vitals,
                        pulse,
                        parts.readiness,
                        parts.routes,
                        configuration::shown,
                        level);
        String prefix = settings.operatorSite().prefix();
        OperatorSite site =
                new OperatorSite(subject, prefix, settings.operatorSite().trustsRemoteUser());
        ControlKey key = ControlKey.ofServer(settings);
        LogLevelRoute logLevel =
                new LogLevelRoute(key, level, new Audit(parts.database, parts.database.clock()));
        RouteListRoute routeList =
                new RouteListRoute(
                        key, () -> RouteTraffic.of(parts.routes.get(), traffic.counted()));
        return new Instruments(
                traffic, vitals, pulse, page, site, logLevel, routeList, configuration, prefix);
    }

    /// The settings of the start, and those that were read again since.
    private static final class Configuration {
        private final Settings started;
        private volatile Site.@Nullable Reloaded fresh;

        Configuration(Settings started) {
            this.started = started;
        }

        List<Subject.ConfigurationLine> shown() {
            Site.Reloaded now = fresh;
            return now == null
                    ? ShownSettings.of(started)
                    : ShownSettings.of(started, now.settings(), now.waits());
        }
    }

    /// Shows what holds since the configuration was read again.
    void reload(Site.Reloaded fresh) {
        configuration.fresh = fresh;
    }

    /// The layer that counts requests.
    Middleware layer() {
        return new Metrics(traffic);
    }

    void addRoutes(Router router) {
        router.get("/metrics", page)
                .get(LogLevelRoute.PATH, logLevel::show)
                .post(LogLevelRoute.PATH, logLevel::change)
                .get(RouteListRoute.PATH, routeList)
                .mount(prefix, site.routes());
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
