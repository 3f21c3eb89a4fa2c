package dev.hearth.app;

import dev.hearth.program.CompiledProgram;
import dev.hearth.program.DoesNotCompileException;
import dev.hearth.program.FileWatch;
import dev.hearth.program.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// `hearth run FILE`: a program of one Java file, whose `main` calls `Hearth.run` and so comes back to [Main].
record FileProgram(Path file, boolean watched, List<String> arguments) {
    private static final ScopedValue<Started> STARTED = ScopedValue.newInstance();
    private static final ScopedValue<Consumer<Consumer<Application>>> RELOADING =
            ScopedValue.newInstance();

    private static final String WATCH = "--watch";

    /// What runs in this process.
    private record Started(
            FileProgram program, Options options, Settings settings, String version) {}

    /// The program that the arguments or the variable `HEARTH_RUN` name, unless it is it that asks.
    ///
    /// A web server that calls a CGI program adds words of the query to its arguments. Then a file counts
    /// only if it is the script that was called, as `#!…/hearth run` in its first line makes it.
    static Optional<FileProgram> asked(
            List<String> arguments, Map<String, String> environment, boolean calledByCgi) {
        if (STARTED.isBound()) {
            return Optional.empty();
        }
        Optional<FileProgram> named =
                arguments.isEmpty() || !arguments.getFirst().equals("run")
                        ? Optional.empty()
                        : parse(arguments.subList(1, arguments.size()));
        Optional<FileProgram> byVariable =
                Optional.ofNullable(environment.get("HEARTH_RUN"))
                        .filter(name -> !name.isEmpty())
                        .map(name -> new FileProgram(Path.of(name), false, arguments));
        if (!calledByCgi) {
            return named.or(() -> byVariable);
        }
        boolean isScript =
                named.isPresent() && named.get().isScript(environment.get("SCRIPT_FILENAME"));
        Optional<FileProgram> asked = byVariable.isPresent() || !isScript ? byVariable : named;
        return asked.map(each -> new FileProgram(each.file, false, List.of()));
    }

    private static Optional<FileProgram> parse(List<String> words) {
        boolean watchedFirst = !words.isEmpty() && words.getFirst().equals(WATCH);
        List<String> rest = watchedFirst ? words.subList(1, words.size()) : words;
        if (rest.isEmpty() || rest.getFirst().startsWith("-")) {
            return Optional.empty(); // the command line library explains
        }
        List<String> options = rest.subList(1, rest.size());
        return Optional.of(
                new FileProgram(
                        Path.of(rest.getFirst()),
                        watchedFirst || options.contains(WATCH),
                        options.stream().filter(word -> !word.equals(WATCH)).toList()));
    }

    private boolean isScript(@Nullable String script) {
        try {
            return script != null && Files.isSameFile(file, Path.of(script));
        } catch (IOException noSuchFile) {
            return false;
        }
    }

    /// Compiles the program where it is new, and calls its `main`.
    ///
    /// @throws StartException if it cannot be read or has errors
    void run(Map<String, String> environment, boolean isCgi) throws Exception {
        Options options = Main.serveOptions(arguments).orElse(Options.NONE);
        Settings settings = Settings.load(options, environment);
        if (isCgi) {
            DataFolder.make(settings.data());
        } else {
            DataFolder.open(settings.data());
        }
        CompiledProgram program = compiled(settings);
        try {
            ScopedValue.where(STARTED, new Started(this, options, settings, program.version()))
                    .call(() -> {
                        program.run(arguments.toArray(String[]::new));
                        return 0;
                    });
        } catch (NoSuchMethodException noMain) {
            throw new StartException(ExitCode.DATA, file + ": " + noMain.getMessage(), noMain);
        }
    }

    private CompiledProgram compiled(Settings settings) throws StartException {
        try {
            return SourceFile.read(file).compile(settings.data().resolve("compiled"));
        } catch (DoesNotCompileException wrong) {
            System.err.println(wrong.getMessage());
            throw new StartException(ExitCode.DATA, file + " does not compile", wrong);
        } catch (IOException unreadable) {
            throw new StartException(
                    ExitCode.NO_INPUT,
                    "cannot run %s: %s".formatted(file, Reasons.of(unreadable)),
                    unreadable);
        }
    }

    /// The settings that were read for these options before the program was called.
    static Optional<Settings> settings(Options options) {
        // In CGI they are one object, and what compares two records is not spun.
        return STARTED.isBound() && Objects.equals(STARTED.get().options(), options)
                ? Optional.of(STARTED.get().settings())
                : Optional.empty();
    }

    /// Whether what runs here is watched for changes.
    static boolean isWatched() {
        return STARTED.isBound() && STARTED.get().program().watched;
    }

    /// Hands `setUp` to the process that runs an earlier version of this program already, and tells whether
    /// there is one.
    static boolean isReloading(Consumer<Application> setUp) {
        if (RELOADING.isBound()) {
            RELOADING.get().accept(setUp);
            return true;
        }
        return false;
    }

    /// Watches the file of the program that runs here, if it is to be watched: `replace` is called with each
    /// new version of it that compiles, until closed.
    static AutoCloseable watch(LiveSite site) throws IOException {
        if (!isWatched()) {
            return () -> {};
        }
        Started started = STARTED.get();
        AtomicReference<String> last = new AtomicReference<>(started.version());
        return FileWatch.start(
                started.program().file,
                started.program()::warmUp,
                () -> started.program().reload(started.settings(), site, last));
    }

    /// The first run of the compiler takes a second, the next a fraction of it.
    private void warmUp() {
        try {
            SourceFile.read(file).check();
        } catch (DoesNotCompileException | IOException toldSoon) {
            // it was changed in between, and that change is looked at next
        }
    }

    private void reload(Settings settings, LiveSite site, AtomicReference<String> last) {
        long began = System.nanoTime();
        try {
            CompiledProgram next = compiled(settings);
            if (next.version().equals(last.getAndSet(next.version()))) {
                return; // written again as it was
            }
            ScopedValue.where(RELOADING, site::replace)
                    .call(() -> {
                        next.run(arguments.toArray(String[]::new));
                        return 0;
                    });
            System.out.printf(
                    "hearth: %s has changed: serving the new one after %d ms%n",
                    file, (System.nanoTime() - began) / 1_000_000);
        } catch (Exception wrong) {
            System.err.println("hearth: " + Reasons.ofAny(wrong));
            System.err.println("hearth: still serving what was there before");
        }
    }
}
