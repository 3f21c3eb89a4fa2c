package dev.hearth.fronts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
            String answer = call("", Map.of("PATH_INFO", "/pid"));
            String pid = answer.substring(answer.indexOf("\r\n\r\n")).strip();
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroy);
        }
    }

    /// What it answers, started by a shell with these redirections.
    private String call(String redirections, Map<String, String> more) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$0\" " + redirections));
        command.add(program.toString());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectInput(Path.of("/dev/null").toFile());
        Map<String, String> environment = builder.environment();
        environment.put("GATEWAY_INTERFACE", "CGI/1.1");
        environment.put("REQUEST_METHOD", "GET");
        environment.put("SCRIPT_NAME", "/hearth.cgi");
        environment.putAll(more);
        Process process = builder.start();
        String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return answer;
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
}
