package dev.hearth.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.hearth.storage.CannotStartException;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.Await;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What jobs promise, on either database.
abstract class JobsContract {
    record Reminder(String order, List<String> lines) {}

    static final Reminder TEA = new Reminder("tea", List.of("a", "b"));
    static final Duration GRACE = Duration.ofSeconds(5);
    static final Duration LONG = Duration.ofDays(3);

    @TempDir Path folder;
    Database database;
    Jobs jobs;
    final Queue<String> done = new ConcurrentLinkedQueue<>();

    abstract DatabaseLocation location();

    @BeforeEach
    void open() {
        database = Database.open(location());
        jobs = new Jobs(database);
    }

    @AfterEach
    void close() {
        jobs.close();
        database.close();
    }

    private Later<Reminder> remind() {
        return jobs.later(
                "remind",
                Reminder.class,
                (reminder, run) ->
                        done.add(
                                reminder.order()
                                        + " "
                                        + reminder.lines().size()
                                        + " "
                                        + run.attempt()));
    }

    private List<JobEntry> entries() throws SQLException {
        return jobs.records().list(10);
    }

    @Test
    void a_job_runs_once_the_transaction_is_committed() throws Exception {
        Later<Reminder> remind = remind();
        jobs.start(GRACE);
        database.write(tx -> {
            remind.now(TEA, tx);
            return tx.update("UPDATE job_failure SET dead = dead");
        });
        Await.until("it ran", () -> List.copyOf(done).equals(List.of("tea 2 1")));
        Await.until("it is gone", () -> entries().isEmpty());
    }

    static final class Lines extends TreeMap<String, Integer> {
        private static final long serialVersionUID = 1L;

        @JsonCreator
        Lines(Map<String, Integer> lines) {
            super(lines);
        }
    }

    private static final class Following implements JobLayer {
        final Queue<String> origins = new ConcurrentLinkedQueue<>();

        @Override
        public String origin() {
            return "trace \"1\"";
        }

        @Override
        public void around(JobRun run, String origin, Work work) throws Exception {
            origins.add(run.name() + " of " + origin);
            work.call();
        }
    }

    @Test
    void what_was_going_on_is_kept_with_the_work_and_given_back_with_each_attempt()
            throws Exception {
        Following layer = new Following();
        jobs.around(layer);
        AtomicBoolean fails = new AtomicBoolean(true);
        Later<Reminder> remind =
                jobs.later(
                        "remind",
                        Reminder.class,
                        (reminder, run) -> {
                            done.add(reminder.order());
                            if (fails.getAndSet(false)) {
                                throw new IllegalStateException("not yet");
                            }
                        });
        Later<String> note = jobs.later("note", String.class, (text, run) -> done.add(text));
        Later<Lines> list =
                jobs.later("list", Lines.class, (lines, run) -> done.add(lines.toString()));
        jobs.start(GRACE);
        database.write(tx -> {
            remind.now(TEA, tx);
            note.now("plain text", tx);
            list.now(new Lines(Map.of("a", 1)), tx);
            return null;
        });

        Await.until("all ran", () -> done.size() == 3);
        assertThat(done).containsExactlyInAnyOrder("tea", "plain text", "{a=1}");
        Await.until(
                "one failed", () -> entries().size() == 1 && entries().getFirst().failures() == 1);
        jobs.records().runNow("remind", entries().getFirst().instance());
        Await.until("it ran again", () -> done.size() == 4);
        // Where data is no object of its own there is no room for it.
        assertThat(layer.origins)
                .containsExactlyInAnyOrder(
                        "remind of trace \"1\"", "remind of trace \"1\"", "note of ", "list of ");
    }

