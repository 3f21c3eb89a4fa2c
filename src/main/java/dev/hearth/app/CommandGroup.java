package dev.hearth.app;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A name in front of several commands; alone it is not one.
abstract class CommandGroup implements Callable<Integer> {
    @SuppressWarnings("UnusedVariable") // the library sets and reads it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public final Integer call() {
        throw new ParameterException(spec().commandLine(), "which command?");
    }

    final CommandSpec spec() {
        return Objects.requireNonNull(spec);
    }
}
