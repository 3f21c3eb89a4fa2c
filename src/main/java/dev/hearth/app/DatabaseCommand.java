package dev.hearth.app;

import dev.hearth.operator.Audit;
import dev.hearth.storage.Database;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that works on the database, while Hearth runs or not.
abstract class DatabaseCommand implements Callable<Integer> {
    @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
    @Spec private @Nullable CommandSpec spec;

    @Override
    public final Integer call() throws Exception {
        try (Database database = Server.openExisting(settings())) {
            return on(database).code();
        }
    }

    /// Does the work. Who calls closes the database.
    abstract ExitCode on(Database database) throws Exception;

    final Settings settings() throws StartException {
        return CommandLineTool.of(Objects.requireNonNull(spec)).settings(options);
    }

    /// Whether the answer is for programs.
    final boolean json() {
        return options.json();
    }

    /// Who works here, as the steps of a payment name them.
    static String operator() {
        return user() + " (command line)";
    }

    private static String user() {
        return System.getProperty("user.name", "?");
    }

    /// Writes down what was done by whom, as the operator site does.
    static void note(Database database, String action, String subject, String outcome)
            throws SQLException {
        new Audit(database, database.clock()).add(user(), "command line", action, subject, outcome);
    }

    /// What was said wrong on the command line.
    static StartException misused(IllegalArgumentException wrong) {
        return new StartException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
}
