package dev.hearth.app;

import dev.hearth.fastcgi.Statistics;
import dev.hearth.http.Handler;
import dev.hearth.jobs.Jobs;
import dev.hearth.metrics.Readiness;
import dev.hearth.payment.Payments;
import dev.hearth.storage.Database;
import dev.hearth.trace.Tracing;
import dev.hearth.web.AccessLog;
import dev.hearth.web.ChangingAccessLog;
import dev.hearth.web.FlightRecords;
import dev.hearth.web.Router;
import dev.hearth.web.StandardLayers;
import dev.hearth.webhook.Endpoint;
import dev.hearth.webhook.Inbox;
import dev.hearth.webhook.Outbox;
import dev.hearth.webhook.Source;
import dev.hearth.webhook.WorkerSettings;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is served: an application's routes and Hearth's own, and the work behind them. Stands between the
/// database, which outlives it, and the gateways, which ask it.
final class Site implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Site.class);

    private final Parts parts;
    private final Handler handler;
    private final Optional<Instruments> instruments;
    private final Closing opened;
    private final Closing work = new Closing();

    /// What stands behind the routes.
    private record Parts(
            Application application,
            List<Source> sources,
            Optional<Payments> payments,
            Inbox inbox,
            int eventThreads,
            Readiness readiness,
            Outbox outbox,
            Retention retention,
            ChangingAccessLog accessLog) {}

    private Site(Parts parts, Handler handler, Optional<Instruments> instruments, Closing opened) {
        this.parts = parts;
        this.handler = handler;
        this.instruments = instruments;
        this.opened = opened;
    }

    /// Makes the application and everything that answers requests. Nothing runs by itself yet.
    static Site open(Settings settings, Database database, Consumer<Application> setUp)
            throws StartException {
        return open(settings, database, setUp, false);
    }

    /// The same for a process that lasts, with everything by which people and programs watch it.
    static Site openWatched(Settings settings, Database database, Consumer<Application> setUp)
            throws StartException {
        return open(settings, database, setUp, true);
    }

    private static Site open(
            Settings settings, Database database, Consumer<Application> setUp, boolean watched)
            throws StartException {
        Closing opened = new Closing();
        try {
            Optional<Tracing> tracing = watched ? tracing(settings) : Optional.empty();
            tracing.ifPresent(opened::add);
            Parts parts = parts(settings, database, setUp, tracing, opened);
            if (watched) { // a program of one request would say it each time
                parts.application.warnOfUnknown(parts.sources);
            }
            Router router = new Router();
            Optional<Instruments> instruments =
                    watched
                            ? Optional.of(
                                    opened.add(instruments(settings, database, parts, router)))
                            : Optional.empty();
            addLayers(router, database, parts.accessLog, tracing, instruments);
            addRoutes(router, parts, instruments);
            return new Site(parts, router.build(), instruments, opened);
        } catch (Throwable failed) {
            opened.close();
            throw failed;
        }
    }

    private static Parts parts(
            Settings settings,
            Database database,
            Consumer<Application> setUp,
            Optional<Tracing> tracing,
            Closing opened)
            throws StartException {
        Outbox outbox = Outbox.open(database, Outgoing.of(settings), database.clock());
        Application application = new Application(database, outbox);
        opened.add(application.jobs());
        tracing.ifPresent(
                tracer -> trace(tracer, application, outbox)); // before anything is put off
        setUp.accept(application);
        List<Source> sources = Sources.of(settings, true);
        Optional<Payments> payments = Till.open(settings, application, database);
        application.handleTheRest(sources);
        Inbox inbox =
                opened.add(Inbox.open(database, sources, application.events(), database.clock()));
        tracing.ifPresent(tracer -> trace(tracer, application, inbox, payments));
        Readiness readiness =
                new Readiness(
                        database,
                        sources,
                        payments,
                        settings.watching().oldestEvent(),
                        database.clock());
        Retention retention =
                new Retention(
                        inbox.records(), outbox.records(), settings.retention(), database.clock());
        ChangingAccessLog accessLog = new ChangingAccessLog(accessLog(settings.log()));
        return new Parts(
                application,
                sources,
                payments,
                inbox,
                settings.eventThreads(),
                readiness,
                outbox,
                retention,
                accessLog);
    }

    private static Instruments instruments(
            Settings settings, Database database, Parts parts, Router router)
            throws StartException {
        return Instruments.open(
                settings,
                new Instruments.Parts(
                        database,
                        parts.inbox,
                        parts.outbox,
                        parts.payments,
                        parts.application.jobs().records(),
                        parts.readiness,
                        router::routes));
    }

    private static Optional<Tracing> tracing(Settings settings) {
        return settings.tracing()
                .map(configured ->
                        Tracing.start(
                                configured,
                                String.valueOf(URI.create(settings.stripe().apiBase()).getHost())));
    }

    private static void trace(Tracing tracing, Application application, Outbox outbox) {
        application.jobs().around(tracing.jobs());
        outbox.watch(tracing.deliveries());
    }

    private static void trace(
            Tracing tracing, Application application, Inbox inbox, Optional<Payments> payments) {
        application.events().around(tracing.handlers(inbox.records()));
        payments.ifPresent(open -> open.watchCalls(tracing.calls()));
    }

    /// Around every route, of the application and our own; the first meets a request first.
    private static void addLayers(
            Router router,
            Database database,
            ChangingAccessLog accessLog,
            Optional<Tracing> tracing,
            Optional<Instruments> instruments) {
        if (instruments.isPresent()) {
            router.with(new FlightRecords());
        }
        tracing.ifPresent(tracer -> router.with(tracer.requests()));
        instruments.ifPresent(watch -> router.with(watch.layer())); // sees all other layers
        router.with(StandardLayers.with(accessLog));
        router.with(new DatabaseAway(database.dialect()));
    }

    private static Optional<AccessLog> accessLog(Settings.Log log) {
        return switch (log.access()) {
            case "json" -> Optional.of(AccessLog.json());
            case "combined" -> Optional.of(AccessLog.combined());
            case "off" -> Optional.empty(); // the web server keeps one
            default -> Optional.of(AccessLog.pattern(log.access()));
        };
    }

    private static void addRoutes(Router router, Parts parts, Optional<Instruments> instruments) {
        router.get("/healthz", parts.readiness.alive())
                .get("/readyz", parts.readiness.ready())
                .post("/webhooks/{source}", parts.inbox.handler())
                .mount("/", parts.application.router());
        parts.payments.ifPresent(open -> router.mount("/", open.routes()));
        instruments.ifPresent(watch -> watch.addRoutes(router));
    }

    /// Starts what works without being asked, until closed.
    void startWork(Duration grace) throws SQLException {
        parts.application.jobs().start(grace);
        work.add(parts.application.jobs());
        if (parts.eventThreads > 0) {
            work.add(
                    parts.inbox.startWorker(
                            WorkerSettings.DEFAULT.withThreads(parts.eventThreads)));
        }
        work.add(Till.start(parts.payments, parts.inbox));
        if (parts.outbox.hasEndpoints()) {
            work.add(parts.outbox.startSender());
        }
        Outgoing.tell(parts.outbox.stranded()).forEach(log::warn);
        work.add(parts.retention.start());
    }

    /// Ends it. Requests are still answered, and what they store is worked on by the next process.
    void stopWork() {
        work.close();
    }

    /// What a configuration that was read again changes.
    ///
    /// @param sources those of the start, with the secrets that they have now
    /// @param endpoints with the secrets and URLs that they have now
    /// @param waits whether a key holds as it was at the start until there is another
    record Reloaded(
            Settings settings,
            List<Source> sources,
            List<Endpoint> endpoints,
            Predicate<String> waits) {}

    /// Takes what can change while it serves.
    void reload(Reloaded fresh) {
        parts.inbox.reload(fresh.sources);
        parts.readiness.reload(fresh.sources);
        parts.outbox.reload(fresh.endpoints);
        parts.accessLog.change(accessLog(fresh.settings.log()));
        instruments.ifPresent(watch -> watch.reload(fresh));
    }

    /// Watches the engine that asks this site, from here on.
    void watch(Supplier<Statistics> engine) {
        instruments.ifPresent(watch -> watch.watch(engine));
    }

    /// Ends the streams of those who watch: they must not hold up the end of the process.
    void letGo() {
        instruments.ifPresent(Instruments::letGo);
    }

    /// Answers every request.
    Handler handler() {
        return handler;
    }

    /// Says who may pass, where the application does.
    Optional<Handler> authorizer() {
        return parts.application.authorizer();
    }

    List<Source> sources() {
        return parts.sources;
    }

    Inbox inbox() {
        return parts.inbox;
    }

    /// Whether nothing waits that this process would do without being asked: no event, no message to an endpoint of
    /// ours, no call to Stripe. Jobs are not asked: they always wait for their time.
    boolean hasNothingToDo() throws SQLException {
        return (parts.eventThreads == 0 || parts.inbox.search().oldestWaiting().isEmpty())
                && !parts.outbox.isAnyWaiting()
                && (parts.payments.isEmpty() || !parts.payments.get().hasOpenCalls());
    }

    /// How many events it handles at once; 0 where other processes do.
    int eventThreads() {
        return parts.eventThreads;
    }

    Jobs jobs() {
        return parts.application.jobs();
    }

    Outbox outbox() {
        return parts.outbox;
    }

    /// Ends the work, what was started last first.
    @Override
    public void close() {
        work.close();
        opened.close();
    }
}
