package dev.hearth.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.gateway.BadInput.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One of each kind of [BadInput] in a process of its own, whose environment the kernel hands over.
@Timeout(180)
final class BadInputProcessIT {
    private static final Set<String> KINDS =
            Set.of(
                    "path that is not UTF-8",
                    "path longer than all headers",
                    "dot segments",
                    "encoded slash",
                    "10,000 parameters",
                    "20,000 headers",
                    "range 10- of ten bytes",
                    "malformed JSON",
                    "decompression bomb as JSON",
                    "multipart without end",
                    "length -5",
                    "body shorter than announced");

    @TempDir Path folder;

    /// What the process runs.
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws IOException {
            System.exit(
                    CgiGateway.serve(
                            BadInputSite.of(Path.of(System.getenv("SITE"))),
                            BadInputFront.BODY_BYTES,
                            List.of()));
        }
    }

    @BeforeEach
    void writeFile() throws IOException {
        Files.writeString(folder.resolve("ten.txt"), "0123456789");
    }

    static Stream<BadInput> some() {
        List<BadInput> some = BadInput.all().filter(input -> KINDS.contains(input.kind())).toList();
        assertThat(some).hasSameSizeAs(KINDS);
        return some.stream();
    }

    @ParameterizedTest
    @MethodSource("some")
    void a_process_tells_what_to_change_and_has_not_failed(BadInput input) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder("/bin/sh", script(input).toString())
                        .redirectInput(body(input).toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(out, ISO_8859_1))
                .startsWith("Status: " + input.status(Way.CGI).orElseThrow() + " ")
                .contains("application/problem+json", "\"detail\":\"")
                .doesNotContain("Exception", "\tat ");
        assertThat(err).content(ISO_8859_1).doesNotContain("Exception");
    }

    private Path body(BadInput input) throws IOException {
        return Files.writeString(folder.resolve("in"), input.body(), ISO_8859_1);
    }

    /// Sets the variables byte by byte: this JVM would write those beyond ASCII as its locale has them.
    private Path script(BadInput input) throws IOException {
        StringBuilder script = new StringBuilder("exec env -i SITE='" + folder + "'");
        for (Map.Entry<String, String> each : BadInputFront.OverCgi.environment(input).entrySet()) {
            script.append(" '")
                    .append(each.getKey())
                    .append('=')
                    .append(each.getValue())
                    .append('\'');
        }
        script.append(
                " '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' '%s'\n"
                        .formatted(
                                ProcessHandle.current().info().command().orElse("java"),
                                System.getProperty("java.class.path"),
                                Program.class.getName()));
        return Files.writeString(folder.resolve("script"), script, ISO_8859_1);
    }
}
