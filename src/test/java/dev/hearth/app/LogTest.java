package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.web.RequestIds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// In a process of its own: what is tested is that a line really leaves it. With slf4j-api 1.x on the class
/// path a 2.x backend is not found, and nothing but silence tells.
class LogTest {
    @TempDir Path folder;

    /// Logs to standard error, then to the file that its argument names.
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            Logger log = LoggerFactory.getLogger("somebody");
            log.info("a line about {}", "x\r\n2026-01-01 forged\u001b[31m\u009b");
            log.debug("too quiet");
            // What Jetty says of each request that is not valid.
            LoggerFactory.getLogger("org.eclipse.jetty.util.HostPort").warn("Bad Authority");
            LoggerFactory.getLogger("org.eclipse.jetty.http.HttpParser").warn("two hosts");
            Settings.Log toFile =
                    new Settings.Log("debug", Optional.of(Path.of(arguments[0])), "human", "off");
            Log.follow(toFile);
            log.debug("in the file");
            LoggerFactory.getLogger("org.eclipse.jetty.io.ManagedSelector").warn("of Jetty itself");
            new RequestIds()
                    .wrap(_ -> {
                        log.info("with sk_live_planted123 and whsec_planted123");
                        return Response.status(204);
                    })
                    .handle(Requests.of("GET", "/").with("X-Request-Id", "request-7").request());
            log.error(
                    "failed", new IllegalStateException("bad\ninput", new RuntimeException("why")));
            Log.follow(
                    new Settings.Log("debug", Optional.of(Path.of(arguments[0])), "json", "off"));
            log.warn("a \"quoted\" line\n", new IllegalStateException("Bearer planted123"));
        }
    }

    @Test
    void a_line_appears_and_nothing_that_is_logged_can_forge_one() throws Exception {
        Path file = folder.resolve("hearth.log");
        Process process =
                new ProcessBuilder(
                                List.of(
                                        ProcessHandle.current().info().command().orElseThrow(),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Program.class.getName(),
                                        file.toString()))
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(output)
                .hasLineCount(1)
                .contains(
                        "INFO  [main] somebody: a line about x\\r\\n2026-01-01 forged\\u001b[31m\\u009b");
        assertThat(Files.readString(file))
                .contains("DEBUG [main] somebody: in the file")
                .contains("WARN  [main] org.eclipse.jetty.io.ManagedSelector: of Jetty itself")
                .contains(
                        "ERROR [main] somebody: failed\n    java.lang.IllegalStateException: bad\\ninput\n")
                .contains("caused by: java.lang.RuntimeException: why")
                .contains("INFO  [main request-7] somebody: with sk_live_*** and whsec_***")
                .contains(
                        "\"level\":\"WARN\",\"thread\":\"main\",\"logger\":\"somebody\",\"message\":\"a \\\"quoted\\\" line\\n\",\"error\":\"java.lang.IllegalStateException: Bearer ***")
                .doesNotContain("planted123");
    }
}
