package dev.hearth.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The manual page, made of what the commands, the configuration's keys and the exit codes say of themselves.
final class ManPage {
    private static final String HEAD =
            """
            .TH HEARTH 1 "" Hearth "User Commands"
            .SH NAME
            hearth \\- application server for FastCGI, CGI and HTTP that receives webhooks and takes payments
            .SH SYNOPSIS
            .B hearth
            .RI [ COMMAND ]
            .RI [ ARGUMENT ...]
            .SH DESCRIPTION
            Without a command
            .B hearth
            serves.
            How a web server or systemd calls it is found out by itself: by the environment (CGI), by a socket on
            standard input or from systemd (FastCGI), else by
            .B \\-\\-listen
            and
            .BR \\-\\-http .
            """;

    private static final String ENVIRONMENT =
            """
            .SH ENVIRONMENT
            Every key of the configuration can be set by a variable:
            .B stripe.api_base
            by
            .BR HEARTH_STRIPE_API_BASE .
            .TP
            .B HEARTH_JAVA
            another java than the one that comes with Hearth
            .TP
            .B HEARTH_JAVA_OPTIONS
            more options for the JVM, such as \\-Xmx512m
            """;

    private final StringBuilder page = new StringBuilder(HEAD);
    private final CommandSpec shared =
            CommandSpec.forAnnotatedObject(new CommandLineTool.CommonOptions());
    private final Set<String> sharedNames = new HashSet<>();

    private ManPage() {
        shared.options().forEach(option -> sharedNames.add(option.longestName()));
    }

    /// The page in troff, for this command and those below it.
    static String of(CommandSpec hearth) {
        ManPage page = new ManPage();
        page.section("OPTIONS OF EVERY COMMAND");
        page.shared.options().forEach(page::argument);
        page.section("COMMANDS");
        page.commands(hearth);
        page.section("CONFIGURATION");
        SettingKey.ALL.forEach(key -> page.entry(key.name(), key.meaning()));
        page.page.append(ENVIRONMENT);
        page.section("EXIT STATUS");
        for (ExitCode code : ExitCode.values()) {
            page.entry(Integer.toString(code.code()), code.meaning());
        }
        return page.page.toString();
    }

    private void commands(CommandSpec spec) {
        for (var each : spec.subcommands().values()) {
            CommandSpec command = each.getCommandSpec();
            if (command.usageMessage().hidden()) {
                continue;
            }
            if (command.subcommands().isEmpty()) {
                command(command);
            } else {
                commands(command);
            }
        }
    }

    private void command(CommandSpec command) {
        List<String> words = new ArrayList<>(List.of(command.qualifiedName()));
        command.positionalParameters().forEach(each -> words.add(each.paramLabel()));
        line(".SS \"" + escaped(String.join(" ", words)) + "\"");
        text(command.usageMessage().description());
        command.positionalParameters().forEach(this::argument);
        command.options().stream()
                .filter(option -> !sharedNames.contains(option.longestName()))
                .forEach(this::argument);
    }

    private void argument(ArgSpec argument) {
        if (argument.hidden()) {
            return;
        }
        String name = argument.paramLabel();
        if (argument instanceof OptionSpec option) {
            String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
            name = String.join(", ", option.names()) + value;
        }
        line(".TP");
        line("\\fB" + escaped(name) + "\\fR");
        text(argument.description());
    }

    private void section(String title) {
        line(".SH \"" + title + "\"");
    }

    private void entry(String name, String meaning) {
        line(".TP");
        line(".B " + escaped(name));
        text(meaning);
    }

    /// A sentence a line, as troff likes it. The library's own texts hold format marks.
    private void text(String... lines) {
        Arrays.stream(lines)
                .flatMap(each -> each.replace("%n", "\n").replace("%%", "%").lines())
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .forEach(each -> line(escaped(each)));
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    private static String escaped(String text) {
        String plain = text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
        String safe = plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
        StringBuilder ascii = new StringBuilder(); // whatever encoding a reader's troff expects
        safe.chars()
                .forEach(c ->
                        ascii.append(c < 0x80 ? Character.toString(c) : "\\[u%04X]".formatted(c)));
        return ascii.toString();
    }
}
