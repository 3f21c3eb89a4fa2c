package dev.hearth.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// The commands. `serve` with plain options does not come by here: see [Main].
@Command(
        name = "hearth",
        description = "An application server that receives webhooks and takes payments.",
        subcommands = {
            CommandLineTool.Serve.class,
            CommandLineTool.Run.class,
            SendCommand.class,
            InboxCommand.class,
            PaymentsCommand.class,
            OutgoingCommand.class,
            JobsCommand.class,
            OperatorCommand.class,
            AuditCommand.class,
            CheckCommand.class,
            StatusCommand.class,
            RoutesCommand.class,
            ConfigCommand.class,
            LogCommand.class,
            DoctorCommand.class,
            CommandLineTool.ShowVersion.class,
            AutoComplete.GenerateCompletion.class,
            CommandLineTool.GenerateMan.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        versionProvider = CommandLineTool.ShowVersion.class,
        footer = {"", "Without a command: serve.", "Exit codes are those of sysexits.h."})
final class CommandLineTool implements Callable<Integer> {
    private final Map<String, String> environment;
    private final Serving serving;

    @SuppressWarnings("UnusedVariable") // the library sets and reads it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @SuppressWarnings("UnusedVariable") // the library sets and reads it
    @Option(
            names = "--version",
            versionHelp = true,
            description = "Show what the command version shows.")
    private boolean version;

    @Spec private @Nullable CommandSpec spec;

    /// Serves until told to stop.
    interface Serving {
        int serve(Options options, boolean sandbox) throws Exception;
    }

    CommandLineTool(Map<String, String> environment, Serving serving) {
        this.environment = environment;
        this.serving = serving;
    }

    /// Runs one command and gives its exit code. Expected failures pass through to the caller.
    int run(List<String> arguments) throws Exception {
        Failure failure = new Failure();
        int code =
                new CommandLine(this)
                        .setExecutionExceptionHandler(failure)
                        .setParameterExceptionHandler(CommandLineTool::explain)
                        .execute(arguments.toArray(String[]::new));
        if (failure.thrown != null) {
            throw failure.thrown;
        }
        return code;
    }

    /// Keeps what a command threw, so that [Main] turns all failures into sentences in one place.
    private static final class Failure implements CommandLine.IExecutionExceptionHandler {
        @Nullable Exception thrown;

        @Override
        public int handleExecutionException(
                Exception exception, CommandLine command, CommandLine.ParseResult parsed) {
            thrown = exception;
            return ExitCode.SOFTWARE.code();
        }
    }

    private static int explain(CommandLine.ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        command.getErr().println("hearth: " + mistake.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(mistake, command.getErr());
        command.getErr()
                .println("Try \"%s --help\".".formatted(command.getCommandSpec().qualifiedName()));
        return ExitCode.USAGE.code();
    }

    /// The tool that this command, or one behind it, belongs to.
    static CommandLineTool of(CommandSpec command) {
        return (CommandLineTool) command.root().userObject();
    }

    Settings settings(CommonOptions options) throws StartException {
        return Settings.load(options.toOptions(), environment);
    }

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                Objects.requireNonNull(spec).commandLine(), "which command?");
    }

    /// The options that every command has.
    static final class CommonOptions {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "The configuration; default: hearth.toml, if there is one.")
        private @Nullable String config;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "The data folder; default: ./data.")
        private @Nullable String data;

        @Option(
                names = "--listen",
                paramLabel = "ADDRESS",
                description = {
                    "Where FastCGI is spoken: unix:PATH, HOST:PORT or fd:0; may be given more than"
                            + " once.",
                    "Default: unix:DIR/hearth.sock."
                })
        private List<String> listen = new ArrayList<>();

        @Option(
                names = "--http",
                paramLabel = "HOST:PORT",
                description = "Where HTTP is spoken, or \"off\"; default: 127.0.0.1:8080.")
        private @Nullable String http;

        @Option(names = "--json", description = "Print JSON, for programs.")
        private boolean json;

        @SuppressWarnings("UnusedVariable") // the library sets and reads it
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help.")
        private boolean help;

        Options toOptions() {
            return new Options(
                    Optional.ofNullable(config),
                    Optional.ofNullable(data),
                    listen,
                    Optional.ofNullable(http),
                    Optional.empty(),
                    false,
                    json);
        }

        boolean json() {
            return json;
        }
    }

    @Command(
            name = "serve",
            description = "Serve requests and work through the inbox, until told to stop.")
    static final class Serve implements Callable<Integer> {
        @Mixin private CommonOptions options = new CommonOptions();
        @ParentCommand private @Nullable CommandLineTool tool;

        @Option(
                names = "--idle-exit",
                paramLabel = "DURATION",
                description = {
                    "End after this long without a request, as 10m; the socket's owner (systemd)",
                    "starts it again with the next one."
                })
        private @Nullable String idleExit;

        @Option(
                names = "--take-over",
                description = {
                    "Take the unix socket from the Hearth that serves it, which ends what is in",
                    "progress and stops: a restart or an upgrade without a lost request."
                })
        private boolean takeOver;

        @Option(
                names = "--sandbox",
                description = {
                    "Play Stripe on this machine, with a page to pay on and something to buy: no account,",
                    "no money, and data of its own that begins empty."
                })
        private boolean sandbox;

        @Override
        public Integer call() throws Exception {
            Options common = options.toOptions();
            return Objects.requireNonNull(tool)
                    .serving
                    .serve(
                            new Options(
                                    common.config(),
                                    common.data(),
                                    common.listen(),
                                    common.http(),
                                    Optional.ofNullable(idleExit),
                                    takeOver,
                                    common.json()),
                            sandbox);
        }
    }

    /// Comes here only when the arguments do not begin with a file: see [FileProgram].
    @Command(
            name = "run",
            description = "Serve a program of one Java file, compiled when it has changed.")
    static final class Run implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "The program; its main calls Hearth.run.")
        private @Nullable String file;

        @Option(names = "--watch", description = "Serve each new version of the file at once.")
        private boolean watch;

        @SuppressWarnings("UnusedVariable") // for its help
        @Mixin
        private CommonOptions options = new CommonOptions();

        @Spec private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            throw new CommandLine.ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "the file comes first: hearth run %s%s …"
                            .formatted(file, watch ? " --watch" : ""));
        }
    }

    @Command(
            name = "generate-man",
            hidden = true,
            description = "Print the manual page, for those who build packages.")
    static final class GenerateMan implements Callable<Integer> {
        @ParentCommand private @Nullable CommandLineTool tool;

        @Override
        public Integer call() {
            CommandLineTool hearth = Objects.requireNonNull(tool);
            System.out.print(ManPage.of(Objects.requireNonNull(hearth.spec)));
            return ExitCode.OK.code();
        }
    }

    @Command(name = "version", description = "Show which Hearth this is, and on which JVM.")
    static final class ShowVersion implements Callable<Integer>, CommandLine.IVersionProvider {
        @Mixin private CommonOptions options = new CommonOptions();

        @Override
        public Integer call() {
            System.out.println(
                    options.json
                            ? Json.object("hearth", Version.number(), "java", jvm())
                            : getVersion()[0]);
            return ExitCode.OK.code();
        }

        @Override
        public String[] getVersion() {
            return new String[] {"Hearth %s (Java %s)".formatted(Version.number(), jvm())};
        }

        private static String jvm() {
            return Runtime.version() + ", " + System.getProperty("java.vendor");
        }
    }
}
