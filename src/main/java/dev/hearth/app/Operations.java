package dev.hearth.app;

import dev.hearth.fastcgi.FastCgiServer;
import dev.hearth.fastcgi.Statistics;
import dev.hearth.http.Handler;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.service.Lifetime;
import dev.hearth.service.ProcessState;
import dev.hearth.service.RunningRequests;
import dev.hearth.service.SlowLog;
import dev.hearth.service.StatusPage;
import dev.hearth.service.Supervisor;
import dev.hearth.service.Watchdog;
import dev.hearth.webhook.InboxState;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What stands around a program that serves: its supervisor, its signals, what operators may see of it, and
/// its end.
final class Operations implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Operations.class);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Supervisor supervisor;
    private final Stop stop;
    private final Reload reload;
    private final boolean passed;
    private final RunningRequests requests = new RunningRequests();
    private final Instant started = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final SlowLog slowLog;
    private final Closing opened = new Closing();
    private volatile @Nullable Serving serving;

    /// What serves, once it does.
    private record Serving(FastCgiServer fastCgi, LiveSite site, Listeners listeners) {}

    private Operations(Invocation invocation, Settings settings, Stop stop, boolean passed)
            throws StartException {
        this.passed = passed;
        requireWakeable(settings);
        supervisor = Supervisor.of(invocation.environment());
        reload = new Reload(invocation, settings);
        this.stop = stop;
        slowLog =
                opened.add(
                        SlowLog.start(
                                requests,
                                settings.service().slowAfter(),
                                settings.service().slowLog()));
        SystemSignals.on("HUP", this::reload);
        SystemSignals.on("USR2", this::logState);
    }

    /// Listens to signals from here on.
    ///
    /// @param stop the wish to stop, which may have come already
    /// @param passed whether the sockets were passed to this process by one that keeps them
    static Operations begin(Invocation invocation, Settings settings, Stop stop, boolean passed)
            throws StartException {
        return new Operations(invocation, settings, stop, passed);
    }

    private void requireWakeable(Settings settings) throws StartException {
        if (settings.service().lifetime().idle().isPositive() && !passed) {
            throw new StartException(
                    ExitCode.CONFIG,
                    "%s: \"idle.exit\" needs a socket that another process keeps (systemd, file descriptor 0), or nothing would start Hearth again"
                            .formatted(settings.origins().get("idle.exit")));
        }
    }

    /// The handler of every request: status page and ping where they are configured, else the site's.
    Handler around(Handler site) {
        StatusPage status =
                new StatusPage(this::state, () -> reload.settings().service().statusAllow());
        return requests.wrap(request -> answer(request, status, site));
    }

    private Response answer(Request request, StatusPage status, Handler site) throws Exception {
        Settings.Service service = reload.settings().service();
        if (is(service.statusPath().orElse(""), request)) {
            return status.handle(request);
        }
        if (is(service.pingPath().orElse(""), request)) {
            return Response.text("pong\n").withHeader("Cache-Control", "no-store");
        }
        return site.handle(request);
    }

    private static boolean is(String path, Request request) {
        return path.equals(request.path())
                && (request.method().equals("GET") || request.method().equals("HEAD"));
    }

    /// Requests are answered from now on.
    void serving(FastCgiServer fastCgi, LiveSite site, Listeners listeners) {
        Serving now = new Serving(fastCgi, site, listeners);
        serving = now;
        supervisor.ready("serving"); // before the first sign of life
        opened.add(Watchdog.start(supervisor, fastCgi::isResponsive));
        Thread ticker = new Thread(() -> watch(now), "lifetime");
        ticker.setDaemon(true);
        ticker.start();
        opened.add(ticker::interrupt);
    }

    /// Returns how the process is to end, when it is to end.
    ExitCode awaitEnd() throws InterruptedException {
        ExitCode how = stop.await();
        supervisor.stopping();
        return how;
    }

    /// How long requests in progress may take to end, as the configuration says by now.
    Duration stopGrace() {
        return reload.settings().stopGrace();
    }

    /// Looks every now and then whether it is time to end, and whether the sockets are still found.
    private void watch(Serving now) {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
                if (!stop.isAsked()) { // the next process may have put its own in their place
                    now.listeners().lookAfter(now.fastCgi());
                }
                Lifetime lifetime = reload.settings().service().lifetime();
                lifetime.end(
                                Duration.ofNanos(System.nanoTime() - startedNanos),
                                Duration.ofNanos(requests.idleNanos()),
                                requests.ended())
                        .ifPresent(this::end);
            }
        } catch (InterruptedException closed) {
            return;
        }
    }

    private void end(Lifetime.End end) {
        switch (end) {
            case Lifetime.End.Renewal(String reason) -> stop.ask(reason, ExitCode.RENEWAL);
            case Lifetime.End.Sleep(String reason) -> {
                if (hasNothingToDo()) {
                    stop.ask(reason, ExitCode.OK);
                }
            }
        }
    }

    /// What waits for its next try would wait for the next request as well.
    private boolean hasNothingToDo() {
        try {
            return Objects.requireNonNull(serving).site().hasNothingToDo();
        } catch (SQLException unknown) {
            log.warn("whether anything waits cannot be told: not going to sleep", unknown);
            return false;
        }
    }

    /// One at a time: of two signals in a row, the one that has read what was written last must not be undone.
    private synchronized void reload() {
        Serving now = serving;
        if (now == null) {
            log.warn("SIGHUP before the start is over: nothing to read again");
            return;
        }
        supervisor.reloading();
        try {
            Settings fresh = reload.read();
            requireWakeable(fresh);
            reload.apply(fresh, now.site());
            slowLog.change(fresh.service().slowAfter(), fresh.service().slowLog());
        } catch (StartException broken) {
            log.error("SIGHUP: the configuration stays as it was: {}", broken.getMessage());
        } finally {
            supervisor.ready("serving");
        }
    }

    private void logState() {
        log.info("SIGUSR2: {}", state().line());
        for (RunningRequests.Running each : requests.list()) {
            log.info(
                    "SIGUSR2: request {} runs for {} ms on {}: {} {} from {}",
                    each.number(),
                    each.nanos() / 1_000_000,
                    each.thread().getName(),
                    each.method(),
                    each.path(),
                    each.client());
        }
    }

    private ProcessState state() {
        Runtime runtime = Runtime.getRuntime();
        return new ProcessState(
                "hearth",
                ProcessHandle.current().pid(),
                started,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                requests.begun(),
                requests.list(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                runtime.totalMemory() - runtime.freeMemory(),
                runtime.maxMemory(),
                counts());
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        Serving now = serving;
        if (now == null) {
            return counts;
        }
        Statistics fastCgi = now.fastCgi().statistics();
        counts.put("fastcgi_connections", (long) fastCgi.connections());
        counts.put("fastcgi_running", (long) fastCgi.running());
        counts.put("fastcgi_waiting", (long) fastCgi.waiting());
        counts.put("fastcgi_threads", (long) fastCgi.threads());
        counts.put("fastcgi_accepted_total", fastCgi.accepted());
        counts.put("fastcgi_turned_away_total", fastCgi.turnedAway());
        counts.put("fastcgi_aborted_total", fastCgi.aborted());
        counts.put("fastcgi_failed_total", fastCgi.failed());
        counts.put("fastcgi_overloaded_total", fastCgi.overloaded());
        counts.put("inbox_threads", (long) now.site().eventThreads());
        try {
            Map<InboxState, Long> inbox = now.site().inbox().search().backlog();
            counts.put("inbox_waiting", inbox.getOrDefault(InboxState.RECEIVED, 0L));
            counts.put("inbox_processing", inbox.getOrDefault(InboxState.PROCESSING, 0L));
            counts.put("inbox_retry", inbox.getOrDefault(InboxState.RETRY, 0L));
            counts.put("inbox_dead", inbox.getOrDefault(InboxState.DEAD, 0L));
        } catch (SQLException unknown) {
            log.warn("the inbox cannot be counted", unknown);
        }
        return counts;
    }

    @Override
    public void close() {
        opened.close();
    }
}
