package dev.hearth.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `hearth run FILE` in a real process.
class FileProgramIT {
    @TempDir Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    private static String program(String greeting) {
        return """
        import dev.hearth.Hearth;
        import dev.hearth.http.Response;

        record Greeting(String text) {}

        void main(String[] args) {
            Hearth.run(args, app -> app.get("/hello", _ -> Response.text(new Greeting("%s").text())));
        }
        """
                .formatted(greeting);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private HttpResponse<String> get(HearthProcess hearth) throws Exception {
        return client.send(
                HttpRequest.newBuilder(hearth.uri("/hello")).build(), BodyHandlers.ofString());
    }

    private List<Path> compiled() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("data/compiled"))) {
            return files.toList();
        }
    }

    @Test
    void one_file_is_a_program_and_is_compiled_once() throws Exception {
        HearthProcess.Plan plan = HearthProcess.in(folder).file(write("Hi.java", program("hi")));
        try (HearthProcess first = plan.start()) {
            assertThat(get(first).body()).isEqualTo("hi");
            assertThat(first.stop()).isZero();
        }
        Path kept = compiled().getFirst();
        FileTime then = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(kept, then);
        try (HearthProcess second = plan.start()) {
            assertThat(get(second).body()).isEqualTo("hi");
        }
        assertThat(compiled()).containsExactly(kept);
        assertThat(Files.getLastModifiedTime(kept)).as("not written again").isEqualTo(then);

        Files.write(kept, new byte[] {1, 2, 3});
        try (HearthProcess third = plan.start()) {
            assertThat(get(third).body()).isEqualTo("hi");
        }
        assertThat(Files.size(kept)).as("what was broken is made anew").isGreaterThan(3);
    }

    @Test
    void errors_are_told_as_javac_tells_them() throws Exception {
        Path file = write("Bad.java", program("hi").replace("new Greeting", "old Greeting"));
        try (HearthProcess hearth = HearthProcess.in(folder).file(file).launch()) {
            assertThat(hearth.process().awaitExit()).isEqualTo(65);
            assertThat(hearth.output())
                    .contains("Bad.java:7: error: ", "2 errors", "Bad.java does not compile")
                    .contains("old Greeting(\"hi\")");
        }
    }

    @Test
    void a_file_that_is_no_program_is_refused_with_a_sentence() throws Exception {
        Path noMain = write("NoMain.java", "class NoMain {}");
        try (HearthProcess hearth = HearthProcess.in(folder).file(noMain).launch()) {
            assertThat(hearth.process().awaitExit()).isEqualTo(65);
            assertThat(hearth.output()).contains("NoMain has no method main: write void main");
        }
        try (HearthProcess hearth =
                HearthProcess.in(folder).file(folder.resolve("None.java")).launch()) {
            assertThat(hearth.process().awaitExit()).isEqualTo(66);
            assertThat(hearth.output()).contains("None.java: there is no such file");
        }
        assertThat(HearthProcess.in(folder).run("run").output())
                .contains("Missing required parameter: 'FILE'");
    }

    /// Asks without pause until told to stop, and gives every answer that was not 200.
    private List<String> ask(HearthProcess hearth, AtomicBoolean enough) throws Exception {
        List<String> failures = new ArrayList<>();
        while (!enough.get()) {
            HttpResponse<String> answer = get(hearth);
            if (answer.statusCode() != 200) {
                failures.add(answer.statusCode() + " " + answer.body());
            }
        }
        return failures;
    }

    @Test
    void a_watched_program_is_replaced_while_it_runs_and_no_request_is_lost() throws Exception {
        Path file = write("Live.java", program("version 0"));
        AtomicBoolean enough = new AtomicBoolean();
        try (HearthProcess hearth = HearthProcess.in(folder).file(file, "--watch").start();
                ExecutorService asking = Executors.newFixedThreadPool(2)) {
            List<Future<List<String>>> answers =
                    List.of(
                            asking.submit(() -> ask(hearth, enough)),
                            asking.submit(() -> ask(hearth, enough)));
            for (int i = 1; i <= 3; i++) {
                String version = "version " + i;
                Path aside = write("Live.java~", program(version));
                Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
                Await.until(version, () -> get(hearth).body().equals(version));
            }
            Files.writeString(file, program("version 4").replace("Response.text", "Response.txt"));
            hearth.process().awaitOutput("still serving what was there before");
            assertThat(hearth.output()).contains("Live.java:7: error: cannot find symbol");
            assertThat(get(hearth).body()).isEqualTo("version 3");

            String twice = "app.get(\"/hello\", _ -> Response.status(204)).get(";
            Files.writeString(file, program("version 5").replace("app.get(", twice));
            hearth.process().awaitOutput("/hello");
            Files.writeString(file, program("version 6"));
            Await.until("version 6", () -> get(hearth).body().equals("version 6"));

            enough.set(true);
            for (Future<List<String>> each : answers) {
                assertThat(each.get()).isEmpty();
            }
            assertThat(hearth.stop()).isZero();
        }
    }

    /// As a web server calls a script whose first line names `hearth run`: with the words of the query behind.
    private String callCgi(Path script, Path called, String... words) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "run",
                                script.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = new HashMap<>();
        environment.put("GATEWAY_INTERFACE", "CGI/1.1");
        environment.put("REQUEST_METHOD", "GET");
        environment.put("SCRIPT_NAME", "/cgi-bin/hello.cgi");
        environment.put("SCRIPT_FILENAME", called.toString());
        environment.put("PATH_INFO", "/hello");
        environment.put("HEARTH_DATA", folder.resolve("data").toString());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.redirectError(folder.resolve("errors").toFile()).start();
        process.getOutputStream().close();
        String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isZero();
        return answer;
    }

    @Test
    void a_script_is_served_by_cgi_but_no_file_that_a_query_names() throws Exception {
        Path script = write("hello.cgi", "#!/opt/hearth/bin/hearth run\n" + program("by CGI"));
        assertThat(callCgi(script, script, "--data", "/nowhere"))
                .startsWith("Status: 200 OK\r\n")
                .endsWith("\r\n\r\nby CGI");

        Path uploaded = write("uploaded.java", program("not by query"));
        Path hearth = write("hearth", "the launcher");
        assertThat(callCgi(uploaded, hearth))
                .startsWith("Status: 404 Not Found\r\n")
                .doesNotContain("not by query");
    }
}
