package dev.hearth.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.Await;
import dev.hearth.testing.PostgresServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobsOnPostgresIT extends JobsContract {
    private final DatabaseLocation location = PostgresServer.shared().newDatabase();

    @Override
    DatabaseLocation location() {
        return location;
    }

    @Test
    void of_two_processes_one_runs_a_job() throws Exception {
        Later<Reminder> here =
                jobs.later("remind", Reminder.class, (reminder, _) -> done.add(reminder.order()));
        try (Database there = Database.open(location);
                Jobs others = new Jobs(there)) {
            others.later("remind", Reminder.class, (reminder, _) -> done.add(reminder.order()));
            jobs.start(GRACE);
            others.start(GRACE);
            for (int i = 0; i < 40; i++) {
                Reminder each = new Reminder("order " + i, List.of());
                database.write(tx -> {
                    here.now(each, tx);
                    return null;
                });
            }
            Await.until("all are gone", () -> jobs.records().count() == 0);
        }
        assertThat(done).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void what_a_dead_process_left_running_is_taken_up_when_its_heart_has_stopped()
            throws Exception {
        Later<Reminder> remind =
                jobs.later("remind", Reminder.class, (reminder, _) -> done.add(reminder.order()));
        database.write(tx -> {
            remind.now(TEA, tx);
            return tx.update(
                    "UPDATE scheduled_tasks SET picked = TRUE, picked_by = 'a dead process', last_heartbeat = ?",
                    database.clock().instant().minus(Duration.ofSeconds(41)));
        });
        jobs.start(GRACE);
        Await.until("it ran", () -> done.contains("tea"));
    }
}
