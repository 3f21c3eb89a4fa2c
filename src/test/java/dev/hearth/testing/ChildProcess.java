package dev.hearth.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A process that a test has started, and what it prints. Closing ends it, if it still runs.
public final class ChildProcess implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final String name;
    private final Process process;
    private final Path output;

    private ChildProcess(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /// Starts a command in a folder; standard output and error go to one file outside of it. A variable
    /// with an empty value is removed.
    public static ChildProcess start(
            String name, Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        return start(name, folder, environment, command, Optional.empty());
    }

    /// As above, with a file as standard input.
    public static ChildProcess start(
            String name,
            Path folder,
            Map<String, String> environment,
            List<String> command,
            Optional<Path> input)
            throws IOException {
        Path output = Files.createTempFile(name, ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        input.ifPresent(file -> builder.redirectInput(file.toFile()));
        environment.forEach((variable, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(variable);
            } else {
                builder.environment().put(variable, value);
            }
        });
        return new ChildProcess(name, builder.start(), output);
    }

    /// Everything printed so far.
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// Waits until the process has printed the text.
    public ChildProcess awaitOutput(String text) {
        Await.until(
                name + " prints \"" + text + "\", it printed: " + output(),
                () -> {
                    if (!process.isAlive() && !output().contains(text)) {
                        throw new IllegalStateException(
                                "ended with %d: %s".formatted(process.exitValue(), output()));
                    }
                    return output().contains(text);
                });
        return this;
    }

    /// Sends a signal, such as `TERM`.
    public void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-s", signal, Long.toString(pid())).start().waitFor();
    }

    /// Waits for the end and gives the exit code.
    public int awaitExit() throws InterruptedException {
        return awaitExit(LONGEST.toSeconds());
    }

    /// The same, for what takes its time.
    public int awaitExit(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError(name + " does not end; it printed: " + output());
        }
        return process.exitValue();
    }

    /// Ends the process as a supervisor does, and gives its exit code.
    public int stop() throws IOException, InterruptedException {
        signal("TERM");
        return awaitExit();
    }

    /// Ends the process with SIGKILL: nothing in it runs any more.
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                process.destroy();
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
