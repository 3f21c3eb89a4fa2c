package dev.hearth.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.WaitingProgram;
import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.NginxServer;
import dev.hearth.testing.NotifyReceiver;
import dev.hearth.testing.StripeWebhook;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a supervisor and an operator expect of a process that serves.
class ServiceIT extends ServiceFixture {
    @ParameterizedTest
    @ValueSource(strings = {"notify.sock", "@hearth-test-"})
    void the_supervisor_is_told_of_ready_reload_life_and_stop(String name) throws Exception {
        String address =
                name.startsWith("@")
                        ? name + ProcessHandle.current().pid()
                        : folder.resolve(name).toString();
        try (NotifyReceiver supervisor = NotifyReceiver.at(address, folder);
                HearthProcess hearth =
                        HearthProcess.in(folder)
                                .environment("NOTIFY_SOCKET", address)
                                .environment("WATCHDOG_USEC", "600000")
                                .start()) {
            Await.until("READY", () -> supervisor.messages().getFirst().startsWith("READY=1 "));
            Await.until("a sign of life", () -> supervisor.messages().contains("WATCHDOG=1"));

            hearth.process().signal("HUP");
            Await.until(
                    "the reload is told, with its time",
                    () ->
                            supervisor.messages().stream()
                                    .anyMatch(m -> m.matches("RELOADING=1 MONOTONIC_USEC=\\d+")));
            Await.until(
                    "its end is told",
                    () ->
                            supervisor.messages().stream()
                                            .filter(m -> m.startsWith("READY=1"))
                                            .count()
                                    == 2);

            assertThat(hearth.stop()).isZero();
            Await.until("STOPPING", () -> supervisor.messages().contains("STOPPING=1"));
        }
    }

    @Test
    void a_process_that_hangs_shows_no_sign_of_life() throws Exception {
        String address = folder.resolve("notify.sock").toString();
        try (NotifyReceiver supervisor = NotifyReceiver.at(address, folder);
                HearthProcess hearth =
                        HearthProcess.in(folder)
                                .environment("NOTIFY_SOCKET", address)
                                .environment("WATCHDOG_USEC", "100000")
                                .environment("WATCHDOG_PID", "1")
                                .start()) {
            Await.until("READY", () -> supervisor.messages().size() == 1);
            hearth.process().signal("HUP");
            Await.until("the reload is told", () -> supervisor.messages().size() == 3);

            assertThat(supervisor.messages()).doesNotContain("WATCHDOG=1"); // not for this process
        }
    }

    @Test
    void an_unreachable_supervisor_is_one_line_and_no_failure() throws Exception {
        try (HearthProcess hearth =
                HearthProcess.in(folder)
                        .environment("NOTIFY_SOCKET", folder + "/nobody.sock")
                        .start()) {
            hearth.process().signal("HUP");
            hearth.process().awaitOutput("read again");

            assertThat(hearth.stop()).isZero();
            assertThat(hearth.output().lines().filter(line -> line.contains("supervisor")))
                    .hasSize(1);
        }
    }

    @Test
    void an_answer_after_the_wish_to_stop_is_the_last_of_its_connection() throws Exception {
        Path release = folder.resolve("release");
        try (HearthProcess hearth =
                HearthProcess.in(folder).program(WaitingProgram.class).start()) {
            CompletableFuture<HttpResponse<String>> answer = waiting(hearth, release);
            hearth.process().signal("TERM");
            hearth.process().awaitOutput("SIGTERM: finishing what is in progress");
            Await.until("no more is taken", () -> isRefused(hearth));
            Files.writeString(release, "");

            assertThat(answer.get().body()).isEqualTo("waited");
            assertThat(answer.get().headers().firstValue("Connection")).contains("close");
            assertThat(hearth.process().awaitExit()).isZero();
        }
    }

