package dev.hearth.jobs;

import dev.hearth.storage.CannotStartException;
import dev.hearth.storage.CannotStartException.Kind;
import dev.hearth.storage.Database;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The jobs of a program: declared by one thread before [#start], then run until closed.
///
/// {@snippet lang=java :
/// jobs.every("clean-up", Timetable.daily("03:00"), run -> database.write(tx -> tx.update("DELETE …")));
/// Later<Reminder> remind = jobs.later("remind", Reminder.class, (reminder, run) -> mail.send(reminder));
/// database.write(tx -> {
///     tx.update("INSERT INTO orders …");
///     remind.after(Duration.ofDays(3), new Reminder(order.id()), tx);
/// });
/// }
public final class Jobs implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final Database database;
    private final List<Declared> declared = new ArrayList<>();
    private final TimeOrderedIds ids;
    private JobLayer layer = JobLayer.NONE;
    private @Nullable JobScheduler scheduler; // guarded by this: loaded with the first job
    private boolean started; // guarded by this

    public Jobs(Database database) {
        this.database = database;
        this.ids = new TimeOrderedIds(database.clock());
    }

    /// Runs a job again and again.
    ///
    /// @throws CannotStartException if there is a job of this name already, or it cannot be one
    public void every(String name, Timetable timetable, Job job) {
        declare(new Declared.Recurring(name, timetable, job));
    }

    /// Says how work of this name is done; what comes back puts it off. Data are kept as JSON, so a record of
    /// text, numbers and lists is best; work that still waits must fit later versions of it.
    ///
    /// @throws CannotStartException if there is a job of this name already, or it cannot be one
    public <T> Later<T> later(String name, Class<T> type, LaterJob<T> job) {
        Declared.Later<T> later = new Declared.Later<>(name, type, job);
        declare(later);
        return new Later<>(this, later);
    }

    private void declare(Declared job) {
        if (!NAME.matcher(job.name()).matches()) {
            throw new CannotStartException(
                    Kind.CONFIGURATION,
                    "A job cannot be named \"%s\": letters, digits, dots and dashes can be used."
                            .formatted(job.name()));
        }
        if (declared.stream().anyMatch(other -> other.name().equals(job.name()))) {
            throw new CannotStartException(
                    Kind.CONFIGURATION, "Two jobs have the name \"%s\".".formatted(job.name()));
        }
        declared.add(job);
    }

    /// Has this stand around each run of a job. Before anything is put off or started.
    public Jobs around(JobLayer outer) {
        layer = outer;
        return this;
    }

    /// What waits, runs and failed.
    public JobRecords records() {
        return new JobRecords(database);
    }

    /// Starts running jobs, until closed; nothing is loaded where none was declared. Closing lets those in
    /// progress end within `grace`, and interrupts them then.
    public synchronized void start(Duration grace) throws SQLException {
        if (!declared.isEmpty() && !started) {
            scheduler().start(grace);
            started = true;
        }
    }

    /// Whether a job of this program is due or runs, or has never been entered: what a process that ends with
    /// its request looks for.
    public boolean isBusy() throws SQLException {
        return !declared.isEmpty() && records().isBusy(declared);
    }

    String put(Declared.Later<?> job, @Nullable Object data, Instant due, Transaction transaction)
            throws SQLException {
        JobScheduler open = scheduler();
        String instance = ids.next();
        open.put(job, instance, data, due, transaction);
        if (!due.isAfter(clock().instant())) {
            transaction.afterCommit(open::look);
        }
        return instance;
    }

    InstantSource clock() {
        return database.clock();
    }

    private synchronized JobScheduler scheduler() {
        JobScheduler open = scheduler;
        if (open == null) {
            open = new JobScheduler(database, List.copyOf(declared), layer);
            scheduler = open;
        }
        return open;
    }

    /// Ends what runs. Harmless when closed already.
    @Override
    public synchronized void close() {
        if (started) {
            scheduler().close();
            started = false;
        }
    }
}
