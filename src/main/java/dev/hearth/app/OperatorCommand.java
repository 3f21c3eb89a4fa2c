package dev.hearth.app;

import dev.hearth.operator.Audit;
import dev.hearth.operator.Operator;
import dev.hearth.operator.Operators;
import dev.hearth.operator.Role;
import dev.hearth.storage.Database;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// Says who may use the operator site, while Hearth runs or not.
@Command(
        name = "operator",
        description = "Say who may use the operator site. Without an operator there is no site.",
        subcommands = {
            OperatorCommand.Add.class,
            OperatorCommand.ListAll.class,
            OperatorCommand.Remove.class,
            OperatorCommand.Password.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class OperatorCommand implements Callable<Integer> {
    private static final String HERE = "command line";

    @ParentCommand private @Nullable CommandLineTool tool;

    @SuppressWarnings("UnusedVariable") // the library sets and reads it
    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() {
        return Objects.requireNonNull(tool).call();
    }

    private interface Work {
        String on(Operators operators) throws Exception;
    }

    /// Does it and writes it down; says what was done.
    private int run(CommandLineTool.CommonOptions options, String action, String name, Work work)
            throws Exception {
        try (Database database =
                Server.openExisting(Objects.requireNonNull(tool).settings(options))) {
            String done = work.on(new Operators(database));
            new Audit(database, database.clock())
                    .add(System.getProperty("user.name", "?"), HERE, action, name, "done");
            System.out.println(options.json() ? Json.object("operator", name, "done", done) : done);
            return ExitCode.OK.code();
        } catch (IllegalArgumentException wrong) {
            throw new StartException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static StartException unknown(String name) {
        return new StartException(ExitCode.FAILED, "there is no operator \"%s\"".formatted(name));
    }

    /// Asks for a password twice at a terminal, else takes the first line of the standard input: never from the
    /// command line, where every user of the machine could read it.
    private static String password() throws IOException, StartException {
        Optional<Console> terminal =
                Optional.ofNullable(System.console()).filter(Console::isTerminal);
        return terminal.isPresent() ? asked(terminal.get()) : firstLine();
    }

    private static String asked(Console terminal) throws StartException {
        Optional<char[]> first = Optional.ofNullable(terminal.readPassword("Password: "));
        Optional<char[]> second = Optional.ofNullable(terminal.readPassword("Again: "));
        if (first.isEmpty() || second.isEmpty() || !Arrays.equals(first.get(), second.get())) {
            throw new StartException(ExitCode.USAGE, "the two passwords differ");
        }
        return String.valueOf(first.get());
    }

    private static String firstLine() throws IOException, StartException {
        String line =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                        .readLine();
        if (line == null) {
            throw new StartException(
                    ExitCode.USAGE, "no password: type it, or send it to the standard input");
        }
        return line;
    }

    @Command(
            name = "add",
            description = {
                "Add an operator.",
                "The password is asked for, or is the first line of the standard input."
            })
    static final class Add implements Callable<Integer> {
        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @ParentCommand private @Nullable OperatorCommand operator;

        @Parameters(paramLabel = "NAME", description = "The name to sign in with.")
        private String name = "";

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                defaultValue = "operator",
                description = "viewer or operator; default: ${DEFAULT-VALUE}.")
        private String role = "operator";

        @Override
        public Integer call() throws Exception {
            return Objects.requireNonNull(operator)
                    .run(
                            options,
                            "add operator",
                            name,
                            operators -> {
                                Role parsed = Role.parse(role);
                                operators.add(name, parsed, password(), Instant.now());
                                return "%s may use the operator site as %s."
                                        .formatted(name, parsed.word());
                            });
        }
    }

    @Command(name = "list", description = "List the operators.")
    static final class ListAll implements Callable<Integer> {
        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @ParentCommand private @Nullable OperatorCommand operator;

        @Override
        public Integer call() throws Exception {
            OperatorCommand command = Objects.requireNonNull(operator);
            try (Database database =
                    Server.openExisting(Objects.requireNonNull(command.tool).settings(options))) {
                for (Operator one : new Operators(database).list()) {
                    System.out.println(
                            options.json()
                                    ? Json.object(
                                            "name",
                                            one.name(),
                                            "role",
                                            one.role().word(),
                                            "since",
                                            one.since())
                                    : "%-20s %s".formatted(one.name(), one.role().word()));
                }
            }
            return ExitCode.OK.code();
        }
    }

    @Command(name = "remove", description = "Remove an operator and end its sessions.")
    static final class Remove implements Callable<Integer> {
        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @ParentCommand private @Nullable OperatorCommand operator;

        @Parameters(paramLabel = "NAME", description = "The operator's name.")
        private String name = "";

        @Override
        public Integer call() throws Exception {
            return Objects.requireNonNull(operator)
                    .run(
                            options,
                            "remove operator",
                            name,
                            operators -> {
                                if (!operators.remove(name)) {
                                    throw unknown(name);
                                }
                                return "%s may no longer use the operator site.".formatted(name);
                            });
        }
    }

    @Command(
            name = "password",
            description = {
                "Give an operator a new password and end its sessions.",
                "The password is asked for, or is the first line of the standard input."
            })
    static final class Password implements Callable<Integer> {
        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @ParentCommand private @Nullable OperatorCommand operator;

        @Parameters(paramLabel = "NAME", description = "The operator's name.")
        private String name = "";

        @Override
        public Integer call() throws Exception {
            return Objects.requireNonNull(operator)
                    .run(
                            options,
                            "change password",
                            name,
                            operators -> {
                                if (!operators.changePassword(name, password())) {
                                    throw unknown(name);
                                }
                                return "The password of %s is changed.".formatted(name);
                            });
        }
    }
}
