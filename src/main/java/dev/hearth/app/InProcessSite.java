package dev.hearth.app;

import dev.hearth.gateway.CgiGateway;
import dev.hearth.jobs.JobEntry;
import dev.hearth.jobs.JobRecords;
import dev.hearth.jobs.Jobs;
import dev.hearth.storage.Database;
import dev.hearth.webhook.InboxEntry;
import dev.hearth.webhook.SampleEvents;
import dev.hearth.webhook.SampleEvents.Sample;
import dev.hearth.webhook.Source;
import dev.hearth.webhook.WorkerSettings;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A site without listeners, signals, command line and log: everything that answers requests, and the work behind it,
/// done when it is asked for. What `dev.hearth.TestSite` shows to tests; nothing else loads it.
public final class InProcessSite implements AutoCloseable {
    private static final WorkerSettings ONE_AT_A_TIME = WorkerSettings.DEFAULT.withThreads(1);
    private static final Duration LONGEST_WORK = Duration.ofMinutes(1);

    private final Settings settings;
    private final Database database;
    private final Site site;
    private final WorkWatch watch;

    private InProcessSite(Settings settings, Database database, Site site, WorkWatch watch) {
        this.settings = settings;
        this.database = database;
        this.site = site;
        this.watch = watch;
    }

    /// Opens a site with its data in this folder. Neither a file of settings nor the environment is looked at. A
    /// source that is named without a secret gets one at random.
    ///
    /// @throws StartException if it could not start with these settings
    public static InProcessSite open(
            Path folder, Map<String, String> values, Consumer<Application> setUp)
            throws StartException {
        Settings settings = SettingsReader.readOnly(completed(folder, values));
        WorkWatch watch = new WorkWatch();
        Database database = Server.open(Server.location(settings));
        try {
            Site site =
                    Site.open(
                            settings,
                            database,
                            application -> {
                                application.jobs().around(watch);
                                setUp.accept(application);
                                application.events().around(watch);
                            });
            return new InProcessSite(settings, database, site, watch);
        } catch (Throwable failed) {
            database.close();
            throw failed;
        }
    }

    private static Map<String, String> completed(Path folder, Map<String, String> values) {
        Map<String, String> all = new TreeMap<>(values);
        if (all.put("data", folder.toString()) != null) {
            throw new IllegalArgumentException(
                    "\"data\" cannot be set here: the site has a folder of its own");
        }
        for (String key : values.keySet()) {
            SettingKey.chosenName("webhook", key)
                    .map(name -> "webhook." + name + ".secret")
                    .filter(secret -> !values.containsKey(secret + "_file"))
                    .ifPresent(secret -> all.computeIfAbsent(secret, _ -> randomSecret()));
        }
        return all;
    }

    /// Hexadecimal digits: a text, 32 bytes in hexadecimal and 48 in base64, whatever the source's scheme reads.
    private static String randomSecret() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /// Where it keeps its data.
    public Database database() {
        return database;
    }

    /// Answers one request as a CGI program does, and returns its exit code.
    public int serve(Map<String, String> variables, InputStream body, OutputStream answer) {
        return CgiGateway.serve(
                site.handler(),
                settings.fastCgi().limits().bodyBytes(),
                settings.trustedProxies(),
                variables,
                body,
                answer);
    }

    /// An event as its sender would send it now.
    ///
    /// @param json what it is about, as [SampleEvents#about] has it
    /// @throws IllegalArgumentException if there is no such source, or this is no event of its
    public Sample event(String source, String type, String json) {
        Source sender =
                site.sources().stream()
                        .filter(each -> each.name().equals(source))
                        .findFirst()
                        .orElseThrow(() -> unknown(source));
        Instant now = database.clock().instant();
        return new SampleEvents()
                .about(sender.scheme(), sender.secrets().getFirst(), type, json, now);
    }

    private IllegalArgumentException unknown(String source) {
        return new IllegalArgumentException(
                "there is no source \"%s\"; there is %s. The setting webhook.%s.scheme or webhook.%s.secret makes it"
                        .formatted(
                                source,
                                site.sources().stream().map(Source::name).toList(),
                                source,
                                source));
    }

    /// Handles the stored events that are due, on this thread, and gives what their handlers threw.
    public synchronized List<Throwable> handleEvents() throws InterruptedException {
        watch.take();
        site.inbox().handleDue(ONE_AT_A_TIME, Instant.now().plus(LONGEST_WORK));
        return watch.take();
    }

    /// Where a stored event stands.
    public InboxEntry stored(String id) throws SQLException {
        return site.inbox().records().find(id).orElseThrow();
    }

    /// Handles the events and runs the jobs that are due, until nothing is, and gives what they threw.
    ///
    /// @throws IllegalStateException if there is still something after a minute
    public synchronized List<Throwable> workOff() throws SQLException, InterruptedException {
        watch.take();
        Instant end = Instant.now().plus(LONGEST_WORK);
        site.inbox().handleDue(ONE_AT_A_TIME, end);
        if (site.jobs().isBusy()) {
            runJobs(end);
        }
        return watch.take();
    }

    private void runJobs(Instant end) throws SQLException, InterruptedException {
        try (Jobs jobs = site.jobs()) {
            jobs.start(Duration.ofSeconds(1));
            while (jobs.isBusy() || site.inbox().records().isBusy()) {
                if (Instant.now().isAfter(end)) {
                    throw new IllegalStateException(
                            "there is still work after " + LONGEST_WORK.toSeconds() + " seconds");
                }
                TimeUnit.MILLISECONDS.sleep(10);
                site.inbox().handleDue(ONE_AT_A_TIME, end); // what the jobs have brought
            }
        }
    }

    /// As [#workOff], with every job of this name that waits, as if its time had come.
    ///
    /// @throws IllegalStateException as [#workOff], and if none waits
    public synchronized List<Throwable> runJob(String name)
            throws SQLException, InterruptedException {
        List<Throwable> thrown = new ArrayList<>();
        if (!makeDue(name)) {
            boolean isFirst = !watch.hasRun(name);
            thrown.addAll(workOff()); // this enters those that come back, and may run them
            if (isFirst && watch.hasRun(name)) {
                return thrown;
            }
            if (!makeDue(name)) {
                throw new IllegalStateException("no job \"%s\" waits".formatted(name));
            }
        }
        thrown.addAll(workOff());
        return thrown;
    }

    private boolean makeDue(String job) throws SQLException {
        boolean due = false;
        JobRecords records = site.jobs().records();
        for (JobEntry waiting : records.list(Integer.MAX_VALUE)) {
            if (waiting.name().equals(job)) {
                due |= records.runNow(job, waiting.instance());
            }
        }
        return due;
    }

    @Override
    public void close() {
        site.close();
        database.close();
    }
}
