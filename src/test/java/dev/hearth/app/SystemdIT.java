package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.WaitingProgram;
import dev.hearth.testing.Await;
import dev.hearth.testing.NginxServer;
import dev.hearth.testing.StandaloneInstallation;
import dev.hearth.testing.Systemd;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The units of `deploy/systemd`, as they are, on a real systemd: what it starts, stops, watches and lets Hearth
/// write.
class SystemdIT {
    private static final String SERVICE = "hearth.service";
    private static final String SOCKET = "hearth.socket";

    @TempDir static Path folder;
    private static Systemd systemd;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private NginxServer nginx;
    private String cursor;

    @BeforeAll
    static void boot() throws Exception {
        Path installation = folder.resolve("hearth");
        StandaloneInstallation.in(installation, WaitingProgram.class);
        systemd = Systemd.boot(installation, folder);
    }

    @AfterAll
    static void powerOff() throws Exception {
        if (systemd != null) {
            systemd.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        cursor = systemd.cursor();
        assertThat(systemd.run("systemctl", "start", SOCKET).output()).isEmpty();
        nginx = NginxServer.inFrontOf(systemd.path("/run/hearth/hearth.sock"), folder);
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        nginx.close();
        systemd.run("systemctl", "stop", SERVICE, SOCKET);
        systemd.run("systemctl", "reset-failed");
        for (String unit : List.of(SERVICE, SOCKET)) {
            Files.deleteIfExists(systemd.path("/etc/systemd/system/" + unit + ".d/test.conf"));
        }
        Files.deleteIfExists(systemd.path("/etc/hearth/hearth.toml"));
        systemd.run("systemctl", "daemon-reload");
    }

    @Test
    void every_unit_is_clean_and_little_exposed() throws Exception {
        assertThat(
                        systemd.run(
                                "systemd-analyze",
                                "verify",
                                "--man=no",
                                "/etc/systemd/system/hearth.socket",
                                "/etc/systemd/system/hearth-http.socket",
                                "/etc/systemd/system/hearth.service",
                                "/etc/systemd/system/hearth@.socket",
                                "/etc/systemd/system/hearth@.service"))
                .isEqualTo(new Systemd.Result(0, ""));
        for (String unit : List.of("hearth.service", "hearth@.service")) {
            assertThat(
                            systemd.run(
                                            "systemd-analyze",
                                            "security",
                                            "--no-pager",
                                            "--offline=yes",
                                            "--threshold=15",
                                            "/etc/systemd/system/" + unit)
                                    .exitCode())
                    .as(unit)
                    .isZero();
        }
    }

    @Test
    void the_first_request_starts_it_and_it_is_active_when_requests_are_answered()
            throws Exception {
        assertThat(systemd.property(SERVICE, "ActiveState")).isEqualTo("inactive");

        assertThat(get("/hello").body()).isEqualTo("Hello!");

        Await.until(
                "it is active", () -> systemd.property(SERVICE, "ActiveState").equals("active"));
        assertThat(systemd.property(SERVICE, "StatusText")).isEqualTo("serving");
        assertThat(systemd.property(SERVICE, "Type")).isEqualTo("notify");
    }

    @Test
    void start_returns_only_when_it_is_ready_and_stop_ends_it_with_0() throws Exception {
        assertThat(systemd.run("systemctl", "start", SERVICE).exitCode()).isZero();
        assertThat(journal()).contains("Hearth", " is ready.");

        assertThat(systemd.run("systemctl", "stop", SERVICE).exitCode()).isZero();
        assertThat(systemd.property(SERVICE, "ExecMainStatus")).isEqualTo("0");
        assertThat(systemd.property(SERVICE, "Result")).isEqualTo("success");
        // Said after the listener is let go: standard error must still be there.
        Await.until("the last line is logged", () -> journal().contains("Server: stopped"));
    }

    @Test
    void a_reload_reads_the_configuration_and_a_broken_one_is_named() throws Exception {
        systemd.run("systemctl", "start", SERVICE);
        String pid = systemd.property(SERVICE, "MainPID");
        Files.writeString(systemd.path("/etc/hearth/hearth.toml"), "log.level = \"debug\"\n");
        assertThat(systemd.run("systemctl", "reload", SERVICE).exitCode()).isZero();
        Await.until("it is read", () -> journal().contains("changed: [log.level]"));
        Files.writeString(systemd.path("/etc/hearth/hearth.toml"), "log.levl = \"debug\"\n");
        systemd.run("systemctl", "reload", SERVICE);
        Await.until(
                "the mistake is named",
                () -> journal().contains("unknown key \"log.levl\"; did you mean \"log.level\"?"));

        Await.until(
                "it is active again",
                () -> systemd.property(SERVICE, "ActiveState").equals("active"));
        assertThat(systemd.property(SERVICE, "MainPID")).isEqualTo(pid);
    }

    @Test
    void one_that_hangs_is_ended_by_the_watchdog_and_started_anew() throws Exception {
        systemd.edit(SERVICE, "[Service]\nWatchdogSec=1s\nTimeoutAbortSec=1s\n");
        systemd.run("systemctl", "start", SERVICE);
        String pid = systemd.property(SERVICE, "MainPID");
        systemd.run("systemctl", "kill", "-s", "STOP", SERVICE);

        Await.until(
                "another process serves",
                () ->
                        !systemd.property(SERVICE, "MainPID").equals(pid)
                                && systemd.property(SERVICE, "ActiveState").equals("active"));
        assertThat(journal()).contains("Watchdog timeout");
        assertThat(get("/hello").body()).isEqualTo("Hello!");
    }

    @Test
    void a_crash_is_followed_by_a_pause_and_a_new_start() throws Exception {
        systemd.run("systemctl", "start", SERVICE);
        systemd.run("systemctl", "kill", "-s", "KILL", SERVICE);
        CompletableFuture<HttpResponse<String>> waiting =
                http.sendAsync(
                        HttpRequest.newBuilder(nginx.uri("/hello")).build(),
                        BodyHandlers.ofString());

        assertThat(waiting.get().body()).isEqualTo("Hello!");
        assertThat(systemd.property(SERVICE, "NRestarts")).isEqualTo("1");
        assertThat(systemd.property(SERVICE, "RestartUSec")).isEqualTo("1s");
    }

    @Test
    void a_wrong_configuration_is_not_started_again() throws Exception {
        Files.writeString(systemd.path("/etc/hearth/hearth.toml"), "x = 1\n");

        assertThat(systemd.run("systemctl", "start", SERVICE).exitCode()).isNotZero();
        assertThat(systemd.property(SERVICE, "ExecMainStatus")).isEqualTo("78");
        assertThat(systemd.property(SERVICE, "ActiveState")).isEqualTo("failed");
        assertThat(systemd.property(SERVICE, "NRestarts")).isEqualTo("0");
        assertThat(journal()).contains("hearth: hearth.toml:1: unknown key \"x\"");
    }

    @Test
    void without_the_folder_of_credentials_the_start_fails_and_says_so() throws Exception {
        systemd.run("mv", "/etc/hearth/credentials", "/etc/hearth/away");
        try {
            assertThat(systemd.run("systemctl", "start", SERVICE).exitCode()).isNotZero();
            assertThat(systemd.property(SERVICE, "ExecMainStatus")).isEqualTo("243");
            assertThat(journal()).contains("credentials");
        } finally {
            systemd.run("mv", "/etc/hearth/away", "/etc/hearth/credentials");
        }
    }

    @Test
    void secrets_come_as_credentials_and_are_in_no_environment() throws Exception {
        Files.writeString(
                systemd.path("/etc/hearth/credentials/webhook.stripe.secret"), "whsec_credential");
        try {
            systemd.run("systemctl", "start", SERVICE);

            assertThat(journal()).doesNotContain("their secret was made here", "whsec_credential");
            String pid = systemd.property(SERVICE, "MainPID");
            assertThat(Files.readString(systemd.path("/proc/" + pid + "/environ")))
                    .contains("CREDENTIALS_DIRECTORY=")
                    .doesNotContain("whsec_credential");
        } finally {
            systemd.run("rm", "/etc/hearth/credentials/webhook.stripe.secret");
        }
    }

    @Test
    void it_runs_as_a_user_of_the_moment_and_writes_only_its_state() throws Exception {
        systemd.run("systemctl", "start", SERVICE);
        String pid = systemd.property(SERVICE, "MainPID");
        String user = systemd.run("stat", "-c", "%u", "/proc/" + pid).output().strip();

        assertThat(Integer.parseInt(user)).isBetween(61184, 65519); // systemd's dynamic ones
        assertThat(Files.exists(systemd.path("/var/lib/private/hearth/hearth.db"))).isTrue();
        Set<String> written = new TreeSet<>();
        String found =
                systemd.run("find", "/", "-xdev", "-uid", user, "-not", "-path", "/proc/*")
                        .output();
        found.lines()
                .filter(line -> line.startsWith("/") && !line.startsWith("/tmp/systemd-private"))
                .filter(line -> !line.startsWith("/var/tmp/systemd-private"))
                .forEach(written::add);
        assertThat(written)
                .isNotEmpty()
                .allMatch(line -> line.startsWith("/var/lib/private/hearth"));
    }

    @Test
    void the_socket_belongs_to_the_web_servers_group() throws Exception {
        assertThat(
                        systemd.run("stat", "-c", "%U %G %a", "/run/hearth/hearth.sock")
                                .output()
                                .strip())
                .isEqualTo("root www-data 660");
    }

    @Test
    void others_may_be_let_in_by_an_acl() throws Exception {
        systemd.run("systemctl", "stop", SOCKET);
        systemd.edit(
                SOCKET,
                "[Socket]\nExecStartPost=/usr/bin/setfacl -m u:daemon:rw /run/hearth/hearth.sock\n");
        assertThat(systemd.run("systemctl", "start", SOCKET).output()).isEmpty();

        assertThat(systemd.run("getfacl", "-p", "/run/hearth/hearth.sock").output())
                .contains("user:daemon:rw-", "group::rw-", "other::---");
    }

    @Test
    void idle_it_sleeps_and_the_next_request_wakes_it() throws Exception {
        systemd.edit(SERVICE, "[Service]\nEnvironment=HEARTH_IDLE_EXIT=1s\n");
        assertThat(get("/hello").body()).isEqualTo("Hello!");
        Await.until("it sleeps", () -> systemd.property(SERVICE, "ActiveState").equals("inactive"));
        assertThat(systemd.property(SERVICE, "Result")).isEqualTo("success");
        assertThat(systemd.property(SOCKET, "ActiveState")).isEqualTo("active");

        assertThat(get("/hello").body()).isEqualTo("Hello!");
        assertThat(journal()).contains("no request for PT1S (idle.exit)");
    }

    @Test
    void after_so_many_requests_a_new_one_takes_its_place() throws Exception {
        systemd.edit(SERVICE, "[Service]\nEnvironment=HEARTH_RESTART_AFTER_REQUESTS=5\n");
        for (int i = 0; i < 12; i++) {
            assertThat(get("/hello").body()).isEqualTo("Hello!");
        }
        Await.until(
                "it was started anew", () -> !systemd.property(SERVICE, "NRestarts").equals("0"));
        assertThat(systemd.property(SERVICE, "Result")).isEqualTo("success");
    }

    @Test
    void the_socket_may_be_standard_input_as_well() throws Exception {
        systemd.edit(
                SERVICE,
                "[Service]\nStandardInput=socket\nStandardOutput=journal\nStandardError=journal\n");
        assertThat(get("/hello").body()).isEqualTo("Hello!");
    }

    @Test
    void a_second_socket_speaks_http() throws Exception {
        assertThat(systemd.run("systemctl", "start", "hearth-http.socket").output()).isEmpty();
        try {
            String answer =
                    systemd.run(
                                    "bash",
                                    "-c",
                                    "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /hello HTTP/1.1\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n' >&3; cat <&3")
                            .output();
            assertThat(answer).startsWith("HTTP/1.1 200").endsWith("Hello!");
            assertThat(get("/hello").body()).isEqualTo("Hello!");
        } finally {
            systemd.run("systemctl", "stop", SERVICE, "hearth-http.socket");
        }
    }

    @Test
    void several_apps_stand_beside_each_other() throws Exception {
        for (String app : List.of("shop", "blog")) {
            systemd.run("install", "-d", "-m", "0755", "/etc/hearth/" + app);
            systemd.run("install", "-d", "-m", "0700", "/etc/hearth/" + app + "/credentials");
            assertThat(systemd.run("systemctl", "start", "hearth@" + app + ".socket").exitCode())
                    .isZero();
        }
        for (String app : List.of("shop", "blog")) {
            try (NginxServer front =
                    NginxServer.inFrontOf(systemd.path("/run/hearth/" + app + ".sock"), folder)) {
                HttpResponse<String> answer =
                        http.send(
                                HttpRequest.newBuilder(front.uri("/hello")).build(),
                                BodyHandlers.ofString());
                assertThat(answer.body()).isEqualTo("Hello!");
            }
        }
        assertThat(systemd.property("hearth@shop.service", "MainPID"))
                .isNotEqualTo(systemd.property("hearth@blog.service", "MainPID"));
        assertThat(systemd.property("hearth@shop.service", "UID"))
                .isNotEqualTo(systemd.property("hearth@blog.service", "UID"));
        assertThat(systemd.property("hearth@shop.service", "User")).isEqualTo("hearth-shop");
        for (String app : List.of("shop", "blog")) {
            assertThat(Files.exists(systemd.path("/var/lib/private/hearth-" + app + "/hearth.db")))
                    .isTrue();
            systemd.run(
                    "systemctl", "stop", "hearth@" + app + ".service", "hearth@" + app + ".socket");
        }
    }

    @Test
    void no_request_of_10_000_is_lost_over_restarts() throws Exception {
        systemd.run("systemctl", "start", SERVICE);
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        AtomicBoolean restarted = new AtomicBoolean();
        Set<String> failures = new ConcurrentSkipListSet<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            clients.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                // At least so many, and on until the restarts are over.
                                while (sent.incrementAndGet() <= 10_000 || !restarted.get()) {
                                    try {
                                        HttpResponse<String> answer = get("/hello");
                                        if (answer.body().equals("Hello!")) {
                                            answered.incrementAndGet();
                                        } else {
                                            failures.add(answer.statusCode() + " " + answer.body());
                                        }
                                    } catch (Exception lost) {
                                        failures.add(lost.toString());
                                    }
                                }
                            }));
        }
        try {
            for (int restart = 0; restart < 2; restart++) {
                int before = answered.get();
                Await.until("requests are answered", () -> answered.get() > before + 500);
                assertThat(systemd.run("systemctl", "restart", SERVICE).exitCode()).isZero();
            }
        } finally {
            restarted.set(true); // or the clients would go on beside the tests that follow
        }
        for (Thread client : clients) {
            client.join();
        }

        assertThat(failures).isEmpty();
        assertThat(answered.get()).isGreaterThanOrEqualTo(10_000);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(nginx.uri(path)).build(), BodyHandlers.ofString());
    }

    private String journal() throws Exception {
        return systemd.journal(SERVICE, cursor);
    }
}
