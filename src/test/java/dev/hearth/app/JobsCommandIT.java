package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Hearth;
import dev.hearth.jobs.Timetable;
import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.HearthProcess.Result;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator does with jobs, by commands, and what is written down of it.
class JobsCommandIT {
    @TempDir Path folder;

    /// What the process runs: a job whose time has not come. Its set-up asks the database, as programs do.
    static final class Program {
        private Program() {}

        record Order(String id) {}

        static void main(String[] args) {
            Hearth.run(
                    args,
                    app -> {
                        app.database().write(tx -> tx.update("DELETE FROM job_failure"));
                        app.every("clean-up", Timetable.daily("03:00"), _ -> {});
                        app.later("remind", Order.class, (_, _) -> {});
                    });
        }
    }

    @Test
    void jobs_are_listed_run_now_and_tried_again_and_the_audit_tells() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder).program(Program.class);
        HearthProcess.Plan tool = HearthProcess.in(folder);
        try (HearthProcess hearth = plan.start()) {
            Await.until(
                    "the job is entered",
                    () -> tool.run("jobs", "list").output().contains("clean-up"));
            assertThat(tool.run("jobs", "list").output())
                    .containsPattern("T03:00:00Z +clean-up +recurring +has not run yet");

            assertThat(tool.run("jobs", "run", "clean-up").output()).contains("clean-up is due");
            Await.until(
                    "it ran",
                    () ->
                            tool.run("jobs", "list").output().contains("recurring")
                                    && tool.run("jobs", "list", "--json")
                                            .output()
                                            .contains("\"last_success\":\"2"));

            letDie(hearth.data().resolve("hearth.db"));
            assertThat(tool.run("jobs", "list").output())
                    .containsPattern("given up +remind +one +failed 12× .*: nobody answers");
            assertThat(tool.run("jobs", "list", "--json").output())
                    .contains("\"state\":\"waiting\"", "\"state\":\"dead\"");
            assertThat(tool.run("jobs", "retry", "remind", "one", "--json").output())
                    .contains("\"instance\":\"one\",\"due\":true");
            Await.until("it ran, too", () -> !tool.run("jobs", "list").output().contains("remind"));
        }
        Result none = tool.run("jobs", "run", "tidy");
        assertThat(none.output()).contains("no job \"tidy\"", "hearth jobs list");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(tool.run("jobs", "retry", "remind", "one").exitCode()).isEqualTo(1);
        assertThat(tool.run("jobs", "list", "--limit=0").exitCode()).isEqualTo(64);

        assertThat(tool.run("audit", "--since=1h").output())
                .containsPattern("run job +clean-up recurring +command line +done")
                .containsPattern("run job +tidy recurring +command line +unchanged")
                .containsPattern("revive job +remind one +command line +done");
        assertThat(tool.run("audit", "--action=run", "--subject=tid", "--json").output())
                .containsOnlyOnce("\"action\":\"run job\"")
                .contains("\"subject\":\"tidy recurring\"");
        assertThat(tool.run("audit", "--operator=nobody").output()).contains("No such action");
        assertThat(tool.run("audit", "--since=1h", "--before=2026-01-01").output())
                .contains("No such action");
        assertThat(tool.run("audit", "--since=yesterday").exitCode()).isEqualTo(64);
    }

    private static void letDie(Path database) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            connection
                    .createStatement()
                    .execute(
                            "INSERT INTO job_failure (name, instance, data, attempts, failed_at, error, dead)"
                                    + " VALUES ('remind', 'one', '{\"id\":\"17\"}', 12, 1795255200000,"
                                    + " 'nobody answers', TRUE)");
        }
    }
}
