package dev.hearth.app;

/// How the program ends, in the numbers of `sysexits.h`: a supervisor can tell what is worth a restart.
public enum ExitCode {
    /// Done, or stopped on purpose.
    OK(0),
    /// The command did not find or reach what it was asked for.
    FAILED(1),
    /// The command line was wrong.
    USAGE(64),
    /// A source file has errors.
    DATA(65),
    /// A file that was named cannot be read.
    NO_INPUT(66),
    /// A service that the command needs does not answer.
    UNAVAILABLE(69),
    /// A bug of ours.
    SOFTWARE(70),
    /// A folder or file cannot be made or written.
    CANNOT_CREATE(73),
    /// Something else is in the way, and may be gone the next time: a port in use, a second process.
    TEMPORARY(75),
    /// The configuration is wrong, or does not fit what is stored.
    CONFIG(78),
    /// Has served for as long as it should, and wants to be started anew.
    RENEWAL(79);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /// The number that the process ends with.
    public int code() {
        return code;
    }
}