    @Test
    void a_job_is_undone_with_its_transaction() throws Exception {
        Later<Reminder> remind = remind();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() ->
                        database.write(tx -> {
                            remind.now(TEA, tx);
                            throw new IllegalStateException("the order failed");
                        }));
        assertThat(entries()).isEmpty();
        assertThat(jobs.isBusy()).isFalse();
    }

    @Test
    void a_job_waits_for_its_time_and_can_be_called_for() throws Exception {
        Later<Reminder> remind = remind();
        String instance = database.write(tx -> remind.after(LONG, TEA, tx));
        jobs.start(GRACE);
        JobEntry entry = entries().getFirst();
        assertThat(entry.instance()).isEqualTo(instance);
        assertThat(entry.next())
                .isAfter(database.clock().instant().plus(LONG).minus(Duration.ofMinutes(1)));
        assertThat(entry.recurs()).isFalse();
        assertThat(jobs.isBusy()).isFalse();

        assertThat(jobs.records().runNow(entry.name(), entry.instance())).isTrue();
        Await.until("it ran", () -> done.contains("tea 2 1"));
        assertThat(jobs.records().runNow("nobody", "x")).isFalse();
    }

    @Test
    void a_job_comes_back_and_its_failures_can_be_seen() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        jobs.every(
                "sweep",
                Timetable.interval(LONG),
                run -> {
                    done.add("sweep");
                    if (fails.get()) {
                        throw new java.io.IOException("the broom is broken \0");
                    }
                });
        assertThat(jobs.isBusy()).as("never entered").isTrue();
        jobs.start(GRACE);
        Await.until("it failed", () -> entries().stream().anyMatch(job -> job.failures() == 1));
        JobEntry failed = entries().getFirst();
        assertThat(failed.error()).contains("java.io.IOException: the broom is broken \ufffd");
        assertThat(failed.lastSuccess()).isEmpty();
        assertThat(failed.recurs()).isTrue();
        assertThat(failed.next()).isBefore(database.clock().instant().plus(Duration.ofMinutes(1)));

        fails.set(false);
        assertThat(jobs.records().runNow("sweep")).isTrue();
        Await.until(
                "it succeeded",
                () -> entries().stream().anyMatch(job -> job.lastSuccess().isPresent()));
        JobEntry well = entries().getFirst();
        assertThat(well.failures()).isZero();
        assertThat(well.error()).isEmpty();
        assertThat(well.next()).isAfter(database.clock().instant().plus(Duration.ofDays(2)));
        assertThat(done).containsExactly("sweep", "sweep");
    }

    @Test
    void a_job_that_keeps_failing_is_kept_as_dead_and_can_be_revived_or_given_up()
            throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        Later<Reminder> remind =
                jobs.later(
                        "remind",
                        Reminder.class,
                        (reminder, run) -> {
                            if (fails.get()) {
                                throw new IllegalStateException("no such order");
                            }
                            done.add(reminder.order() + " " + run.attempt());
                        });
        database.write(tx -> {
            remind.now(TEA, tx);
            return tx.update("UPDATE scheduled_tasks SET consecutive_failures = 8");
        });
        jobs.start(GRACE);
        Await.until("it is dead", () -> jobs.records().countDead() == 1);
        DeadJob dead = jobs.records().dead(10).getFirst();
        assertThat(dead.attempts()).isEqualTo(9);
        assertThat(dead.data()).isEqualTo("{\"order\":\"tea\",\"lines\":[\"a\",\"b\"]}");
        assertThat(dead.error()).contains("no such order");
        Await.until("it left the queue", () -> entries().isEmpty());

        fails.set(false);
        assertThat(jobs.records().revive(dead.name(), dead.instance())).isTrue();
        assertThat(jobs.records().revive(dead.name(), dead.instance())).isFalse();
        Await.until("it ran", () -> done.contains("tea 1"));
        assertThat(jobs.records().discard(dead.name(), dead.instance())).isFalse();
        assertThat(jobs.records().countDead()).isZero();
    }

    @Test
    void after_each_failure_comes_a_longer_pause_and_after_the_last_none() {
        Instant now = Instant.EPOCH;
        assertThat(Attempts.next(1, now)).contains(now.plusSeconds(10));
        assertThat(Attempts.next(8, now)).contains(now.plus(Duration.ofDays(1)));
        assertThat(Attempts.next(9, now)).isEqualTo(Optional.empty());
    }

    @Test
    void work_of_a_job_that_this_program_does_not_know_is_kept() throws Exception {
        Later<Reminder> remind = remind();
        database.write(tx -> {
            remind.now(TEA, tx);
            return null;
        });
        try (Jobs newer = new Jobs(database)) {
            newer.every("other", Timetable.interval(LONG), _ -> done.add("other"));
            newer.start(GRACE);
            Await.until("the other ran", () -> done.contains("other"));
        }
        assertThat(done).containsExactly("other");
        assertThat(entries()).extracting(JobEntry::name).contains("remind");
    }

    @Test
    void what_cannot_be_a_job_is_refused_with_a_sentence() {
        remind();
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(this::remind)
                .withMessage("Two jobs have the name \"remind\".");
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> jobs.every("a b", Timetable.daily("03:00"), _ -> {}))
                .withMessageContaining("cannot be named \"a b\"");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Timetable.daily("3 o'clock"))
                .withMessageContaining("03:00 or 15:30");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Timetable.interval(Duration.ofMillis(999)));
        jobs.every("cron", Timetable.cron("61 * * * *"), _ -> {});
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> jobs.start(GRACE))
                .withMessageContaining("cannot run at \"61 * * * *\"");
    }

    @Test
    void a_timetable_of_days_or_cron_names_its_next_time() throws Exception {
        jobs.every("daily", Timetable.daily("03:00", "15:30"), _ -> done.add("daily"));
        jobs.every("monday", Timetable.cron("0 3 * * 1"), _ -> done.add("monday"));
        jobs.start(GRACE);
        Await.until("both are entered", () -> jobs.records().count() == 2);
        assertThat(entries())
                .allSatisfy(job -> assertThat(job.next()).isAfter(database.clock().instant()));
    }
}