    @Test
    void a_webhook_whose_body_pauses_over_the_wish_to_stop_is_taken_whole() throws Exception {
        byte[] event = StripeWebhook.event("evt_pauses");
        HearthProcess.Plan plan = HearthProcess.in(folder);
        try (HearthProcess hearth = plan.start();
                Socket client =
                        new Socket(InetAddress.getLoopbackAddress(), hearth.uri("/").getPort())) {
            client.setSoTimeout(60_000);
            String head =
                    """
                    POST /webhooks/stripe HTTP/1.1
                    Host: h
                    Content-Type: application/json
                    Expect: 100-continue
                    Stripe-Signature: %s
                    Content-Length: %d

                    """
                            .formatted(
                                    StripeWebhook.signature(
                                            HearthProcess.SECRET, event, Instant.now()),
                                    event.length)
                            .replace("\n", "\r\n");
            OutputStream out = client.getOutputStream();
            out.write(head.getBytes(ISO_8859_1));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
            assertThat(in.readLine()).contains("100"); // its body is being read
            out.write(event, 0, event.length / 2);

            hearth.process().signal("TERM");
            hearth.process().awaitOutput("SIGTERM: finishing what is in progress");
            Await.until("no more is taken", () -> isRefused(hearth));
            out.write(event, event.length / 2, event.length - event.length / 2);

            assertThat(in.lines().toList())
                    .contains("HTTP/1.1 200 OK", "Connection: close")
                    .anyMatch(line -> line.endsWith("\"duplicate\":false}"));
            assertThat(hearth.process().awaitExit()).isZero();
        }
        assertThat(plan.run("inbox", "list").output()).contains("evt_pauses");
    }

    @Test
    void what_outlives_the_stop_is_named_without_a_stack_trace() throws Exception {
        try (HearthProcess hearth =
                HearthProcess.in(folder)
                        .program(WaitingProgram.class)
                        .environment("HEARTH_STOP_GRACE", "1s")
                        .start()) {
            waiting(hearth, folder.resolve("never"));
            assertThat(hearth.stop()).isZero();
            assertThat(hearth.output())
                    .contains("cut off: [GET /wait]")
                    .doesNotContain("\tat ", "    at ", "Exception");
        }
    }

    @Test
    void what_outlives_the_stop_is_named_over_fastcgi_too_and_never_its_query() throws Exception {
        try (HearthProcess hearth =
                        HearthProcess.in(folder)
                                .program(WaitingProgram.class)
                                .environment("HEARTH_STOP_GRACE", "1s")
                                .start();
                NginxServer nginx = NginxServer.inFrontOf(hearth.socket(), folder)) {
            Path release = folder.resolve("never");
            http.sendAsync(
                    HttpRequest.newBuilder(nginx.uri("/wait?file=" + release)).build(),
                    BodyHandlers.ofString());
            Await.until("it waits", () -> Files.exists(folder.resolve("running")));
            assertThat(hearth.stop()).isZero();
            assertThat(hearth.output())
                    .contains(
                            "requests over FastCGI outlive the time to end, and are cut off: [GET /wait]")
                    .doesNotContain("file=");
        }
    }

