package dev.hearth.app;

import java.io.Serial;

/// An expected reason not to start: one sentence for the person who started it, and the exit code. Never
/// shown with a stack trace.
public final class StartException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    public StartException(ExitCode exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    public StartException(ExitCode exitCode, String sentence, Throwable cause) {
        super(sentence, cause);
        this.exitCode = exitCode;
    }

    /// How the process ends.
    public ExitCode exitCode() {
        return exitCode;
    }
}
