package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.WaitingProgram;
import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What a process that serves does with a configuration that has changed, on SIGHUP.
class ReloadIT extends ServiceFixture {
    @Test
    void sighup_takes_new_secrets_and_names_what_needs_a_restart() throws Exception {
        Path file = folder.resolve("hearth.toml");
        Files.writeString(file, "[webhook.stripe]\nsecret = \"whsec_before\"\n");
        try (HearthProcess hearth =
                HearthProcess.in(folder).environment("HEARTH_WEBHOOK_STRIPE_SECRET", "").start()) {
            assertThat(post(hearth, "whsec_before", "evt_1")).isEqualTo(200);

            Files.writeString(
                    file,
                    """
                    [webhook.stripe]
                    secret = "whsec_after"
                    [webhook.github]
                    secret = "hush"
                    [database]
                    pool_size = 7
                    [log]
                    level = "debug"
                    """);
            hearth.process().signal("HUP");
            hearth.process().awaitOutput("read again");

            assertThat(post(hearth, "whsec_after", "evt_2")).isEqualTo(200);
            assertThat(post(hearth, "whsec_before", "evt_3")).isEqualTo(400);
            assertThat(hearth.output())
                    .contains(
                            "only from the next start on: [database.pool_size,"
                                    + " webhook.github.secret]")
                    .contains("changed: [log.level, webhook.stripe.secret]")
                    .doesNotContain("whsec_after", "hush");
        }
    }

    @Test
    void a_new_stop_grace_holds_at_once() throws Exception {
        Path file = folder.resolve("hearth.toml");
        Files.writeString(file, "stop.grace = \"10m\"\n");
        Path never = folder.resolve("never");
        try (HearthProcess hearth =
                HearthProcess.in(folder).program(WaitingProgram.class).start()) {
            CompletableFuture<HttpResponse<String>> answer = waiting(hearth, never);
            Files.writeString(file, "stop.grace = \"50ms\"\n");
            hearth.process().signal("HUP");
            hearth.process().awaitOutput("changed: [stop.grace]");

            assertThat(hearth.stop()).isZero(); // and not after ten minutes
            assertThat(answer).failsWithin(Duration.ofSeconds(60));
        }
    }

    @Test
    void sighup_changes_the_form_of_the_log() throws Exception {
        try (HearthProcess hearth = HearthProcess.in(folder).start()) {
            Files.writeString(folder.resolve("hearth.toml"), "log.format = \"json\"\n");
            hearth.process().signal("HUP");
            hearth.process().awaitOutput("read again");

            assertThat(hearth.output())
                    .contains("\"message\":\"SIGHUP: read again; changed: [log.format]\"")
                    .doesNotContain("only from the next start");
        }
    }

    @Test
    void the_access_log_has_the_form_that_is_asked_for() throws Exception {
        Files.writeString(
                folder.resolve("hearth.toml"), "log.access = '%R \"%m %r\" %s %{HTTP_X_A}e end'\n");
        try (HearthProcess hearth = HearthProcess.in(folder).start()) {
            get(hearth, "/healthz");
            hearth.process().awaitOutput("127.0.0.1 \"GET /healthz\" 200 - end");
        }
    }

    @Test
    void sighup_turns_the_access_log_on_changes_its_form_and_turns_it_off() throws Exception {
        Path file = folder.resolve("hearth.toml");
        try (HearthProcess hearth = HearthProcess.in(folder).start()) {
            get(hearth, "/healthz?unseen");
            for (String form : List.of("one %m %f", "two %m %f")) {
                Files.writeString(file, "log.access = '%s'\n".formatted(form));
                hearth.process().signal("HUP");
                String of = form.substring(0, 3);
                Await.until(
                        "logged in the form of " + of,
                        () -> {
                            get(hearth, "/healthz");
                            return hearth.output().contains(of + " GET /healthz");
                        });
            }
            Files.writeString(file, "log.access = 'off'\n");
            hearth.process().signal("HUP");
            Await.until("read thrice", () -> reads(hearth) == 3);
            long before = hearth.output().lines().filter(line -> line.contains("two GET")).count();
            assertThat(get(hearth, "/readyz").statusCode()).isEqualTo(200);
            assertThat(hearth.stop()).isZero();

            assertThat(hearth.output().lines().filter(line -> line.contains("two GET")))
                    .hasSize((int) before);
            assertThat(hearth.output())
                    .contains("changed: [log.access]")
                    .doesNotContain("only from the next start");
        }
    }

