package dev.hearth.app;

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
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
final class OperatorCommand extends CommandGroup {
    /// A change of one operator, which is written down.
    abstract static class Change extends DatabaseCommand {
        @Parameters(paramLabel = "NAME", description = "The name to sign in with.")
        private String name = "";

        /// What the audit calls it.
        abstract String action();

        /// Does it, and says what was done.
        abstract String change(Operators operators, String name) throws Exception;

        @Override
        final ExitCode on(Database database) throws Exception {
            String done = change(new Operators(database), name);
            note(database, action(), name, "done");
            System.out.println(json() ? Json.object("operator", name, "done", done) : done);
            return ExitCode.OK;
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
    static final class Add extends Change {
        @Option(
                names = "--role",
                paramLabel = "ROLE",
                defaultValue = "operator",
                description = "viewer or operator; default: ${DEFAULT-VALUE}.")
        private String role = "operator";

        @Override
        String action() {
            return "add operator";
        }

        @Override
        String change(Operators operators, String name) throws Exception {
            try {
                Role parsed = Role.parse(role);
                operators.add(name, parsed, password(), Instant.now());
                return "%s may use the operator site as %s.".formatted(name, parsed.word());
            } catch (IllegalArgumentException wrong) {
                throw misused(wrong);
            }
        }
    }

    @Command(name = "list", description = "List the operators.")
    static final class ListAll extends DatabaseCommand {
        @Override
        ExitCode on(Database database) throws Exception {
            for (Operator one : new Operators(database).list()) {
                String role = one.role().word();
                System.out.println(
                        json()
                                ? Json.object(
                                        "name", one.name(), "role", role, "since", one.since())
                                : "%-20s %s".formatted(one.name(), role));
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "remove", description = "Remove an operator and end its sessions.")
    static final class Remove extends Change {
        @Override
        String action() {
            return "remove operator";
        }

        @Override
        String change(Operators operators, String name) throws Exception {
            if (!operators.remove(name)) {
                throw unknown(name);
            }
            return "%s may no longer use the operator site.".formatted(name);
        }
    }

    @Command(
            name = "password",
            description = {
                "Give an operator a new password and end its sessions.",
                "The password is asked for, or is the first line of the standard input."
            })
    static final class Password extends Change {
        @Override
        String action() {
            return "change password";
        }

        @Override
        String change(Operators operators, String name) throws Exception {
            try {
                if (!operators.changePassword(name, password())) {
                    throw unknown(name);
                }
                return "The password of %s is changed.".formatted(name);
            } catch (IllegalArgumentException wrong) {
                throw misused(wrong);
            }
        }
    }
}
