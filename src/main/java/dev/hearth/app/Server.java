package dev.hearth.app;

import dev.hearth.fastcgi.EngineLog;
import dev.hearth.fastcgi.FastCgiServer;
import dev.hearth.gateway.FastCgiGateway;
import dev.hearth.gateway.HttpGateway;
import dev.hearth.gateway.HttpLimits;
import dev.hearth.http.Handler;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.jdk.platform.logging.SLF4JSystemLoggerFinder;

/// The whole program on one screen: makes every object, serves until told to stop, closes them in reverse.
final class Server {
    private static final Logger log = LoggerFactory.getLogger(Server.class);

    private Server() {}

    /// Returns how the process is to end.
    static ExitCode serve(Invocation invocation, Settings settings, Consumer<Application> setUp)
            throws Exception {
        Stop stop = Stop.onSignals(); // first: what was opened has to be closed
        // Named, since the JDK would look into every jar for who logs for it: an eighth of a start.
        EngineLog.use(
                new SLF4JSystemLoggerFinder().getLogger(EngineLog.NAME, Server.class.getModule()));
        settings.notices().forEach(log::warn);
        if (settings.http().isPresent()) {
            Preparation.beginHttp();
        }
        DataFolder.open(settings.data());
        ExitCode end;
        try (Listeners listeners = Listeners.open(settings, invocation);
                Operations operations =
                        Operations.begin(invocation, settings, stop, listeners.arePassed());
                Database database = open(location(settings));
                DatabaseClaim claim = DatabaseClaim.of(database, patience(settings, listeners));
                LiveSite site = LiveSite.open(settings, database, setUp)) {
            Handler handler = operations.around(site.handler());
            try (FastCgiServer fastCgi =
                            FastCgiServer.start(
                                    listeners.channels(),
                                    gateway(settings, site, handler),
                                    settings.fastCgi().limits(),
                                    settings.fastCgi().peers());
                    HttpGateway http = http(settings, listeners, handler);
                    AutoCloseable _ = FileProgram.watch(site)) {
                // Requests are answered already; what they store is found there.
                site.startWork();
                site.watch(fastCgi::statistics);
                System.out.print(
                        Greeting.of(
                                settings,
                                listeners.names(),
                                address(settings, listeners, http),
                                site.sources()));
                System.out.flush();
                operations.serving(fastCgi, site, listeners);
                end = operations.awaitEnd();
                Duration grace = operations.stopGrace();
                long deadline = System.nanoTime() + grace.toNanos();
                site.letGo();
                fastCgi.stopAccepting();
                stopAccepting(http);
                // From here on the next process may work on the database, while the last requests
                // end here.
                site.stopWork();
                claim.release();
                if (!fastCgi.drain(grace)) {
                    tellOfCut(FastCgiGateway.names(fastCgi.inProgress()));
                    fastCgi.giveUp();
                }
                drainUntil(deadline, http);
            }
        }
        log.info("stopped");
        return end;
    }

    private static void tellOfCut(List<String> requests) {
        if (requests.isEmpty()) {
            log.warn("what runs after an answer outlives the time to end, and is cut off");
        } else {
            log.warn(
                    "requests over FastCGI outlive the time to end, and are cut off: {}", requests);
        }
    }

    private static void stopAccepting(@Nullable HttpGateway http) {
        if (http != null) {
            http.stopAccepting();
        }
    }

