package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import dev.hearth.testing.Installation;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real `bin/hearth`, started and ended by web servers with the files of `deploy`.
@Timeout(180)
class SpawnedHearthIT {
    @TempDir Path folder;

    private Installation hearth;
    private Path data;

    @BeforeEach
    void install() throws IOException {
        hearth = Installation.in(folder.resolve("opt"));
        data = folder.resolve("data");
    }

    private static int status(Front front, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(front.uri(path)).build();
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    private static void awaitAnswer(Front front) {
        Await.until("Hearth answers", () -> status(front, "/healthz") == 200);
    }

    /// The process that serves this data folder.
    private ProcessHandle worker() {
        return ProcessHandle.allProcesses()
                .filter(process -> isServing(process, data))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody serves " + data));
    }

    private static boolean isServing(ProcessHandle process, Path data) {
        try {
            String command = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
            return command.contains("\0serve\0") && command.contains(data.toString());
        } catch (IOException gone) {
            return false;
        }
    }

    /// After a crash another is started; told to end, it ends with 0.
    private void crashAndEnd(Front front, String endedWith0) throws Exception {
        awaitAnswer(front);
        assertThat(status(front, "/nowhere")).isEqualTo(404);
        ProcessHandle first = worker();
        first.destroyForcibly();
        Await.until("the first has ended", () -> !isServing(first, data));
        awaitAnswer(front);
        ProcessHandle second = worker();
        assertThat(second.pid()).isNotEqualTo(first.pid());
        second.destroy(); // SIGTERM
        Await.until("it ended with 0", () -> front.log().contains(endedWith0));
        awaitAnswer(front);
    }

    @Test
    void mod_fcgid_starts_it_again_and_ends_it_with_0() throws Exception { // F1, F44, I10
        Files.copy(
                ApacheServer.DEPLOY.resolve("hearth.fcgi"),
                folder.resolve("hearth.fcgi"),
                StandardCopyOption.COPY_ATTRIBUTES);
        String ended = "terminated by calling exit(), return code: 0";
        Front apache =
                ApacheServer.start(
                        folder,
                        List.of("alias", "env", "fcgid"),
                        List.of(
                                "Define HEARTH_FCGID " + folder,
                                "FcgidInitialEnv HEARTH_COMMAND " + hearth.command(),
                                "FcgidInitialEnv HEARTH_DATA " + data,
                                "FcgidIPCDir " + folder,
                                "FcgidProcessTableFile " + folder.resolve("fcgid_shm")),
                        ApacheServer.DEPLOY.resolve("hearth-fcgid.conf"));
        try (apache) {
            crashAndEnd(apache, ended);
        }
        String log = apache.log();
        assertThat(log.lastIndexOf(ended)).isGreaterThan(log.indexOf(ended)); // Apache's own TERM
        assertThat(log).doesNotContain("is not known and was ignored");
    }

    @Test
    void lighttpd_starts_it_again_and_it_ends_with_0() throws Exception { // F1, F44
        try (Front lighttpd =
                LighttpdServer.start(
                        folder,
                        "hearth-spawn.conf",
                        Map.of(
                                "spawn.conf",
                                """
                                var.hearth_command = "%s serve --listen fd:0 --http off --data %s"
                                var.hearth_socket = "%s"
                                """
                                        .formatted(
                                                hearth.command(), data, folder.resolve("fcgi"))))) {
            crashAndEnd(lighttpd, "child exited: 0");
        }
        Await.until(
                "lighttpd has ended it, too",
                () -> ProcessHandle.allProcesses().noneMatch(process -> isServing(process, data)));
    }
}
