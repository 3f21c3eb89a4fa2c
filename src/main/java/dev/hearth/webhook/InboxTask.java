package dev.hearth.webhook;

import dev.hearth.webhook.InboxClaims.Claimed;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Events in this worker's hands that one thread handles, one after the other: those of one object, or one
/// alone. Its handler can be interrupted when it takes too long. Shared by the worker's dispatcher and that
/// thread.
final class InboxTask {
    private final List<Claimed> run;
    private int left; // the dispatcher's: how many steps are not over
    private @Nullable Thread thread; // guarded by this; null while it waits and when it is over
    private long startedNanos; // guarded by this
    private boolean timedOut; // guarded by this

    InboxTask(List<Claimed> run) {
        this.run = List.copyOf(run);
        this.left = run.size();
    }

    /// What is handled, in order.
    List<Claimed> run() {
        return run;
    }

    /// Notes that one step is over, and tells whether it was the last. For the dispatcher alone.
    boolean isLastOver() {
        left--;
        return left == 0;
    }

    synchronized void begin() {
        thread = Thread.currentThread();
        startedNanos = System.nanoTime();
    }

    /// Ends the work of the current thread, and takes back an interruption meant for it.
    synchronized void end() {
        thread = null;
        if (timedOut) {
            Thread.interrupted();
        }
    }

    /// Interrupts the handler if it has run for longer than this; true the first time only.
    synchronized boolean interruptAfter(Duration timeout) {
        Thread running = thread;
        if (running == null || timedOut || System.nanoTime() - startedNanos < timeout.toNanos()) {
            return false;
        }
        timedOut = true;
        running.interrupt();
        return true;
    }

    synchronized boolean timedOut() {
        return timedOut;
    }
}
