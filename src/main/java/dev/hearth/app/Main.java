package dev.hearth.app;

import dev.hearth.storage.CannotStartException;
import dev.hearth.web.WiringException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/// Where the program begins. Decides what is wanted, and turns every expected failure into one sentence and
/// an exit code.
public final class Main {
    private final Map<String, String> environment;
    private final Consumer<Application> setUp;
    private final boolean isCgi;

    private Main(Map<String, String> environment, Consumer<Application> setUp) {
        this.environment = environment;
        this.setUp = setUp;
        this.isCgi = CgiProgram.isCalled(environment);
    }

    /// Hearth without an application of one's own.
    public static void main(String[] arguments) {
        run(arguments, _ -> {});
    }

    /// Runs the command in the arguments, `serve` if there is none, and ends the process.
    public static void run(String[] arguments, Consumer<Application> setUp) {
        if (FileProgram.isReloading(setUp)) {
            return;
        }
        // The JDK reads this once, with the first HTTP request of anybody, and would otherwise send
        // a POST to Stripe again by itself after a reset, out of sight of who decides on it.
        System.setProperty("sun.net.http.retryPost", "false");
        Main main = new Main(System.getenv(), setUp);
        int code = main.run(List.of(arguments));
        System.out.flush();
        if (main.isCgi) {
            // No more to end, and `exit` would look into every jar for a log to tell of it.
            Runtime.getRuntime().halt(code);
        }
        System.exit(code);
    }

    private int run(List<String> arguments) {
        try {
            if (!isCgi && serves(arguments)) {
                Stop.beforeTheStart();
            }
            Sockets.choose();
            if (isCgi) {
                PlainLog.choose(); // before anything has a logger
            } else {
                ServerLog.choose();
            }
            // First: a second thread that asks meanwhile would get a stand-in.
            LoggerFactory.getILoggerFactory();
            Preparation.begin(arguments, environment, isCgi, serves(arguments));
            Optional<FileProgram> program = FileProgram.asked(arguments, environment, isCgi);
            if (program.isPresent()) {
                program.get().run(environment, isCgi); // comes back here, with an application
                return ExitCode.OK.code();
            }
            if (isCgi) {
                return CgiProgram.serve(settings(Options.NONE), setUp);
            }
            Optional<Options> serve = serveOptions(arguments);
            if (serve.isPresent()) {
                return serve(serve.get(), false);
            }
            return new CommandLineTool(environment, this::serve).run(arguments);
        } catch (StartException expected) {
            return ended(expected.exitCode().code(), expected);
        } catch (CannotStartException expected) {
            return ended(expected.kind().exitCode(), expected);
        } catch (WiringException wrong) {
            return ended(ExitCode.CONFIG.code(), wrong);
        } catch (Exception bug) {
            LoggerFactory.getLogger(Main.class).error("Hearth failed", bug);
            return ExitCode.SOFTWARE.code();
        }
    }

    private static boolean serves(List<String> arguments) {
        return arguments.isEmpty()
                || arguments.getFirst().startsWith("--")
                || arguments.getFirst().equals("serve")
                || arguments.getFirst().equals("run");
    }

    private static int ended(int code, Exception expected) {
        String.valueOf(expected.getMessage())
                .lines()
                .forEach(sentence -> System.err.println("hearth: " + sentence));
        return code;
    }

    /// The options, where the arguments plainly ask to serve; anything else needs the command line library.
    static Optional<Options> serveOptions(List<String> arguments) {
        if (arguments.isEmpty()) {
            return Optional.of(Options.NONE);
        }
        boolean named = arguments.getFirst().equals("serve");
        return Options.parse(named ? arguments.subList(1, arguments.size()) : arguments);
    }

    private int serve(Options options, boolean sandbox) throws Exception {
        if (sandbox) {
            try (SandboxShop shop = SandboxShop.open(options, environment)) {
                Settings settings = shop.invocation().settings();
                Log.follow(settings.log());
                return Server.serve(shop.invocation(), settings, setUp).code();
            }
        }
        Invocation invocation = new Invocation(options, environment);
        Settings settings = settings(options);
        Log.follow(settings.log());
        return Server.serve(invocation, settings, setUp).code();
    }

    private Settings settings(Options options) throws StartException {
        Optional<Settings> read = FileProgram.settings(options);
        return read.isPresent() ? read.get() : Settings.load(options, environment);
    }
}
