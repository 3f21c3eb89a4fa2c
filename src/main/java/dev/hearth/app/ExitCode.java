package dev.hearth.app;

/// How the program ends, in the numbers of `sysexits.h`: a supervisor can tell what is worth a restart.
public enum ExitCode {
    OK(0, "done, or stopped on purpose"),
    FAILED(1, "the command did not find or reach what it was asked for"),
    USAGE(64, "the command line was wrong"),
    DATA(65, "a source file has errors"),
    NO_INPUT(66, "a file that was named cannot be read"),
    UNAVAILABLE(69, "a service that the command needs does not answer"),
    SOFTWARE(70, "a bug of ours"),
    CANNOT_CREATE(73, "a folder or file cannot be made or written"),
    TEMPORARY(
            75,
            "something else is in the way, and may be gone the next time: a port in use, a second process"),
    CONFIG(78, "the configuration is wrong, or does not fit what is stored"),
    RENEWAL(79, "has served for as long as it should, and wants to be started anew");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /// What it says, as the manual puts it.
    String meaning() {
        return meaning;
    }

    /// The number that the process ends with.
    public int code() {
        return code;
    }
}
