package dev.hearth.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.operator.Subject.LogLevel;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Changes how much the running Hearth logs.
@Command(
        name = "log",
        description = "See and change how much the running Hearth logs.",
        subcommands = LogCommand.Level.class,
        synopsisSubcommandLabel = "COMMAND")
final class LogCommand extends CommandGroup {

    @Command(
            name = "level",
            description = {
                "Show the log level of the running Hearth, or change it until the next start or SIGHUP.",
                "The change is written into the audit log."
            })
    static final class Level implements Callable<Integer> {
        private static final JsonMapper JSON = new JsonMapper();

        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @ParentCommand private @Nullable LogCommand group;

        @Parameters(
                arity = "0..1",
                paramLabel = "LEVEL",
                description = "error, warn, info, debug or trace.")
        private @Nullable String wanted;

        @Override
        public Integer call() throws Exception {
            Optional<String> level = Optional.ofNullable(wanted);
            if (level.filter(word -> !LogLevel.LEVELS.contains(word)).isPresent()) {
                throw new StartException(
                        ExitCode.USAGE,
                        "there is no log level \"%s\": it is one of %s"
                                .formatted(wanted, String.join(", ", LogLevel.LEVELS)));
            }
            Settings settings =
                    CommandLineTool.of(Objects.requireNonNull(group).spec()).settings(options);
            JsonNode now = JSON.readTree(ask(settings, level));
            String is = now.path("level").asString();
            String was = now.path("before").asString();
            System.out.println(
                    options.json()
                            ? Json.object("level", is, "before", was)
                            : level.isEmpty()
                                    ? is
                                    : "The log level is %s, was %s.".formatted(is, was));
            return ExitCode.OK.code();
        }

        private static String ask(Settings settings, Optional<String> level)
                throws StartException, InterruptedException {
            Map<String, String> headers = ControlKey.ofCommand(settings).headers();
            RunningHearth hearth = new RunningHearth(settings);
            Answer answer =
                    level.isEmpty()
                            ? hearth.get(LogLevelRoute.PATH, headers)
                            : hearth.post(LogLevelRoute.PATH, headers, wish(level.get()));
            return ControlKey.bodyOf(answer, settings);
        }

        private static byte[] wish(String level) {
            return Json.object("level", level, "by", System.getProperty("user.name", "?"))
                    .getBytes(UTF_8);
        }
    }
}
