package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.operator.Audit;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.Await;
import dev.hearth.testing.ChildProcess;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.NginxServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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
    void the_log_level_changes_while_it_runs_and_the_audit_log_says_who_changed_it()
            throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder);
        assertThat(plan.run("log", "level").output()).contains("control.key");
        try (HearthProcess hearth = plan.start();
                HttpClient http = HttpClient.newHttpClient()) {
            assertThat(plan.run("log", "level").output()).isEqualTo("info\n");

            HearthProcess.Result changed = plan.run("log", "level", "debug", "--json");
            assertThat(changed.output()).isEqualTo("{\"level\":\"debug\",\"before\":\"info\"}\n");
            assertThat(plan.run("log", "level").output()).isEqualTo("debug\n");
            Await.until(
                    "it is logged",
                    () -> hearth.output().contains("the log level becomes debug (it was info)"));
            assertThat(audited(hearth))
                    .containsExactly(
                            System.getProperty("user.name") + " command line log level debug done");

            HearthProcess.Result unknown = plan.run("log", "level", "loud");
            assertThat(unknown.output()).contains("no log level \"loud\"", "error, warn, info");
            assertThat(unknown.exitCode()).isEqualTo(64);

            // Nobody else finds it.
            String key = Files.readString(hearth.data().resolve("control.key")).strip();
            HttpRequest bare = HttpRequest.newBuilder(hearth.uri("/control/log-level")).build();
            assertThat(http.send(bare, BodyHandlers.discarding()).statusCode()).isEqualTo(404);
            HttpRequest wrong =
                    HttpRequest.newBuilder(bare, (_, _) -> true)
                            .header("Authorization", "Bearer " + key + "x")
                            .POST(BodyPublishers.ofString("{\"level\":\"trace\",\"by\":\"x\"}"))
                            .build();
            assertThat(http.send(wrong, BodyHandlers.discarding()).statusCode()).isEqualTo(404);
            assertThat(Files.getPosixFilePermissions(hearth.data().resolve("control.key")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(hearth.output() + changed.output()).doesNotContain(key);
        }
        assertThat(plan.run("log", "level").exitCode()).isEqualTo(69);
    }

    private static List<String> audited(HearthProcess hearth) throws Exception {
        try (Database database =
                Database.open(
                        new DatabaseLocation.SqliteFile(hearth.data().resolve("hearth.db")))) {
            return new Audit(database, database.clock())
                    .list("", 10).stream()
                            .map(entry ->
                                    String.join(
                                            " ",
                                            entry.operator(),
                                            entry.address(),
                                            entry.action(),
                                            entry.subject(),
                                            entry.outcome()))
                            .toList();
        }
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
    void doctor_names_what_keeps_requests_and_tokens_from_arriving() throws Exception {
        HearthProcess.Plan plan =
                HearthProcess.in(folder)
                        .environment("HEARTH_METRICS_TOKEN", "a-token-for-metrics")
                        .environment("HEARTH_NO_SUCH_KEY", "x")
                        .environment("HEARTH_WEBHOOK_SHOP_SCHEME", "stripe");
        HearthProcess.Result before = plan.run("doctor");
        assertThat(before.output())
                .contains("hint   configuration", "HEARTH_NO_SUCH_KEY")
                .contains("hint   data folder", "the first start makes it")
                .contains("hint   database");
        try (HearthProcess hearth = plan.start();
                NginxServer withholding =
                        NginxServer.inFrontOf(
                                hearth.socket(), "fastcgi_param HTTP_AUTHORIZATION '';", folder)) {
            HearthProcess.Result direct = plan.run("doctor", "--url", hearth.uri("/").toString());
            assertThat(direct.output())
                    .contains("ok     Authorization  arrives")
                    .contains("WRONG  readiness", "webhook.shop")
                    .doesNotContain("a-token-for-metrics");
            assertThat(plan.run("doctor", "--url", withholding.uri("").toString()).output())
                    .contains("ok     front server", "WRONG  Authorization");
            assertThat(plan.run("doctor", "--json", "--url", "http://127.0.0.1:1").output())
                    .contains("{\"weight\":\"wrong\",\"what\":\"front server\"");
            setSchema(hearth, "9999");
            assertThat(plan.run("doctor").output()).contains("WRONG  database");
        }
    }

    private static void setSchema(HearthProcess hearth, String version) throws Exception {
        try (Database database =
                Database.open(
                        new DatabaseLocation.SqliteFile(hearth.data().resolve("hearth.db")))) {
            database.write(tx ->
                    tx.update(
                            "UPDATE flyway_schema_history SET version = ? WHERE version ="
                                    + " (SELECT MAX(version) FROM flyway_schema_history)",
                            version));
        }
    }

    @Test
    void routes_are_listed_with_what_was_asked_of_them() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder);
        assertThat(plan.run("routes").exitCode()).isEqualTo(69);
        try (HearthProcess hearth = plan.start();
                HttpClient http = HttpClient.newHttpClient()) {
            for (String path : List.of("/healthz", "/healthz", "/nowhere", "/control/routes")) {
                HttpRequest request = HttpRequest.newBuilder(hearth.uri(path)).build();
                assertThat(http.send(request, BodyHandlers.discarding()).statusCode())
                        .as(path)
                        .isEqualTo(path.equals("/healthz") ? 200 : 404);
            }
            assertThat(plan.run("routes").output())
                    .containsPattern("GET /healthz +2 +0 +0 ")
                    .containsPattern("GET no route +1 +1 +0 ")
                    .containsPattern("POST /webhooks/\\{source} +0 +0 +0 .* Hearth\n")
                    .startsWith("ROUTE ");
            assertThat(plan.run("routes", "--json").output())
                    .contains("{\"method\":\"GET\",\"pattern\":\"/healthz\"")
                    .containsPattern("/control/routes\"[^}]*\"requests\":2,\"refusals\":1");
        }
    }

    @Test
    void the_configuration_is_shown_with_its_origins_and_without_secrets() throws Exception {
        Files.writeString(
                folder.resolve("hearth.toml"),
                """
                log.level = "debug"
                [database]
                url = "jdbc:postgresql://db.example/shop?user=a&password=hush"
                [outgoing.chat]
                url = "https://hooks.example:8443/services/T0/hush"
                secret = "whsec_aHVzaA=="
                """);
        HearthProcess.Plan plan =
                HearthProcess.in(folder)
                        .environment("HEARTH_WEBHOOK_STRIPE_SECRET", "whsec_hush")
                        .environment("HEARTH_NO_SUCH_KEY", "x");
        HearthProcess.Result all = plan.run("config");

        assertThat(all.exitCode()).isZero();
        assertThat(all.output())
                .containsPattern("\nlog.level +debug +hearth.toml:1\n")
                .containsPattern("\nlog.format +human +default\n")
                .containsPattern("password=\\*\\*\\* +hearth.toml:3\n")
                .containsPattern("outgoing.chat.url +https://hooks.example:8443/… +hearth.toml:5\n")
                .containsPattern(
                        "webhook.stripe.secret +\\(set\\) +environment variable HEARTH_WEBHOOK_STRIPE_SECRET\n")
                .contains("HEARTH_NO_SUCH_KEY is not known")
                .doesNotContain("hush");
        assertThat(plan.run("config", "log", "--set", "--json").output().lines())
                .filteredOn(line -> line.startsWith("{"))
                .containsExactly(
                        "{\"key\":\"log.level\",\"value\":\"debug\",\"origin\":\"hearth.toml:1\","
                                + "\"meaning\":\"error, warn, info, debug or trace\"}");
        HearthProcess.Result unknown = plan.run("config", "log.levle");
        assertThat(unknown.output())
                .contains("no setting \"log.levle\"; did you mean \"log.level\"?");
        assertThat(unknown.exitCode()).isEqualTo(64);
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void status_goes_on_until_it_is_interrupted() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder).environment("TERM", "xterm");
        try (HearthProcess _ = plan.start();
                ChildProcess table = plan.begin("status", "--watch");
                ChildProcess lines = plan.begin("status", "--watch", "--json")) {
            String clear = "\u001b[H\u001b[2J";
            Await.until("the table is shown again", () -> table.output().lastIndexOf(clear) > 0);
            assertThat(table.output()).startsWith(clear + "Up ");
            Await.until("two lines of JSON", () -> lines.output().lines().count() >= 2);
            assertThat(lines.output().lines())
                    .allMatch(line -> line.startsWith("{\"at\":\""))
                    .doesNotHaveDuplicates();
            assertThat(table.isAlive()).isTrue();
            table.signal("INT");
            assertThat(table.awaitExit()).isEqualTo(130);
        }
    }

    @Test
    void shells_can_complete_commands() throws Exception {
        assertThat(HearthProcess.in(folder).run("generate-completion").output())
                .contains("complete -F", "operator", "doctor");
    }
}
