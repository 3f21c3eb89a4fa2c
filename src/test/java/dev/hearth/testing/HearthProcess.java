package dev.hearth.testing;

import dev.hearth.app.Main;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A Hearth in a process of its own, its data, socket and secrets in a folder of the test.
///
/// {@snippet lang=java :
/// try (HearthProcess hearth = HearthProcess.in(folder).start()) {
///     hearth.socket(); // FastCGI
///     hearth.uri("/healthz"); // HTTP, on a free port
///     hearth.kill(); // SIGKILL
/// }
/// }
public final class HearthProcess implements AutoCloseable {
    /// The secret of the source `stripe`, unless the test configures another.
    public static final String SECRET = "whsec_for_tests_only";

    private static final Pattern HTTP = Pattern.compile("HTTP +http://(127\\.0\\.0\\.1:[0-9]+)");

    private final ChildProcess process;
    private final Path data;

    private HearthProcess(ChildProcess process, Path data) {
        this.process = process;
        this.data = data;
    }

    /// What to start. Relative paths are below the folder; so is the data folder, `data`.
    public static final class Plan {
        private final Path folder;
        private final Map<String, String> environment = new HashMap<>();
        private final List<String> jvmFlags =
                new ArrayList<>(List.of("-XX:+UseSerialGC", "-Xmx256m", "-XX:TieredStopAtLevel=1"));
        private final List<String> options = new ArrayList<>(List.of("--http", "127.0.0.1:0"));
        private final List<String> launcher = new ArrayList<>();
        private Class<?> program = Main.class;
        private List<String> verb = List.of("serve");

        private Plan(Path folder) {
            this.folder = folder;
            environment.put("HEARTH_DATA", folder.resolve("data").toString());
            environment.put("HEARTH_WEBHOOK_STRIPE_SECRET", SECRET);
        }

        /// Sets a variable; an empty value removes it.
        public Plan environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /// Adds options to `serve`; the last of a kind counts.
        public Plan options(String... more) {
            options.addAll(List.of(more));
            return this;
        }

        /// Leaves out the option that puts HTTP on a free port, and adds these.
        public Plan onlyOptions(String... these) {
            options.clear();
            return options(these);
        }

        public Plan jvmFlags(String... more) {
            jvmFlags.addAll(List.of(more));
            return this;
        }

        /// Has another program start it, whose last arguments are the command.
        public Plan launcher(String... command) {
            launcher.addAll(List.of(command));
            return this;
        }

        /// A program of the test's own, whose `main` calls `Hearth.run`.
        public Plan program(Class<?> other) {
            program = other;
            return this;
        }

        /// Runs a program of one Java file; `more` stands before its options.
        public Plan file(Path file, String... more) {
            verb = new ArrayList<>(List.of("run", file.toString()));
            verb.addAll(List.of(more));
            return this;
        }

        /// Starts it, and returns when it is ready.
        public HearthProcess start() throws IOException {
            HearthProcess started = launch();
            try {
                started.process.awaitOutput(" is ready.");
                return started;
            } catch (RuntimeException | Error late) {
                started.close(); // nobody else could, and what waits for it would not end
                throw late;
            }
        }

        /// Starts it, without waiting: for starts that fail.
        public HearthProcess launch() throws IOException {
            Files.createDirectories(folder);
            return new HearthProcess(
                    ChildProcess.start("hearth", folder, environment, command(verb, options)),
                    Path.of(environment.get("HEARTH_DATA")));
        }

        /// Runs another command to its end.
        public Result run(String... arguments) throws IOException, InterruptedException {
            return run(Optional.empty(), arguments);
        }

        /// Runs another command to its end, with a line on its standard input.
        public Result runWithInput(String line, String... arguments)
                throws IOException, InterruptedException {
            Path file = Files.createTempFile(folder, "input", "");
            Files.writeString(file, line + "\n");
            return run(Optional.of(file), arguments);
        }

        /// Begins another command that goes on until it is told to end.
        public ChildProcess begin(String... arguments) throws IOException {
            List<String> rest = List.of(arguments).subList(1, arguments.length);
            return ChildProcess.start(
                    "hearth", folder, environment, command(List.of(arguments[0]), rest));
        }

        private Result run(Optional<Path> input, String... arguments)
                throws IOException, InterruptedException {
            List<String> rest = List.of(arguments).subList(1, arguments.length);
            try (ChildProcess child =
                    ChildProcess.start(
                            "hearth",
                            folder,
                            environment,
                            command(List.of(arguments[0]), rest),
                            input)) {
                int code = child.awaitExit();
                return new Result(code, child.output());
            }
        }

        private List<String> command(List<String> words, List<String> rest) {
            List<String> command = new ArrayList<>(launcher);
            command.add(ProcessHandle.current().info().command().orElse("java"));
            command.addAll(jvmFlags);
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("-cp");
            command.add(System.getProperty("java.class.path"));
            command.add(program.getName());
            command.addAll(words);
            command.addAll(rest);
            return command;
        }
    }

    /// How a command ended, and what it printed.
    public record Result(int exitCode, String output) {}

    /// A plan for a Hearth in this folder: source `stripe` with [#SECRET], HTTP on a free port.
    public static Plan in(Path folder) {
        return new Plan(folder.toAbsolutePath());
    }

    /// The unix socket for FastCGI.
    public Path socket() {
        return data.resolve("hearth.sock");
    }

    /// The data folder.
    public Path data() {
        return data;
    }

    /// An address on its HTTP port.
    public URI uri(String pathAndQuery) {
        Matcher matcher = HTTP.matcher(output());
        if (!matcher.find()) {
            throw new AssertionError("no HTTP address in: " + output());
        }
        return URI.create("http://" + matcher.group(1) + pathAndQuery);
    }

    /// Everything printed so far, the log included.
    public String output() {
        return process.output();
    }

    /// The process: for signals, waiting and its id.
    public ChildProcess process() {
        return process;
    }

    /// Ends it with SIGTERM and gives the exit code.
    public int stop() throws IOException, InterruptedException {
        return process.stop();
    }

    /// Ends it with SIGKILL.
    public void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
