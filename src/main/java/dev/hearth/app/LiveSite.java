package dev.hearth.app;

import dev.hearth.fastcgi.Statistics;
import dev.hearth.http.Handler;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.storage.Database;
import dev.hearth.webhook.Inbox;
import dev.hearth.webhook.Source;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A site that another can take the place of, while connections stay: requests that have begun end where they
/// began, all others go to the new one.
final class LiveSite implements AutoCloseable {
    private final Settings settings;
    private final Database database;
    private volatile Turn now;
    private @Nullable Supplier<Statistics> engine; // guarded by this
    private @Nullable Consumer<Site> reloading; // guarded by this; for those that come later

    /// A site, and how many requests are with it.
    private record Turn(Site site, AtomicInteger underWay) {}

    private LiveSite(Settings settings, Database database, Site site) {
        this.settings = settings;
        this.database = database;
        this.now = new Turn(site, new AtomicInteger());
    }

    static LiveSite open(Settings settings, Database database, Consumer<Application> setUp)
            throws StartException {
        return new LiveSite(settings, database, Site.openWatched(settings, database, setUp));
    }

    void startWork() throws SQLException {
        now.site().startWork(settings.stopGrace());
    }

    /// Answers with the site of the moment. Where no other is expected, nothing stands in between.
    Handler handler() {
        return FileProgram.isWatched() ? this::handle : now.site().handler();
    }

    private Response handle(Request request) throws Exception {
        Turn turn = enter();
        try {
            return turn.site().handler().handle(request);
        } finally {
            turn.underWay().decrementAndGet();
        }
    }

    private Turn enter() {
        while (true) {
            Turn turn = now;
            turn.underWay().incrementAndGet();
            if (turn.equals(now)) {
                return turn;
            }
            turn.underWay().decrementAndGet(); // it was replaced in between, and may be closed
        }
    }

    /// Says who may pass, where the application did at the start.
    Optional<Handler> authorizer() {
        return now.site()
                .authorizer()
                .map(atStart -> request -> now.site().authorizer().orElse(atStart).handle(request));
    }

    /// Puts another application in the place of the one that runs. What is wrong with it is thrown before
    /// anything has changed.
    synchronized void replace(Consumer<Application> setUp) {
        try {
            Site next = Site.openWatched(settings, database, setUp);
            Turn before = now;
            now = new Turn(next, new AtomicInteger());
            long deadline = System.nanoTime() + settings.stopGrace().toNanos();
            while (before.underWay().get() > 0 && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
            before.site().letGo();
            before.site().close(); // its jobs have ended when the new ones begin
            if (reloading != null) {
                reloading.accept(next);
            }
            next.startWork(settings.stopGrace());
            if (engine != null) {
                next.watch(engine);
            }
        } catch (StartException | SQLException failed) {
            throw new IllegalStateException(failed.getMessage(), failed);
        }
    }

    synchronized void watch(Supplier<Statistics> statistics) {
        engine = statistics;
        now.site().watch(statistics);
    }

    /// Takes what can change while it serves; so does a site that comes later in its place.
    synchronized void reload(Site.Reloaded fresh) {
        Consumer<Site> reload = site -> site.reload(fresh);
        reloading = reload;
        reload.accept(now.site());
    }

    /// Ends what works without being asked; requests are still answered.
    synchronized void stopWork() {
        now.site().stopWork();
    }

    void letGo() {
        now.site().letGo();
    }

    Inbox inbox() {
        return now.site().inbox();
    }

    boolean hasNothingToDo() throws SQLException {
        return now.site().hasNothingToDo();
    }

    int eventThreads() {
        return now.site().eventThreads();
    }

    List<Source> sources() {
        return now.site().sources();
    }

    /// Whether it sends to an endpoint of this name.
    boolean sendsTo(String endpoint) {
        return now.site().outbox().hasEndpoint(endpoint);
    }

    @Override
    public synchronized void close() {
        now.site().close();
    }
}