    @Test
    void an_address_open_to_everybody_is_refused_in_a_sentence() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder);
        for (String command : new String[] {"serve", "check"}) {
            HearthProcess.Result refused = plan.run(command, "--listen=0.0.0.0:0");
            assertThat(refused.output())
                    .contains("0.0.0.0:0 is not on loopback", "(fastcgi.allowed_clients)")
                    .doesNotContain("Exception");
            assertThat(refused.exitCode()).isEqualTo(78);
        }
    }

    @Test
    void what_the_process_was_started_with_reaches_no_request() throws Exception {
        try (HearthProcess hearth =
                        HearthProcess.in(folder)
                                .program(WaitingProgram.class)
                                .environment("PLANTED", "in-the-environment")
                                .start();
                NginxServer nginx = NginxServer.inFrontOf(hearth.socket(), folder)) {
            String variables =
                    http.send(
                                    HttpRequest.newBuilder(nginx.uri("/variables")).build(),
                                    BodyHandlers.ofString())
                            .body();
            assertThat(variables)
                    .contains("REQUEST_METHOD=GET")
                    .doesNotContain("PLANTED", "in-the-environment");
            assertThat(get(hearth, "/variables").body()).isEqualTo("{}");
        }
    }

    @Test
    void sigusr2_logs_the_state_with_each_request_in_progress() throws Exception {
        Path release = folder.resolve("release");
        try (HearthProcess hearth =
                HearthProcess.in(folder).program(WaitingProgram.class).start()) {
            CompletableFuture<HttpResponse<String>> answer = waiting(hearth, release);
            hearth.process().signal("USR2");

            hearth.process().awaitOutput("GET /wait from 127.0.0.1");
            assertThat(hearth.output())
                    .containsPattern("SIGUSR2: up \\d+s, 1 requests, 1 in progress, \\d+ threads")
                    .contains("inbox_waiting=0")
                    .containsPattern("request 1 runs for \\d+ ms on http-");
            Files.writeString(release, "");
            assertThat(answer.get().body()).isEqualTo("waited");
        }
    }

    @Test
    void the_status_page_tells_in_three_forms_and_names_every_request() throws Exception {
        Path release = folder.resolve("release");
        try (HearthProcess hearth =
                HearthProcess.in(folder)
                        .program(WaitingProgram.class)
                        .environment("HEARTH_STATUS_PATH", "/status")
                        .environment("HEARTH_PING_PATH", "/ping")
                        .start()) {
            CompletableFuture<HttpResponse<String>> answer = waiting(hearth, release);

            assertThat(get(hearth, "/ping").body()).isEqualTo("pong\n");
            assertThat(get(hearth, "/status").body())
                    .contains("accepted requests:         3\n", "active requests:           2\n")
                    .doesNotContain("/wait");
            assertThat(get(hearth, "/status?full").body())
                    .containsPattern("request method: +GET\nrequest path: +/wait\nscript: +/wait\n")
                    .containsPattern("client: +127.0.0.1\nrequest duration: +\\d+\n");
            assertThat(get(hearth, "/status?json&full").body())
                    .startsWith("{\"name\":\"hearth\",\"pid\":" + hearth.process().pid())
                    .contains("\"method\":\"GET\",\"path\":\"/wait\",\"script\":\"/wait\"");
            assertThat(get(hearth, "/status?openmetrics").body())
                    .contains(
                            "# TYPE hearth_accepted_requests_total counter\nhearth_accepted_requests_total 6\n");
            Files.writeString(release, "");
            assertThat(answer.get().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void the_status_page_is_off_by_default_and_hidden_from_others() throws Exception {
        try (HearthProcess hearth = HearthProcess.in(folder).start()) {
            assertThat(get(hearth, "/status").statusCode()).isEqualTo(404);
            assertThat(get(hearth, "/ping").statusCode()).isEqualTo(404);
        }
        try (HearthProcess hearth =
                HearthProcess.in(folder)
                        .environment("HEARTH_STATUS_PATH", "/status")
                        .environment("HEARTH_STATUS_ALLOW", "10.1.0.0/16")
                        .start()) {
            assertThat(get(hearth, "/status").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void a_slow_request_is_written_down_once_with_what_it_is_doing() throws Exception {
        Path release = folder.resolve("release");
        Path log = folder.resolve("slow.log");
        try (HearthProcess hearth =
                HearthProcess.in(folder)
                        .program(WaitingProgram.class)
                        .environment("HEARTH_SLOW_AFTER", "2s")
                        .environment("HEARTH_SLOW_LOG", log.toString())
                        .start()) {
            CompletableFuture<HttpResponse<String>> answer = waiting(hearth, release);
            Await.until("it is written down", () -> Files.exists(log) && Files.size(log) > 0);
            get(hearth, "/hello");
            Path second = folder.resolve("more/release");
            Files.createDirectories(second.getParent());
            CompletableFuture<HttpResponse<String>> other = waiting(hearth, second);
            Await.until("the other one as well", () -> count(log, "GET /wait") == 2);

            assertThat(Files.readString(log))
                    .contains("GET /wait from 127.0.0.1, runs for ", "WaitingProgram")
                    .doesNotContain("/hello");
            Files.writeString(release, "");
            Files.writeString(second, "");
            assertThat(answer.get().statusCode() + other.get().statusCode()).isEqualTo(400);
        }
    }

    @Test
    void after_so_many_requests_it_ends_to_be_started_anew() throws Exception {
        Path release = folder.resolve("release");
        try (HearthProcess hearth =
                HearthProcess.in(folder)
                        .program(WaitingProgram.class)
                        .environment("HEARTH_RESTART_AFTER_REQUESTS", "3")
                        .start()) {
            CompletableFuture<HttpResponse<String>> answer = waiting(hearth, release);
            for (int i = 0; i < 3; i++) {
                get(hearth, "/hello");
            }
            hearth.process().awaitOutput("3 requests (restart.after_requests)");

            assertThat(hearth.process().isAlive()).isTrue();
            Files.writeString(release, "");
            assertThat(answer.get().body()).isEqualTo("waited");
            assertThat(hearth.process().awaitExit()).isEqualTo(79);
        }
    }

    @Test
    void at_its_age_it_ends_to_be_started_anew() throws Exception {
        try (HearthProcess hearth =
                HearthProcess.in(folder).environment("HEARTH_RESTART_AFTER", "1s").start()) {
            assertThat(hearth.process().awaitExit()).isEqualTo(79);
            assertThat(hearth.output()).contains("(restart.after)");
        }
    }

    @Test
    void idle_exit_without_a_socket_of_another_is_refused() throws Exception {
        HearthProcess.Result refused = HearthProcess.in(folder).run("serve", "--idle-exit", "10m");

        assertThat(refused.output())
                .contains("hearth: option --idle-exit: \"idle.exit\" needs a socket");
        assertThat(refused.exitCode()).isEqualTo(78);
    }

    @Test
    void without_fastcgi_it_serves_http_alone() throws Exception {
        try (HearthProcess hearth = HearthProcess.in(folder).options("--listen", "off").start()) {
            assertThat(get(hearth, "/healthz").statusCode()).isEqualTo(200);
            assertThat(hearth.socket()).doesNotExist();
        }
    }

    @Test
    void a_cache_of_another_jvm_is_passed_over() throws Exception {
        Path cache = Files.write(folder.resolve("other.aot"), new byte[100_000]);
        try (HearthProcess hearth =
                HearthProcess.in(folder)
                        .jvmFlags("-XX:AOTCache=" + cache, "-XX:AOTMode=auto")
                        .start()) {
            assertThat(get(hearth, "/healthz").statusCode()).isEqualTo(200);
            assertThat(hearth.output()).contains("AOT cache");
        }
    }

    private static boolean isRefused(HearthProcess hearth) {
        URI uri = hearth.uri("/");
        try (var _ = new Socket(uri.getHost(), uri.getPort())) {
            return false;
        } catch (IOException refused) {
            return true;
        }
    }

    private static long count(Path file, String text) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.stream().filter(line -> line.contains(text)).count();
    }

    @Test
    void http_does_not_start_the_jvms_management_server() throws Exception {
        Path classes = folder.resolve("classes");
        try (HearthProcess hearth =
                HearthProcess.in(folder).jvmFlags("-Xlog:class+load:file=" + classes).start()) {
            assertThat(get(hearth, "/healthz").statusCode()).isEqualTo(200);
        }

        assertThat(Files.readString(classes))
                .contains(" org.eclipse.jetty.server.Server ")
                .doesNotContain(" com.sun.jmx.");
    }
}
