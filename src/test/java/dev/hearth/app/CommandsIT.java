package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.HearthProcess;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The program from outside: what it prints, what it leaves, how it ends.
class CommandsIT {
    @TempDir Path folder;

    @Test
    void a_handler_of_a_source_that_is_not_configured_is_named_at_the_start() throws Exception {
        try (HearthProcess hearth =
                HearthProcess.in(folder).program(UnknownSourceProgram.class).start()) {
            assertThat(hearth.output())
                    .contains(
                            "events of \"strpie\" have a handler, but there is no such source: set webhook.strpie.secret")
                    .doesNotContain("events of \"stripe\"");
        }
    }

    @Test
    void the_first_start_needs_no_configuration_and_a_sent_event_is_done() throws Exception {
        HearthProcess.Plan plan =
                HearthProcess.in(folder).environment("HEARTH_WEBHOOK_STRIPE_SECRET", "");
        try (HearthProcess hearth = plan.start()) {
            Path secret = hearth.data().resolve("webhook-stripe.secret");

            assertThat(hearth.output())
                    .contains("unix:" + hearth.socket(), "their secret was made here: " + secret)
                    .contains("Try next, in another terminal:", "inbox list");
            assertThat(Files.readString(secret)).startsWith("whsec_").hasSizeGreaterThan(40);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                    .isEqualTo("rw-------");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(
                                            hearth.data().resolve("hearth.db"))))
                    .isEqualTo("rw-------");

            HearthProcess.Result sent =
                    plan.run(
                            "send",
                            "stripe",
                            "payment_intent.succeeded",
                            "--http=" + hearth.uri("").getAuthority());
            assertThat(sent.output()).contains("200");
            assertThat(sent.exitCode()).isZero();
            HearthProcess.Result overFastCgi =
                    plan.run("send", "stripe", "payment_intent.succeeded", "--http=off");
            assertThat(overFastCgi.output()).contains("200");

