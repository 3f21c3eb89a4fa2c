package dev.hearth.app;

import dev.hearth.fastcgi.Statistics;
import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.jobs.Jobs;
import dev.hearth.metrics.Readiness;
import dev.hearth.payment.Payments;
import dev.hearth.storage.Database;
import dev.hearth.trace.Tracing;
import dev.hearth.web.AccessLog;
import dev.hearth.web.FlightRecords;
import dev.hearth.web.Router;
import dev.hearth.web.StandardLayers;
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
import java.util.function.Supplier;

/// What is served: an application's routes and Hearth's own, and the work behind them. Stands between the
/// database, which outlives it, and the gateways, which ask it.
final class Site implements AutoCloseable {
    private final Application application;
    private final List<Source> sources;
    private final Optional<Payments> payments;
    private final Inbox inbox;
    private final Readiness readiness;
    private final Outbox outbox;
    private final Retention retention;
    private final Handler handler;
    private final Optional<Instruments> instruments;
    private final Closing opened;
    private final Closing work = new Closing();

    private Site(
            Application application,
            List<Source> sources,
            Optional<Payments> payments,
            Inbox inbox,
            Readiness readiness,
            Outbox outbox,
            Retention retention,
            Handler handler,
            Optional<Instruments> instruments,
            Closing opened) {
        this.application = application;
        this.sources = sources;
        this.payments = payments;
        this.inbox = inbox;
        this.readiness = readiness;
        this.outbox = outbox;
        this.retention = retention;
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
            Outbox outbox = Outbox.open(database, Outgoing.of(settings), database.clock());
            Application application = new Application(database, outbox);
            opened.add(application.jobs());
            setUp.accept(application);
            List<Source> sources = Sources.of(settings, true);
            Optional<Payments> payments = Till.open(settings, application, database);
            application.handleTheRest(sources);
            Inbox inbox =
                    opened.add(
                            Inbox.open(database, sources, application.events(), database.clock()));
            if (tracing.isPresent()) {
                trace(tracing.get(), application, inbox, payments);
            }
            Readiness readiness =
                    new Readiness(
                            database,
                            sources,
                            payments,
                            settings.watching().oldestEvent(),
                            database.clock());
            Router router = new Router();
            Optional<Instruments> instruments =
                    watched
                            ? Optional.of(
                                    opened.add(
                                            Instruments.open(
                                                    settings,
                                                    new Instruments.Parts(
                                                            database,
                                                            inbox,
                                                            payments,
                                                            application.jobs().records(),
                                                            readiness,
                                                            router::routes))))
                            : Optional.empty();
            if (watched) {
                router.with(new FlightRecords());
            }
            tracing.ifPresent(tracer -> router.with(tracer.requests()));
            instruments.ifPresent(watch -> router.with(watch.layer())); // sees all other layers
            layers(settings.log().access()).forEach(router::with);
            router.with(new DatabaseAway(database.dialect()));
            addRoutes(router, application, inbox, readiness, payments);
            if (instruments.isPresent()) {
                instruments.get().addRoutes(router);
            }
            Retention retention =
                    new Retention(
                            inbox.records(),
                            outbox.records(),
                            settings.retention(),
                            database.clock());
            return new Site(
                    application,
                    sources,
                    payments,
                    inbox,
                    readiness,
                    outbox,
                    retention,
                    router.build(),
                    instruments,
                    opened);
        } catch (Throwable failed) {
            opened.close();
            throw failed;
        }
    }

    private static Optional<Tracing> tracing(Settings settings) {
        return settings.tracing()
                .map(configured ->
                        Tracing.start(
                                configured,
                                String.valueOf(URI.create(settings.stripe().apiBase()).getHost())));
    }

    private static void trace(
            Tracing tracing, Application application, Inbox inbox, Optional<Payments> payments) {
        application.events().around(tracing.handlers(inbox.records()));
        payments.ifPresent(open -> open.watchCalls(tracing.calls()));
    }

    /// Starts what works without being asked, until closed.
    void startWork(Duration grace) throws SQLException {
        application.jobs().start(grace);
        work.add(application.jobs());
        work.add(inbox.startWorker(WorkerSettings.DEFAULT));
        work.add(Till.start(payments, inbox));
        if (outbox.hasEndpoints()) {
            work.add(outbox.startSender());
        }
        work.add(retention.start());
    }

    /// Ends it. Requests are still answered, and what they store is worked on by the next process.
    void stopWork() {
        work.close();
    }

    /// Takes other secrets for its webhook sources.
    void reload(List<Source> changed) {
        inbox.reload(changed);
        readiness.reload(changed);
    }

    private static void addRoutes(
            Router router,
            Application application,
            Inbox inbox,
            Readiness readiness,
            Optional<Payments> payments) {
        router.get("/healthz", readiness.alive())
                .get("/readyz", readiness.ready())
                .post("/webhooks/{source}", inbox.handler())
                .mount("/", application.router());
        payments.ifPresent(open -> router.mount("/", open.routes()));
    }

    /// Around every route, of the application and our own.
    private static List<Middleware> layers(String accessLog) {
        return switch (accessLog) {
            case "json" -> StandardLayers.with(AccessLog.json());
            case "combined" -> StandardLayers.with(AccessLog.combined());
            default -> StandardLayers.withoutLog(); // the web server keeps one
        };
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
        return application.authorizer();
    }

    List<Source> sources() {
        return sources;
    }

    Inbox inbox() {
        return inbox;
    }

    Jobs jobs() {
        return application.jobs();
    }

    Outbox outbox() {
        return outbox;
    }

    /// Ends the work, what was started last first.
    @Override
    public void close() {
        work.close();
        opened.close();
    }
}
