package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.HearthProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands that watch a Hearth and say who may.
class WatchingCommandsIT {
    private static final String PASSWORD = "correct horse battery";

    @TempDir Path folder;

    @Test
    void operators_come_and_go_and_their_passwords_are_printed_nowhere() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder).options("--http", "off");
        try (HearthProcess hearth = plan.start()) {
            HearthProcess.Result added =
                    plan.runWithInput(PASSWORD, "operator", "add", "anna", "--role", "viewer");
            assertThat(added.output()).contains("anna may use the operator site as viewer.");
            assertThat(added.exitCode()).isZero();
            assertThat(plan.run("operator", "list", "--json").output())
                    .contains("\"name\":\"anna\",\"role\":\"viewer\"");

            HearthProcess.Result again = plan.runWithInput(PASSWORD, "operator", "add", "anna");
            assertThat(again.output()).contains("there is an operator \"anna\" already");
            assertThat(again.exitCode()).isEqualTo(64);
            assertThat(plan.runWithInput("short", "operator", "password", "anna").output())
                    .contains("a password has 10 to 1000 characters");

            assertThat(plan.run("operator", "remove", "anna").exitCode()).isZero();
            assertThat(plan.run("operator", "remove", "anna").exitCode()).isEqualTo(1);
            assertThat(added.output() + again.output() + hearth.output()).doesNotContain(PASSWORD);
        }
    }

    @Test
    void status_asks_over_the_socket_and_says_when_nobody_answers() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder).options("--http", "off");
        try (HearthProcess _ = plan.start()) {
            assertThat(plan.run("status").output()).contains("Requests", "0 wait, 0 to be tried");
            assertThat(plan.run("status", "--json").output()).startsWith("{\"at\":\"");
        }
        HearthProcess.Result alone = plan.run("status");
        assertThat(alone.output()).contains("no Hearth answers at unix:");
        assertThat(alone.exitCode()).isEqualTo(69);
    }

    @Test
    void doctor_finds_what_is_wrong_and_what_to_do_about_it() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder);
        try (HearthProcess hearth = plan.start()) {
            HearthProcess.Result well = plan.run("doctor", "--url", hearth.uri("").toString());
            assertThat(well.output())
                    .contains(
                            "ok     database",
                            "ok     clock",
                            "ok     readiness",
                            "ok     front server");
            assertThat(well.exitCode()).isZero();

            Files.setPosixFilePermissions(
                    hearth.data().resolve("hearth.db"),
                    PosixFilePermissions.fromString("rw-r--r--"));
            HearthProcess.Result open = plan.run("doctor");
            assertThat(open.output()).contains("WRONG  permissions", "chmod 600");
            assertThat(open.exitCode()).isEqualTo(1);
        }
        assertThat(plan.run("doctor").output()).contains("WRONG  process");
    }

    @Test
    void shells_can_complete_commands() throws Exception {
        assertThat(HearthProcess.in(folder).run("generate-completion").output())
                .contains("complete -F", "operator", "doctor");
    }
}