    /// Both gateways share one time: that which a supervisor is told to wait is longer than it, not than twice it.
    private static void drainUntil(long deadline, @Nullable HttpGateway http) {
        if (http != null) {
            http.drainWithin(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
    }

    /// How long the process before may take to let go of what both need.
    private static Duration patience(Settings settings, Listeners listeners) {
        return listeners.tookOver() ? settings.stopGrace().plusSeconds(10) : Duration.ZERO;
    }

    private static FastCgiGateway gateway(Settings settings, LiveSite site, Handler handler) {
        FastCgiGateway gateway =
                new FastCgiGateway(handler).withTrustedProxies(settings.trustedProxies());
        return site.authorizer().map(gateway::withAuthorizer).orElse(gateway);
    }

    private static @Nullable HttpGateway http(Settings settings, Listeners listeners, Handler site)
            throws StartException, InterruptedException {
        HttpLimits limits =
                HttpLimits.DEFAULT
                        .withBodyBytes(settings.bodyLimit())
                        .withTrustedProxies(settings.trustedProxies())
                        .withTimes(HttpLimits.DEFAULT.idleTime(), settings.stopGrace());
        if (listeners.http().isPresent()) {
            return passedHttp(listeners.http().get(), site, limits);
        }
        boolean unasked = listeners.arePassed() && !settings.isSet("http");
        if (settings.http().isEmpty() || unasked) {
            return null;
        }
        HostPort address = settings.http().get();
        // After a take-over the process before keeps its port until its last request has ended.
        long deadline = System.nanoTime() + patience(settings, listeners).toNanos();
        while (true) {
            try {
                return HttpGateway.start(address.resolve(), site, limits);
            } catch (IOException taken) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new StartException(
                            ExitCode.TEMPORARY,
                            "cannot serve HTTP on %s: %s; choose another address with --http, or --http off"
                                    .formatted(address, cause(taken)),
                            taken);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static HttpGateway passedHttp(
            ServerSocketChannel listener, Handler site, HttpLimits limits) throws StartException {
        try {
            HttpGateway http = HttpGateway.start(listener, site, limits);
            log.info("HTTP is spoken on the socket that was passed with the name http");
            return http;
        } catch (IOException failed) {
            throw new StartException(
                    ExitCode.TEMPORARY,
                    "cannot serve HTTP on the socket that was passed: " + cause(failed),
                    failed);
        }
    }

    private static String cause(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost.getMessage());
    }

    /// Where HTTP is really spoken: port 0 has become a number.
    private static Optional<HostPort> address(
            Settings settings, Listeners listeners, @Nullable HttpGateway http) {
        if (http == null || listeners.http().isPresent()) {
            return listeners.httpAddress();
        }
        return settings.http().map(asked -> new HostPort(asked.host(), http.port()));
    }

    static Database open(DatabaseLocation location) throws StartException {
        createSqliteFile(location);
        return Database.open(location);
    }

    static void createSqliteFile(DatabaseLocation location) throws StartException {
        if (location instanceof DatabaseLocation.SqliteFile(Path file)) {
            DataFolder.createPrivately(file);
        }
    }

    /// Opens the database of a Hearth that has been started before.
    static Database openExisting(Settings settings) throws StartException {
        DatabaseLocation location = location(settings);
        if (location instanceof DatabaseLocation.SqliteFile(Path file) && !Files.exists(file)) {
            throw new StartException(
                    ExitCode.FAILED,
                    "there is no database %s yet: start Hearth first, or say with --data where it is"
                            .formatted(file.toAbsolutePath().normalize()));
        }
        return Database.open(location);
    }

    static DatabaseLocation location(Settings settings) throws StartException {
        Settings.Database database = settings.database();
        String url = database.url().orElse("");
        if (url.startsWith("jdbc:sqlite:")) {
            return new DatabaseLocation.SqliteFile(Path.of(url.substring("jdbc:sqlite:".length())));
        }
        if (url.isEmpty()) {
            return new DatabaseLocation.SqliteFile(settings.data().resolve("hearth.db"));
        }
        try {
            return new DatabaseLocation.PostgreSql(
                    url,
                    database.user().orElse(""),
                    database.password().map(Secret::value).orElse(""),
                    database.poolSize());
        } catch (IllegalArgumentException wrong) {
            throw new StartException(
                    ExitCode.CONFIG,
                    "%s: \"database\": %s"
                            .formatted(settings.origins().get("database.url"), wrong.getMessage()),
                    wrong);
        }
    }
}
