package dev.hearth.app;

import java.io.PrintStream;
import java.time.Duration;

/// Tells on standard error how far long work has come: nothing in the first second, then a line each second.
final class Progress {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String what;
    private final PrintStream out;
    private long next = System.nanoTime() + PAUSE.toNanos();

    /// @param what what is counted and done, such as "events exported"
    Progress(String what) {
        this(what, System.err);
    }

    Progress(String what, PrintStream out) {
        this.what = what;
        this.out = out;
    }

    /// So many are done. For any thread.
    synchronized void reached(long done) {
        if (System.nanoTime() - next >= 0) {
            out.printf("%,d %s%n", done, what);
            next = System.nanoTime() + PAUSE.toNanos();
        }
    }
}
