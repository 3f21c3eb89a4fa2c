package dev.hearth.fronts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `deploy/cgi/relay.c`, called as no web server of the tests calls it.
class RelayAloneIT {
    @TempDir Path folder;

    private RelayProgram relay;
    private Path program;

    @BeforeEach
    void compile() throws Exception {
        relay = new RelayProgram(folder);
        program = relay.compile(folder.resolve("site/hearth.cgi"));
    }

    @AfterEach
    void endTheWorker() throws Exception {
        if (!relay.starts().isEmpty()) {
            worker().destroy();
        }
    }

    /// What it answers, started by a shell with these redirections.
    private String call(String redirections, Map<String, String> more) throws Exception {
        Process process = start(redirections, more);
        String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return answer;
    }

    private Process start(String redirections, Map<String, String> more) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$0\" " + redirections));
        command.add(program.toString());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectInput(Path.of("/dev/null").toFile());
        Map<String, String> environment = builder.environment();
        environment.put("GATEWAY_INTERFACE", "CGI/1.1");
        environment.put("REQUEST_METHOD", "GET");
        environment.put("SCRIPT_NAME", "/hearth.cgi");
        environment.putAll(more);
        return builder.start();
    }

    @Test
    void answers_with_standard_streams_closed() throws Exception {
        for (String closed : List.of("<&-", "2>&-", "<&- 2>&-")) {
            assertThat(call(closed, Map.of("PATH_INFO", "/hello")))
                    .as(closed)
                    .startsWith("Status: 200")
                    .endsWith("Hello, world!\n");
        }
    }

    @Test
    void takes_no_byte_of_its_own_connection_for_a_body() throws Exception { // F35
        Map<String, String> post =
                Map.of("PATH_INFO", "/echo", "REQUEST_METHOD", "POST", "CONTENT_LENGTH", "5");
        assertThat(call("<&-", post)).startsWith("Status: 400").contains("content-cut");
    }

    private ProcessHandle worker() throws Exception {
        String answer = call("", Map.of("PATH_INFO", "/pid"));
        return ProcessHandle.of(
                        Long.parseLong(answer.substring(answer.indexOf("\r\n\r\n")).strip()))
                .orElseThrow();
    }

    /// Whether the program itself runs, no more the shell that became it, and waits.
    private static boolean isAsleep(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        return stat.contains("(hearth.cgi) S");
    }

    /// A request that has begun, and ends when the gate opens.
    private CompletableFuture<String> slow(Path gate, Path begun) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Map<String, String> request =
                Map.of(
                        "PATH_INFO",
                        "/slow",
                        "QUERY_STRING",
                        "gate=%s&begun=%s".formatted(gate, begun));
        Thread.ofPlatform()
                .start(() -> {
                    try {
                        answer.complete(call("", request));
                    } catch (Exception | AssertionError failed) {
                        answer.completeExceptionally(failed);
                    }
                });
        Await.until("the request has begun", () -> Files.exists(begun));
        return answer;
    }

    @Test
    void what_only_reads_is_asked_again_of_the_next_worker_where_one_is_killed() throws Exception {
        Path gate = folder.resolve("gate");
        Path begun = folder.resolve("begun");
        ProcessHandle first = worker();
        CompletableFuture<String> answer = slow(gate, begun);
        Files.delete(begun);

        first.destroyForcibly();

        Await.until("it is asked again", () -> Files.exists(begun) || answer.isDone());
        Files.createFile(gate);
        assertThat(answer.get(60, TimeUnit.SECONDS))
                .startsWith("Status: 200")
                .endsWith("at last\n");
        assertThat(relay.starts()).hasSize(2);
    }

    @Test
    void what_comes_while_a_worker_ends_is_answered_by_the_next() throws Exception {
        Path gate = folder.resolve("gate");
        ProcessHandle first = worker();
        CompletableFuture<String> before = slow(gate, folder.resolve("begun"));
        first.destroy();
        Await.until(
                "it takes no more",
                () -> Files.readString(relay.data().resolve("relay.log")).contains("stopping"));
        Process post = start("", Map.of("PATH_INFO", "/echo", "REQUEST_METHOD", "POST"));
        Await.until("it waits in the socket", () -> isAsleep(post));

        Files.createFile(gate);

        assertThat(before.get(60, TimeUnit.SECONDS)).endsWith("at last\n");
        assertThat(new String(post.getInputStream().readAllBytes(), UTF_8))
                .startsWith("Status: 200")
                .contains("method POST");
        assertThat(relay.starts()).hasSize(2);
    }

    /// What it says to a person who calls it with these words.
    private String command(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    @Test
    void a_worker_whose_socket_was_deleted_ends_before_the_next_begins() throws Exception {
        ProcessHandle first = worker();
        Files.delete(relay.data().resolve("relay.sock"));

        ProcessHandle next = worker();

        Await.until("it has ended", () -> !first.isAlive());
        assertThat(next).isNotEqualTo(first);
        assertThat(relay.data().resolve("relay.log"))
                .content()
                .contains(
                        " hearth relay: process %d has lost its socket".formatted(first.pid()),
                        "stopping");
        assertThat(relay.starts()).hasSize(2);
    }

    @Test
    void stop_ends_the_worker_and_the_next_request_starts_another() throws Exception {
        assertThat(command("--stop")).startsWith("no Hearth runs");
        ProcessHandle first = worker();
        assertThat(relay.data().resolve("relay.pid")).hasContent(first.pid() + "\n");

        assertThat(command("--stop")).isEqualTo("process %d has ended\n".formatted(first.pid()));

        Await.until("it has ended", () -> !first.isAlive());
        assertThat(command("--stop")).startsWith("no Hearth runs");
        assertThat(worker()).isNotEqualTo(first);
        assertThat(relay.data().resolve("relay.log")).content().doesNotContain("lost its socket");
    }

    @Test
    void words_of_a_client_stop_nothing() throws Exception { // /hearth.cgi?--stop
        ProcessHandle first = worker();
        assertThat(call("--stop", Map.of("PATH_INFO", "/hello", "QUERY_STRING", "--stop")))
                .startsWith("Status: 200");
        assertThat(worker()).isEqualTo(first);
    }

    @Test
    void where_nothing_can_be_started_the_client_is_told() throws Exception {
        Files.createDirectories(relay.data().resolve("relay.lock")); // nobody can lock a folder
        assertThat(call("", Map.of("PATH_INFO", "/hello"))).startsWith("Status: 503");
        assertThat(relay.starts()).isEmpty();
    }
}
