package dev.hearth.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.Await;
import org.junit.jupiter.api.Test;

class JobsOnSqliteTest extends JobsContract {
    @Override
    DatabaseLocation location() {
        return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
    }

    @Test
    void what_a_dead_process_left_running_is_taken_up_at_the_start() throws Exception {
        Later<Reminder> remind =
                jobs.later("remind", Reminder.class, (reminder, _) -> done.add(reminder.order()));
        database.write(tx -> {
            remind.now(TEA, tx);
            return tx.update(
                    "UPDATE scheduled_tasks SET picked = TRUE, picked_by = 'a dead process', last_heartbeat = ?",
                    database.clock().instant());
        });
        assertThat(jobs.records().list(1).getFirst().running()).isTrue();
        jobs.start(GRACE);
        Await.until("it ran", () -> done.contains("tea"));
    }
}
