package dev.hearth.app;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// The wish to stop: SIGTERM and SIGINT from people and supervisors, SIGUSR1 from FastCGI process managers, or
/// the end of this process's time.
///
/// All mean the same: what is in progress ends, then the process. A second SIGINT ends it at once.
final class Stop {
    private final CountDownLatch wanted = new CountDownLatch(1);
    private final AtomicReference<@Nullable ExitCode> exitCode = new AtomicReference<>();
    private final AtomicBoolean interrupted = new AtomicBoolean();

    private Stop() {}

    /// Until [#onSignals]: nothing has begun that would have to end first, so the process ends at once.
    static void beforeTheStart() {
        for (String signal : List.of("TERM", "USR1", "INT")) {
            SystemSignals.on(
                    signal,
                    () -> {
                        System.err.println(
                                "hearth: SIG%s during the start: stopped".formatted(signal));
                        // No exit: the JDK would tell a log of it that may not be there yet.
                        Runtime.getRuntime().halt(ExitCode.OK.code());
                    });
        }
    }

    static Stop onSignals() {
        Stop stop = new Stop();
        SystemSignals.on("TERM", () -> stop.ask("SIGTERM"));
        SystemSignals.on("USR1", () -> stop.ask("SIGUSR1"));
        SystemSignals.on("INT", stop::interrupt);
        return stop;
    }

    private void interrupt() {
        if (interrupted.getAndSet(true)) {
            Runtime.getRuntime().halt(130);
        }
        ask("SIGINT");
    }

    private void ask(String signal) {
        ask(signal, ExitCode.OK);
    }

    /// Asks to stop; the first who asks says how the process ends.
    void ask(String reason, ExitCode how) {
        if (exitCode.compareAndSet(null, how)) {
            LoggerFactory.getLogger(Stop.class).info("{}: finishing what is in progress", reason);
            wanted.countDown();
        }
    }

    /// Whether somebody has asked.
    boolean isAsked() {
        return exitCode.get() != null;
    }

    /// Returns when somebody has asked to stop, with how the process is to end.
    ExitCode await() throws InterruptedException {
        wanted.await();
        return Objects.requireNonNull(exitCode.get());
    }
}
