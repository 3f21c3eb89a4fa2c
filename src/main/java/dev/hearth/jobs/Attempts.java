package dev.hearth.jobs;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import dev.hearth.storage.Database;
import dev.hearth.storage.KeptText;
import java.io.Serial;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs jobs, and decides what becomes of one that fails.
final class Attempts {
    private static final Logger log = LoggerFactory.getLogger(Attempts.class);
    private static final int LONGEST_ERROR = 1_000;

    private static final List<Duration> PAUSES =
            List.of(
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofHours(2),
                    Duration.ofHours(6),
                    Duration.ofHours(12),
                    Duration.ofHours(24));

    private final Database database;
    private final JobLayer layer;

    Attempts(Database database, JobLayer layer) {
        this.database = database;
        this.layer = layer;
    }

    /// What a job threw, through a library whose handlers throw nothing checked.
    private static final class FailedException extends RuntimeException {
        @Serial private static final long serialVersionUID = 1L;

        FailedException(Exception cause) {
            super(cause);
        }
    }

    /// @param origin what the layer gave when it was put off; empty for a job that comes back by itself
    void run(ExecutionContext context, String origin, Job job) {
        Execution execution = context.getExecution();
        JobRun run =
                new JobRun(
                        execution.getTaskName(),
                        execution.getId(),
                        execution.getExecutionTime(),
                        execution.consecutiveFailures + 1);
        try {
            layer.around(run, origin, () -> job.run(run));
            if (run.attempt() > 1) {
                forget(run);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new FailedException(stopped);
        } catch (Exception failed) {
            throw new FailedException(failed);
        }
    }

    private void forget(JobRun run) throws SQLException {
        database.write(tx ->
                tx.update(
                        "DELETE FROM job_failure WHERE name = ? AND instance = ? AND NOT dead",
                        run.name(),
                        run.instance()));
    }

    /// When to try again after so many attempts, or nothing once every pause is used up.
    static Optional<Instant> next(int attempts, Instant failedAt) {
        return attempts > PAUSES.size()
                ? Optional.empty()
                : Optional.of(failedAt.plus(PAUSES.get(attempts - 1)));
    }

    /// A job that was put off is tried again later, or is dead.
    void failed(ExecutionComplete failed, ExecutionOperations<?> operations) {
        int attempts = failed.getExecution().consecutiveFailures + 1;
        Optional<Instant> next = next(attempts, failed.getTimeDone());
        record(failed, attempts, next.isEmpty());
        if (next.isPresent()) {
            operations.reschedule(failed, next.get());
        } else {
            operations.stop();
        }
    }

    /// A job that comes back does so at its next time, or sooner.
    void failed(ExecutionComplete failed, ExecutionOperations<?> operations, Schedule schedule) {
        int attempts = failed.getExecution().consecutiveFailures + 1;
        record(failed, attempts, false);
        Instant regular = schedule.getNextExecutionTime(failed);
        Instant next =
                next(attempts, failed.getTimeDone()).filter(regular::isAfter).orElse(regular);
        operations.reschedule(failed, next);
    }

    private void record(ExecutionComplete failed, int attempts, boolean dead) {
        String name = failed.getExecution().getTaskName();
        String instance = failed.getExecution().getId();
        Throwable cause = failed.getCause().map(Attempts::unwrapped).orElseGet(Throwable::new);
        if (dead) {
            log.error("job {} {} failed {} times and is dead", name, instance, attempts, cause);
        } else {
            log.warn("job {} {} failed, attempt {}", name, instance, attempts, cause);
        }
        try {
            database.write(tx ->
                    tx.update(
                            """
                            INSERT INTO job_failure (name, instance, data, attempts, failed_at, error, dead)
                            SELECT task_name, task_instance, task_data, ?, ?, ?, ?
                              FROM scheduled_tasks WHERE task_name = ? AND task_instance = ?
                            ON CONFLICT (name, instance) DO UPDATE
                               SET attempts = excluded.attempts, failed_at = excluded.failed_at,
                                   error = excluded.error, dead = excluded.dead
                            """,
                            attempts,
                            failed.getTimeDone(),
                            sentence(cause),
                            dead,
                            name,
                            instance));
        } catch (SQLException unwritten) {
            // A job must not leave the queue before it is among the dead: its heartbeat revives it.
            throw new IllegalStateException(
                    "the failure of job " + name + " could not be kept", unwritten);
        }
    }

    private static Throwable unwrapped(Throwable thrown) {
        return thrown instanceof FailedException && thrown.getCause() != null
                ? thrown.getCause()
                : thrown;
    }

    private static String sentence(Throwable cause) {
        return KeptText.of(String.valueOf(cause), LONGEST_ERROR);
    }
}
