package dev.hearth.app;

import dev.hearth.gateway.CgiGateway;
import dev.hearth.jobs.Jobs;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.webhook.WorkerSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// The program as a web server calls it for one request: CGI.
///
/// It has no worker that outlives it, so what the request stored is handled before the process ends, when the
/// client has its answer already.
///
/// Here the start is what counts. Nothing is loaded that the request does not need, which `CgiProgramIT` watches; in
/// all code that a webhook meets there is no switch over patterns and no record as a key: their first use makes
/// the JVM spin classes, a millisecond or several each time, and no AOT cache can keep those.
final class CgiProgram {
    /// After this nothing more is begun.
    private static final Duration LONGEST_WORK = Duration.ofSeconds(20);

    /// After this what still runs is interrupted, and tried again by a later process.
    private static final Duration LONGEST_HANDLER = Duration.ofSeconds(60);

    private static final WorkerSettings ONE_AT_A_TIME = WorkerSettings.DEFAULT.withThreads(1);

    private CgiProgram() {}

    /// Whether a web server called this process as a CGI program. A process manager that speaks FastCGI may set
    /// the same variables; the socket on file descriptor 0 tells.
    static boolean isCalled(Map<String, String> environment) {
        return CgiGateway.isCgi(environment) && !Listeners.isSocketInherited();
    }

    /// Serves the request and returns the exit code. The command line is not looked at: see [CgiGateway].
    static int serve(Settings settings, Consumer<Application> setUp) throws Exception {
        PlainLog.follow(settings.log());
        DataFolder.make(settings.data());
        try (Database database = open(Server.location(settings));
                Site site = Site.open(settings, database, setUp)) {
            if (Rehearsal.isAskedFor()) {
                Rehearsal.run(site.handler(), site.sources());
            }
            long longest = settings.fastCgi().limits().bodyBytes();
            int code = CgiGateway.serve(site.handler(), longest, settings.trustedProxies());
            workOff(site);
            return code;
        }
    }

    private static Database open(DatabaseLocation location) throws StartException {
        Server.createSqliteFile(location);
        return Database.openForOneRequest(location);
    }

    private static void workOff(Site site) throws SQLException, InterruptedException {
        if (!isBusy(site)) {
            return;
        }
        endWhatHangs(Thread.currentThread());
        Instant deadline = Instant.now().plus(LONGEST_WORK);
        site.inbox().handleDue(ONE_AT_A_TIME, deadline);
        if (site.jobs().isBusy()) {
            runJobs(site, deadline);
        }
    }

    private static void runJobs(Site site, Instant deadline)
            throws SQLException, InterruptedException {
        try (Jobs jobs = site.jobs()) {
            jobs.start(LONGEST_WORK);
            while (isBusy(site) && Instant.now().isBefore(deadline)) {
                TimeUnit.MILLISECONDS.sleep(20);
                site.inbox().handleDue(ONE_AT_A_TIME, deadline); // what the jobs have brought
            }
        }
    }

    private static void endWhatHangs(Thread handling) {
        Thread.ofPlatform()
                .daemon()
                .name("cgi-deadline")
                .start(() -> {
                    LockSupport.parkNanos(LONGEST_HANDLER.toNanos());
                    handling.interrupt();
                });
    }

    private static boolean isBusy(Site site) throws SQLException {
        return site.inbox().records().isBusy() || site.jobs().isBusy();
    }
}
