package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.HearthProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator does with events, by commands beside a Hearth that runs or has run.
class InboxCommandsIT {
    private static final String TYPE = "payment_intent.succeeded";

    @TempDir Path folder;

    @Test
    void many_events_are_sent_twice_shuffled_and_counted() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder);
        try (HearthProcess hearth = plan.start()) {
            String http = "--http=" + hearth.uri("").getAuthority();
            Result sent =
                    plan.run(
                            "send",
                            "stripe",
                            TYPE,
                            "--count=40",
                            "--concurrency=4",
                            "--duplicate",
                            "--shuffle",
                            "--json",
                            http);

            assertThat(sent.output())
                    .contains("\"sent\":80", "\"accepted\":40", "\"duplicates\":40")
                    .contains("\"refused\":0", "\"median_ms\":");
            assertThat(sent.exitCode()).isZero();
            for (String forged : new String[] {"--stale", "--tamper"}) {
                Result refused = plan.run("send", "stripe", TYPE, "--count=3", forged, http);
                assertThat(refused.output()).containsPattern("refused +3\n");
                assertThat(refused.exitCode()).as("refusing is right").isZero();
            }
            Await.until(
                    "all are done",
                    () ->
                            lines(plan.run("inbox", "list", "--state=done", "--limit=50", "--json"))
                                    == 40);
        }
    }

    private static long lines(Result result) {
        return result.output().lines().filter(line -> line.startsWith("{")).count();
    }

    @Test
    void dead_events_are_grouped_ignored_exported_imported_and_replayed() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder);
        try (HearthProcess hearth = plan.start()) {
            plan.run(
                    "send", "stripe", TYPE, "--count=3", "--http=" + hearth.uri("").getAuthority());
            Await.until(
                    "all are done",
                    () -> lines(plan.run("inbox", "list", "--state=done", "--json")) == 3);
        }
        letAllDie();

        assertThat(plan.run("inbox", "dead").output())
                .containsPattern("3 .* " + TYPE + " +no order #");
        Result group = plan.run("inbox", "dead", "--json");
        String newest = group.output().replaceAll("(?s).*\"newest_id\":\"([^\"]+)\".*", "$1");
        assertThat(plan.run("inbox", "show", newest, "--json").output())
                .contains("\"state\":\"dead\"", "\"failed_attempts\":[]", "\"body\":\"{");

        assertThat(plan.run("inbox", "ignore", newest).output()).contains("1 event ignored");
        Result found =
                plan.run("inbox", "list", "--since=1h", "--text=sample-", "--state=dead", "--json");
        assertThat(lines(found)).isEqualTo(2);
        assertThat(lines(plan.run("inbox", "list", "--before=" + Instant.EPOCH, "--json")))
                .isZero();

        Path file = folder.resolve("events.jsonl");
        assertThat(plan.run("inbox", "export", file.toString()).output())
                .contains("3 events exported");
        assertThat(Files.readAllLines(file)).hasSize(3);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(plan.run("inbox", "import", file.toString(), "--json").output())
                .contains("\"stored\":0,\"known\":3");
        assertThat(plan.run("inbox", "import", file + ".gone").exitCode()).isEqualTo(66);
        Result unreadable = plan.run("inbox", "import", folder.toString());
        assertThat(unreadable.output()).contains("cannot read " + folder);
        assertThat(unreadable.exitCode()).isEqualTo(66);
        Result full = plan.run("inbox", "export", "/dev/full");
        assertThat(full.output()).contains("cannot write /dev/full: No space left on device");
        assertThat(full.exitCode()).isEqualTo(73);

        assertThat(plan.run("inbox", "replay").exitCode()).isEqualTo(64);
        assertThat(plan.run("inbox", "replay", "--state=dead").output())
                .contains("2 events to be handled again");
        assertThat(lines(plan.run("inbox", "list", "--state=received", "--json"))).isEqualTo(2);

        letAllDie();
        assertThat(plan.run("inbox", "dead", "--replay", newest).output())
                .contains("3 of 3 events to be handled again: no order #");
        Result gone = plan.run("inbox", "dead", "--replay", newest);
        assertThat(gone.output()).contains("is not among the dead");
        assertThat(gone.exitCode()).isEqualTo(1);
        assertThat(plan.run("audit", "--action=replay").output())
                .contains("replay dead", "3 put back", "events with {state=dead}", "2 changed");
    }

    private void letAllDie() throws Exception {
        Path file = folder.resolve("data").resolve("hearth.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            connection
                    .createStatement()
                    .execute(
                            "UPDATE webhook_inbox SET state = 'dead', next_at = NULL, last_error = 'no order ' ||"
                                    + " external_id");
        }
    }

    @Test
    void an_option_that_is_not_understood_is_explained() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder);
        try (HearthProcess hearth = plan.start()) {
            assertThat(hearth.output()).contains("is ready");
            Result wrong = plan.run("inbox", "list", "--since=yesterday");
            assertThat(wrong.output()).contains("a time is 2h or 7d ago", "was yesterday");
            assertThat(wrong.exitCode()).isEqualTo(64);
            assertThat(plan.run("inbox", "show", "nothing").output())
                    .contains("there is no event \"nothing\"");
        }
    }
}
