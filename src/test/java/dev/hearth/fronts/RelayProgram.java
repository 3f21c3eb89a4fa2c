package dev.hearth.fronts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The relay of `deploy/cgi`, and the worker that it starts: it first writes down that it was started, and with
/// what.
final class RelayProgram {
    private final Path folder;

    RelayProgram(Path folder) {
        this.folder = folder;
    }

    /// Compiles `relay.c` as its comment says.
    Path compile(Path program) throws IOException, InterruptedException {
        FrontProcess.requirePackage("gcc", Path.of("/usr/bin/cc"));
        Files.createDirectories(program.getParent());
        Process compiler =
                new ProcessBuilder(
                                "cc",
                                "-O2",
                                "-Wall",
                                "-Wextra",
                                "-Werror",
                                "-DHEARTH_COMMAND=\"" + worker() + "\"",
                                "-DHEARTH_DATA=\"" + data() + "\"",
                                "-o",
                                program.toString(),
                                "deploy/cgi/relay.c")
                        .redirectErrorStream(true)
                        .start();
        assertThat(new String(compiler.getInputStream().readAllBytes(), UTF_8)).isEmpty();
        assertThat(compiler.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return program;
    }

    /// The folder of the worker that it starts, where also its socket and its log are.
    Path data() {
        return folder.resolve("data");
    }

    private Path worker() throws IOException {
        Path script = folder.resolve("hearth");
        Files.writeString(
                script,
                """
                #!/bin/sh
                { echo "started $*"; env; } >> '%s'
                exec '%s' "$@"
                """
                        .formatted(record(), FrontWorker.script(folder)));
        return executable(script);
    }

    private static Path executable(Path program) throws IOException {
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program;
    }

    /// The file with what workers were started with: their words, their environment.
    Path record() {
        return folder.resolve("started");
    }

    /// The words of each worker that was started.
    List<String> starts() throws IOException {
        if (!Files.exists(record())) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(record())) {
            return lines.filter(line -> line.startsWith("started ")).toList();
        }
    }
}