            dev.hearth.testing.Await.until(
                    "both events are done",
                    () -> plan.run("inbox", "list").output().split(" done ", -1).length == 3);
            assertThat(hearth.stop()).isZero();
            assertThat(hearth.data().resolve("hearth.sock")).doesNotExist();
        }
    }

    @Test
    void a_second_start_keeps_the_secret() throws Exception {
        HearthProcess.Plan plan =
                HearthProcess.in(folder).environment("HEARTH_WEBHOOK_STRIPE_SECRET", "");
        String first;
        try (HearthProcess hearth = plan.start()) {
            first = Files.readString(hearth.data().resolve("webhook-stripe.secret"));
        }
        try (HearthProcess hearth = plan.start()) {
            assertThat(Files.readString(hearth.data().resolve("webhook-stripe.secret")))
                    .isEqualTo(first);
        }
    }

    @Test
    void health_and_readiness_are_told() throws Exception {
        try (HearthProcess hearth = HearthProcess.in(folder).start();
                HttpClient http = HttpClient.newHttpClient()) {
            for (String path : new String[] {"/healthz", "/readyz"}) {
                var answer =
                        http.send(
                                HttpRequest.newBuilder(hearth.uri(path)).build(),
                                BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
            }
        }
    }

    @Test
    void a_source_without_a_secret_is_not_ready_and_check_says_so() throws Exception {
        HearthProcess.Plan plan =
                HearthProcess.in(folder)
                        .environment("HEARTH_WEBHOOK_STRIPE_SECRET", "")
                        .environment("HEARTH_WEBHOOK_STRIPE_SCHEME", "stripe");
        try (HearthProcess hearth = plan.start();
                HttpClient http = HttpClient.newHttpClient()) {
            var answer =
                    http.send(
                            HttpRequest.newBuilder(hearth.uri("/readyz")).build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("the webhook source stripe has no secret");
        }
        HearthProcess.Result checked = plan.run("check");
        assertThat(checked.output()).contains("WRONG", "has no secret");
        assertThat(checked.exitCode()).isEqualTo(78);
    }

    /// Others may pass through the data folder to a name that they know.
    @Test
    void a_database_that_check_makes_is_its_owners_alone() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder);
        assertThat(plan.run("check").exitCode()).isZero();

        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("data/hearth.db"))))
                .isEqualTo("rw-------");
    }

    @Test
    void check_sees_what_would_end_the_start_although_it_is_used_later() throws Exception {
        HearthProcess.Plan outgoing =
                HearthProcess.in(folder)
                        .environment("HEARTH_OUTGOING_WAREHOUSE_URL", "http://warehouse.example/")
                        .environment("HEARTH_OUTGOING_WAREHOUSE_SECRET", "whsec_cGxhbnRlZA==");
        HearthProcess.Result checked = outgoing.run("check");
        assertThat(checked.output()).contains("WRONG", "outgoing.warehouse", "https://");
        assertThat(checked.exitCode()).isEqualTo(78);

        HearthProcess.Result payments =
                HearthProcess.in(folder)
                        .environment("HEARTH_STRIPE_API_KEY", "sk_test_planted")
                        .environment("HEARTH_STRIPE_API_BASE", "127.0.0.1:12111")
                        .run("check");
        assertThat(payments.output())
                .contains("WRONG", "stripe.api_base must be an http or https address")
                .doesNotContain("planted");
    }

    @Test
    void a_broken_configuration_names_file_line_and_key() throws Exception {
        Files.writeString(
                folder.resolve("hearth.toml"), "http = \"off\"\n[stripe]\napikey = \"x\"\n");

        expectRefusal(
                HearthProcess.in(folder).run("serve"),
                78,
                "hearth: hearth.toml:3: unknown key \"stripe.apikey\"; did you mean \"stripe.api_key\"?");
    }

    @Test
    void a_port_in_use_is_one_sentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();

            expectRefusal(
                    HearthProcess.in(folder).run("serve", "--http", address),
                    75,
                    "hearth: cannot serve HTTP on " + address + ": Address already in use");
            expectRefusal(
                    HearthProcess.in(folder).run("serve", "--http=off", "--listen", address),
                    75,
                    "hearth: cannot listen on " + address);
        }
    }

    @Test
    void a_data_folder_that_cannot_be_written_is_one_sentence() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        expectRefusal(
                HearthProcess.in(folder).run("serve", "--data", file + "/data"),
                73,
                "hearth: cannot write to the data folder " + file + "/data");
    }

    @Test
    void a_second_process_on_the_same_database_is_one_sentence() throws Exception {
        try (HearthProcess _ = HearthProcess.in(folder).start()) {
            expectRefusal(
                    HearthProcess.in(folder)
                            .run(
                                    "serve",
                                    "--http=off",
                                    "--listen",
                                    "unix:" + folder + "/other.sock"),
                    75,
                    "hearth: ");
            expectRefusal(
                    HearthProcess.in(folder).run("serve", "--http=off"),
                    75,
                    "another process serves it");
        }
    }

    @Test
    void a_newer_schema_is_one_sentence() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder);
        Path data;
        try (HearthProcess hearth = plan.start()) {
            data = hearth.data();
            hearth.stop();
        }
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + data.resolve("hearth.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate(
                    "UPDATE flyway_schema_history SET version = '999' WHERE version IS NOT NULL");
        }

        expectRefusal(plan.run("serve"), 78, "hearth: ");
    }

    @Test
    void a_wrong_command_line_is_explained() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder);

        assertThat(plan.run("serve", "--lisen", "x").exitCode()).isEqualTo(64);
        assertThat(plan.run("srve").output()).contains("srve");
        assertThat(plan.run("serve", "--help").exitCode()).isZero();
        assertThat(plan.run("--help").output()).contains("COMMAND").contains("inbox");
        assertThat(plan.run("-h").output()).isEqualTo(plan.run("--help").output());
        assertThat(plan.run("--version").output())
                .isEqualTo(plan.run("version").output())
                .startsWith("Hearth ");
        assertThat(plan.run("version", "--json").output()).contains("{\"hearth\":");
        assertThat(plan.run("inbox", "list").output()).contains("start Hearth first");
    }

    @Test
    void sigusr1_and_sigint_end_it_with_zero_as_sigterm_does() throws Exception {
        for (String signal : new String[] {"USR1", "INT", "TERM"}) {
            try (HearthProcess hearth = HearthProcess.in(folder).start()) {
                hearth.process().signal(signal);
                assertThat(hearth.process().awaitExit()).as(signal).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"USR1", "INT", "TERM"})
    void a_signal_during_the_start_ends_it_with_zero_and_a_sentence(String signal)
            throws Exception {
        Path configuration = folder.resolve("hearth.toml");
        assertThat(new ProcessBuilder("mkfifo", configuration.toString()).start().waitFor())
                .isZero();
        try (HearthProcess hearth =
                HearthProcess.in(folder).options("--config", configuration.toString()).launch()) {
            // Opened when the start has come to reading it, which goes on until this is closed.
            try (OutputStream _ = Files.newOutputStream(configuration)) {
                hearth.process().signal(signal);
                assertThat(hearth.process().awaitExit()).isZero();
            }
            assertThat(hearth.output())
                    .isEqualTo("hearth: SIG%s during the start: stopped\n".formatted(signal));
            assertThat(hearth.data()).doesNotExist();
        }
    }

    private static void expectRefusal(HearthProcess.Result result, int exitCode, String sentence) {
        assertThat(result.output()).contains(sentence).doesNotContain("\tat ", "Exception");
        assertThat(result.output().lines().filter(line -> line.startsWith("hearth: "))).hasSize(1);
        assertThat(result.exitCode()).as(result.output()).isEqualTo(exitCode);
    }
}
