package dev.hearth.app;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.payment.Payments;
import dev.hearth.storage.Database;
import dev.hearth.web.AccessLog;
import dev.hearth.web.Router;
import dev.hearth.web.StandardLayers;
import dev.hearth.webhook.Inbox;
import dev.hearth.webhook.Source;
import dev.hearth.webhook.WorkerSettings;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What is served: an application's routes and Hearth's own, and the work behind them. Stands between the
/// database, which outlives it, and the gateways, which ask it.
final class Site implements AutoCloseable {
    private final Application application;
    private final List<Source> sources;
    private final Optional<Payments> payments;
    private final Inbox inbox;
    private final Handler handler;
    private final Closing opened;

    private Site(
            Application application,
            List<Source> sources,
            Optional<Payments> payments,
            Inbox inbox,
            Handler handler,
            Closing opened) {
        this.application = application;
        this.sources = sources;
        this.payments = payments;
        this.inbox = inbox;
        this.handler = handler;
        this.opened = opened;
    }

    /// Makes the application and everything that answers requests. Nothing runs by itself yet.
    static Site open(Settings settings, Database database, Consumer<Application> setUp)
            throws StartException {
        Closing opened = new Closing();
        try {
            Application application = new Application(database);
            setUp.accept(application);
            List<Source> sources = Sources.of(settings, true);
            Optional<Payments> payments = Till.open(settings, application, database);
            application.handleTheRest(sources);
            Inbox inbox =
                    opened.add(
                            Inbox.open(database, sources, application.events(), database.clock()));
            Health health = new Health(database, sources, payments);
            Handler handler = routes(settings, application, inbox, health, payments);
            return new Site(application, sources, payments, inbox, handler, opened);
        } catch (Throwable failed) {
            opened.close();
            throw failed;
        }
    }

    /// Starts what works without being asked, until closed.
    void startWork() throws SQLException {
        opened.add(inbox.startWorker(WorkerSettings.DEFAULT));
        opened.add(Till.start(payments, inbox));
    }

    private static Handler routes(
            Settings settings,
            Application application,
            Inbox inbox,
            Health health,
            Optional<Payments> payments) {
        Router router = new Router();
        layers(settings.log().access()).forEach(router::with);
        router.get("/healthz", health.alive())
                .get("/readyz", health.ready())
                .post("/webhooks/{source}", inbox.handler())
                .mount("/", application.router());
        payments.ifPresent(open -> router.mount("/", open.routes()));
        return router.build();
    }

    /// Around every route, of the application and our own.
    private static List<Middleware> layers(String accessLog) {
        return switch (accessLog) {
            case "json" -> StandardLayers.with(AccessLog.json());
            case "combined" -> StandardLayers.with(AccessLog.combined());
            default -> StandardLayers.withoutLog(); // the web server keeps one
        };
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

    /// Ends the work, what was started last first.
    @Override
    public void close() {
        opened.close();
    }
}
