package dev.hearth.storage;

import java.io.Serial;

/// Hearth cannot start, for a reason that its operator can mend. The message is one sentence for that
/// person; the program ends with [Kind#exitCode] and prints no stack trace.
public final class CannotStartException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /// Whose turn it is, as the exit codes of sysexits.h tell a supervisor.
    public enum Kind {
        /// A file or folder cannot be created or written (EX_CANTCREAT).
        CANNOT_CREATE(73),
        /// It may work later: something is in use or not up yet (EX_TEMPFAIL).
        TEMPORARY(75),
        /// The configuration must change first (EX_CONFIG).
        CONFIGURATION(78);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        /// The exit code of the process.
        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;

    public CannotStartException(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }

    public CannotStartException(Kind kind, String sentence, Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
    }

    /// What kind of failure this is.
    public Kind kind() {
        return kind;
    }
}
