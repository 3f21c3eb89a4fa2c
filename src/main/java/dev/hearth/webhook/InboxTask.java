package dev.hearth.webhook;

import dev.hearth.webhook.InboxQueue.Claimed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A claimed event in this worker's hands, and the thread that handles it, which can be interrupted when it
/// takes too long. Shared by the worker's dispatcher and that thread.
final class InboxTask {
    final Claimed claimed;
    private @Nullable Thread thread; // guarded by this; null while it waits and when it is over
    private long startedNanos; // guarded by this
    private boolean timedOut; // guarded by this

    InboxTask(Claimed claimed) {
        this.claimed = claimed;
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
