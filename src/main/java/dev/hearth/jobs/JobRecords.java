package dev.hearth.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.storage.Database;
import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Looks at the jobs, and puts them right, in plain SQL: for operators, also in a process that runs none.
public final class JobRecords {
    private static final String ENTRIES =
            """
            SELECT s.task_name, s.task_instance, s.execution_time, s.picked, s.last_success, s.last_failure,
                   s.consecutive_failures, f.error
              FROM scheduled_tasks s
              LEFT JOIN job_failure f ON f.name = s.task_name AND f.instance = s.task_instance
            """;

    private final Database database;

    /// Of the jobs in this database.
    public JobRecords(Database database) {
        this.database = database;
    }

    /// Jobs that wait or run, those that are due first; those that come back before those that were put off.
    public List<JobEntry> list(int limit) throws SQLException {
        return database.read(tx ->
                tx.query(
                        ENTRIES
                                + """
                                 ORDER BY CASE s.task_instance WHEN 'recurring' THEN 0 ELSE 1 END,
                                          s.execution_time, s.task_name
                                 LIMIT ?
                                """,
                        JobRecords::entry,
                        limit));
    }

    /// How many wait or run.
    public long count() throws SQLException {
        return count("SELECT count(*) AS n FROM scheduled_tasks");
    }

    /// How many are dead.
    public long countDead() throws SQLException {
        return count("SELECT count(*) AS n FROM job_failure WHERE dead");
    }

    private long count(String sql) throws SQLException {
        return database.read(tx -> tx.first(sql, row -> row.number("n"))).orElse(0L);
    }

    /// Jobs that are not tried again, the newest first.
    public List<DeadJob> dead(int limit) throws SQLException {
        return database.read(tx ->
                tx.query(
                        "SELECT * FROM job_failure WHERE dead ORDER BY failed_at DESC LIMIT ?",
                        row ->
                                new DeadJob(
                                        row.text("name"),
                                        row.text("instance"),
                                        new String(
                                                row.optionalBytes("data").orElse(new byte[0]),
                                                UTF_8),
                                        row.integer("attempts"),
                                        row.instant("failed_at"),
                                        row.text("error")),
                        limit));
    }

    /// Lets a job run within a second; false if there is none of this name that waits.
    public boolean runNow(String name, String instance) throws SQLException {
        return database.write(tx ->
                tx.update(
                        """
                        UPDATE scheduled_tasks SET execution_time = ?, version = version + 1
                         WHERE task_name = ? AND task_instance = ? AND NOT picked
                        """,
                        database.clock().instant(),
                        name,
                        instance))
                == 1;
    }

    /// As [#runNow(String, String)], for a job that comes back.
    public boolean runNow(String name) throws SQLException {
        return runNow(name, JobEntry.RECURRING);
    }

    /// Tries a dead job again from the beginning; false if there is none.
    public boolean revive(String name, String instance) throws SQLException {
        return database.write(tx -> {
            int waits =
                    tx.update(
                            """
                            INSERT INTO scheduled_tasks
                                   (task_name, task_instance, task_data, execution_time, picked, version, priority)
                            SELECT name, instance, data, ?, ?, 1, 0
                              FROM job_failure WHERE name = ? AND instance = ? AND dead
                            """,
                            database.clock().instant(),
                            false,
                            name,
                            instance);
            return waits == 1 && forget(tx, name, instance) == 1;
        });
    }

    /// Gives a dead job up for good; false if there is none.
    public boolean discard(String name, String instance) throws SQLException {
        return database.write(tx -> forget(tx, name, instance)) == 1;
    }

    private static int forget(Transaction tx, String name, String instance) throws SQLException {
        return tx.update(
                "DELETE FROM job_failure WHERE name = ? AND instance = ? AND dead", name, instance);
    }

    boolean isBusy(List<Declared> declared) throws SQLException {
        Instant now = database.clock().instant();
        Set<String> names = new HashSet<>();
        Set<String> toBeEntered = new HashSet<>();
        for (Declared job : declared) {
            names.add(job.name());
            if (job instanceof Declared.Recurring) {
                toBeEntered.add(job.name());
            }
        }
        List<JobEntry> entries =
                database.read(tx ->
                        tx.query(
                                ENTRIES + " WHERE s.task_instance = ? OR s.execution_time <= ?",
                                JobRecords::entry,
                                JobEntry.RECURRING,
                                now));
        boolean due = false;
        for (JobEntry entry : entries) {
            toBeEntered.remove(entry.name());
            due |= names.contains(entry.name()) && (entry.running() || !entry.next().isAfter(now));
        }
        return due || !toBeEntered.isEmpty();
    }

    private static JobEntry entry(Row row) throws SQLException {
        int failures = row.integer("consecutive_failures");
        Optional<String> error = failures == 0 ? Optional.empty() : row.optionalText("error");
        return new JobEntry(
                row.text("task_name"),
                row.text("task_instance"),
                row.instant("execution_time"),
                row.flag("picked"),
                row.optionalInstant("last_success"),
                row.optionalInstant("last_failure"),
                failures,
                error);
    }
}
