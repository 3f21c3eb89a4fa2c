package dev.hearth.app;

import dev.hearth.gateway.CgiGateway;
import dev.hearth.jobs.Jobs;
import dev.hearth.storage.Database;
import dev.hearth.webhook.InboxWorker;
import dev.hearth.webhook.WorkerSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The program as a web server calls it for one request: CGI.
///
/// It has no worker that outlives it, so what the request stored is handled before the process ends, when the
/// client has its answer already.
final class CgiProgram {
    private static final Duration LONGEST_WORK = Duration.ofSeconds(20);

    private CgiProgram() {}

    /// Whether a web server called this process as a CGI program. A process manager that speaks FastCGI may set
    /// the same variables; the socket on file descriptor 0 tells.
    static boolean isCalled(Map<String, String> environment) {
        return CgiGateway.isCgi(environment) && !Listeners.isSocketInherited();
    }

    /// Serves the request and returns the exit code. The command line is not looked at: see [CgiGateway].
    static int serve(Settings settings, Consumer<Application> setUp) throws Exception {
        Log.follow(settings.log());
        DataFolder.open(settings.data());
        try (Database database = Server.open(Server.location(settings));
                Site site = Site.open(settings, database, setUp)) {
            if (Rehearsal.isAskedFor()) {
                Rehearsal.run(site.handler(), site.sources());
            }
            int code = CgiGateway.serve(site.handler());
            workOff(site);
            return code;
        }
    }

    private static void workOff(Site site) throws SQLException, InterruptedException {
        Instant deadline = Instant.now().plus(LONGEST_WORK);
        if (!isBusy(site)) {
            return;
        }
        try (InboxWorker _ = site.inbox().startWorker(WorkerSettings.DEFAULT);
                Jobs jobs = site.jobs()) {
            jobs.start(LONGEST_WORK);
            while (isBusy(site) && Instant.now().isBefore(deadline)) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    private static boolean isBusy(Site site) throws SQLException {
        return site.inbox().records().isBusy() || site.jobs().isBusy();
    }
}
