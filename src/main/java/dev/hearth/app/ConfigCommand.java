package dev.hearth.app;

import dev.hearth.operator.Subject;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// Shows what a Hearth that was started here would be configured to.
@Command(
        name = "config",
        description = {
            "Show each setting as it would count if Hearth were started here: its value, and where that",
            "comes from. Of secrets only that they are set."
        })
final class ConfigCommand implements Callable<Integer> {
    @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
    @ParentCommand private @Nullable CommandLineTool tool;

    @Parameters(
            arity = "0..1",
            paramLabel = "KEY",
            description = "Only this one, as log.level, or those of this group, as log.")
    private String wanted = "";

    @Option(names = "--set", description = "Only what somebody has set.")
    private boolean onlySet;

    @Override
    public Integer call() throws Exception {
        Settings settings = Objects.requireNonNull(tool).settings(options);
        settings.notices().forEach(notice -> System.err.println("hearth: " + notice));
        List<Subject.ConfigurationLine> lines =
                ShownSettings.of(settings).stream()
                        .filter(line -> !onlySet || settings.isSet(line.key()))
                        .filter(line -> isWanted(line.key()))
                        .toList();
        if (lines.isEmpty() && SettingKey.find(wanted).isEmpty() && !wanted.isEmpty()) {
            throw unknown();
        }
        lines.forEach(line -> System.out.println(options.json() ? json(line) : text(line)));
        return ExitCode.OK.code();
    }

    private boolean isWanted(String key) {
        return wanted.isEmpty() || key.equals(wanted) || key.startsWith(wanted + ".");
    }

    private StartException unknown() {
        String hint =
                SettingKey.nearest(wanted)
                        .map(near -> "; did you mean \"%s\"?".formatted(near))
                        .orElse("");
        return new StartException(
                ExitCode.USAGE, "there is no setting \"%s\"%s".formatted(wanted, hint));
    }

    private static String text(Subject.ConfigurationLine line) {
        return "%-34s %-36s %s"
                .formatted(line.key(), line.value().isEmpty() ? "-" : line.value(), line.origin());
    }

    private static String json(Subject.ConfigurationLine line) {
        return Json.object(
                "key",
                line.key(),
                "value",
                line.value(),
                "origin",
                line.origin(),
                "meaning",
                line.meaning());
    }
}