    @Test
    void a_broken_configuration_changes_nothing_and_is_named() throws Exception {
        Path file = folder.resolve("hearth.toml");
        Files.writeString(file, "[webhook.stripe]\nsecret = \"whsec_before\"\n");
        try (HearthProcess hearth =
                HearthProcess.in(folder).environment("HEARTH_WEBHOOK_STRIPE_SECRET", "").start()) {
            Files.writeString(file, "[webhook.stripe]\nsecret = \"whsec_after\"\nsecrt = \"x\"\n");
            hearth.process().signal("HUP");
            hearth.process()
                    .awaitOutput(
                            "the configuration stays as it was: hearth.toml:3: unknown key"
                                    + " \"webhook.stripe.secrt\"");

            assertThat(post(hearth, "whsec_before", "evt_1")).isEqualTo(200);
            assertThat(post(hearth, "whsec_after", "evt_2")).isEqualTo(400);
        }
    }

    @Test
    void sighup_opens_a_log_file_anew_that_was_moved_away() throws Exception {
        Path log = folder.resolve("hearth.log");
        try (HearthProcess hearth =
                HearthProcess.in(folder).environment("HEARTH_LOG_FILE", log.toString()).start()) {
            hearth.process().signal("USR2");
            Await.until("a line", () -> Files.readString(log).contains("SIGUSR2"));
            Files.move(log, folder.resolve("hearth.log.1"));
            hearth.process().signal("HUP");
            Await.until("a new file", () -> Files.exists(log));
            hearth.process().signal("USR2");
            Await.until("a line in it", () -> Files.readString(log).contains("SIGUSR2"));
        }
    }

    @Test
    void the_operator_site_shows_what_holds_since_and_what_does_not_yet() throws Exception {
        Path file = folder.resolve("hearth.toml");
        Files.writeString(file, "log.access = \"off\"\ndatabase.pool_size = 5\n");
        HearthProcess.Plan plan = HearthProcess.in(folder);
        try (HearthProcess hearth = plan.start()) {
            plan.runWithInput("correct horse battery", "operator", "add", "anna");
            String cookie = signIn(hearth);
            assertThat(configuration(hearth, cookie))
                    .containsPattern("log.access.* off .*hearth.toml:1 ")
                    .containsPattern("database.pool_size.* 5 .*hearth.toml:2 ");

            Files.writeString(file, "database.pool_size = 7\nlog.access = \"json\"\n");
            hearth.process().signal("HUP");
            hearth.process().awaitOutput("read again");

            assertThat(configuration(hearth, cookie))
                    .containsPattern("log.access.* json .*hearth.toml:2 ")
                    .containsPattern(
                            "database.pool_size.* 5 .*hearth.toml:2; from the next start on: \\S*hearth.toml:1 ");
        }
    }

    private String signIn(HearthProcess hearth) throws Exception {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(hearth.uri("/operator/sign-in"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "name=anna&password=correct+horse+battery"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(303);
        return answer.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    }

    /// The rows of the page, one a line, without markup.
    private String configuration(HearthProcess hearth, String cookie) throws Exception {
        HttpRequest page =
                HttpRequest.newBuilder(hearth.uri("/operator/configuration"))
                        .header("Cookie", cookie)
                        .build();
        return http.send(page, BodyHandlers.ofString())
                .body()
                .replace("\n", " ")
                .replace("<tr>", "\n")
                .replaceAll("<[^>]*>", " ");
    }

    private static long reads(HearthProcess hearth) {
        return hearth.output().lines().filter(line -> line.contains("read again")).count();
    }
}
