package dev.hearth.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import dev.hearth.storage.CannotStartException;
import dev.hearth.storage.CannotStartException.Kind;
import dev.hearth.storage.Database;
import dev.hearth.storage.Dialect;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The scheduler itself: db-scheduler, with the settings that make it fit here.
final class JobScheduler implements AutoCloseable {
    private static final int THREADS = 4;
    private static final Duration LOOKING = Duration.ofSeconds(1);

    /// A job whose process died is taken up after four of these; the library's own would be half an hour.
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final int MISSED_HEARTBEATS = 4;

    /// Jobs of a program that is older or newer than this one wait for it; the library's own is 14 days.
    private static final Duration UNKNOWN_ARE_KEPT = Duration.ofDays(100 * 365L);

    private final Database database;
    private final JobLayer layer;
    private final JobData data = new JobData();
    private final List<RecurringTask<Void>> recurring = new ArrayList<>();
    private final List<Task<?>> later = new ArrayList<>();
    private final SchedulerClient client;
    private volatile @Nullable Scheduler running;

    JobScheduler(Database database, List<Declared> jobs, JobLayer layer) {
        this.database = database;
        this.layer = layer;
        Attempts attempts = new Attempts(database, layer);
        for (Declared job : jobs) {
            switch (job) {
                case Declared.Recurring again -> recurring.add(task(again, attempts));
                case Declared.Later<?> once -> later.add(task(once, attempts));
            }
        }
        client =
                SchedulerClient.Builder.create(new CallersConnection(), later)
                        .serializer(data)
                        .jdbcCustomization(customization())
                        .build();
    }

    private JdbcCustomization customization() {
        return Millis.on(database.dialect());
    }

    private static RecurringTask<Void> task(Declared.Recurring job, Attempts attempts) {
        Schedule schedule = schedule(job);
        return Tasks.recurring(job.name(), schedule)
                .onFailure((failed, next) -> attempts.failed(failed, next, schedule))
                .execute((_, context) -> attempts.run(context, "", job.job()));
    }

    @SuppressWarnings("NullAway") // who has put off null gets null
    private <T> Task<KeptData> task(Declared.Later<T> job, Attempts attempts) {
        return Tasks.oneTime(job.name(), KeptData.class)
                .onFailure(attempts::failed)
                .execute((instance, context) -> {
                    KeptData kept = instance.getData();
                    attempts.run(
                            context,
                            kept.origin(),
                            run -> job.job().run(data.data(kept, job.type()), run));
                });
    }

    private static Schedule schedule(Declared.Recurring job) {
        return switch (job.timetable()) {
            case Timetable.Interval(Duration pause) -> Schedules.fixedDelay(pause);
            case Timetable.Daily daily ->
                    Schedules.daily(daily.zone(), daily.times().toArray(new LocalTime[0]));
            case Timetable.Cron cron -> cron(job.name(), cron);
        };
    }

    private static Schedule cron(String name, Timetable.Cron cron) {
        try {
            return new CronSchedule(cron.expression(), cron.zone(), CronStyle.UNIX);
        } catch (IllegalArgumentException wrong) {
            throw new CannotStartException(
                    Kind.CONFIGURATION,
                    "The job %s cannot run at \"%s\": %s."
                            .formatted(name, cron.expression(), wrong.getMessage()),
                    wrong);
        }
    }

    void start(Duration grace) throws SQLException {
        SchedulerBuilder builder =
                Scheduler.create(database.connections(), later)
                        .startTasks(recurring)
                        .serializer(data)
                        .jdbcCustomization(customization())
                        .clock(() -> database.clock().instant())
                        .threads(THREADS)
                        .pollingInterval(LOOKING)
                        .heartbeatInterval(HEARTBEAT)
                        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                        .deleteUnresolvedAfter(UNKNOWN_ARE_KEPT)
                        .shutdownMaxWait(grace)
                        .failureLogging(LogLevel.OFF, false); // Attempts does
        if (database.dialect() == Dialect.POSTGRESQL) {
            builder.commitWhenAutocommitDisabled(true).pollUsingLockAndFetch(0.5, 1.0);
        } else {
            releaseAbandoned();
            builder.pollUsingFetch(0.5, 1.0);
        }
        Scheduler scheduler = builder.build();
        running = scheduler;
        scheduler.start();
    }

    /// One process at a time serves a SQLite file, so what seems to run was left by one that died.
    private void releaseAbandoned() throws SQLException {
        database.write(tx ->
                tx.update(
                        """
                        UPDATE scheduled_tasks
                           SET picked = FALSE, picked_by = NULL, last_heartbeat = NULL, version = version + 1
                         WHERE picked
                        """));
    }

    void put(
            Declared.Later<?> job,
            String instance,
            @Nullable Object given,
            Instant due,
            Transaction transaction) {
        CallersConnection.in(
                transaction,
                () ->
                        client.scheduleIfNotExists(
                                new TaskInstance<>(
                                        job.name(), instance, data.kept(given, layer.origin())),
                                due));
    }

    /// Looks at once whether anything is due.
    void look() {
        Scheduler scheduler = running;
        if (scheduler != null) {
            scheduler.triggerCheckForDueExecutions();
        }
    }

    @Override
    public void close() {
        Scheduler scheduler = running;
        if (scheduler != null) {
            running = null;
            scheduler.stop();
        }
    }
}
