package dev.hearth.fastcgi;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The threads of a server: made when needed, the last used first, gone after a time without work.
///
/// Their number needs no limit of its own: one per loop and one per admitted request is all that is ever asked
/// for.
final class Workers {
    private static final System.Logger log = EngineLog.get();

    private final long idleNanos;
    private final ArrayDeque<Worker> idle = new ArrayDeque<>(); // guarded by this
    private int made; // guarded by this
    private int alive; // guarded by this

    /// @param idle how long a worker waits for its next job before it ends
    Workers(Duration idle) {
        this.idleNanos = idle.toNanos();
    }

    long idleNanos() {
        return idleNanos;
    }

    /// A worker that waits for its job: give it one with [Worker#assign], or [#free] it. Nothing, where the
    /// system has no more threads.
    @Nullable Worker reserve() {
        synchronized (this) {
            Worker free = idle.pollLast();
            if (free != null) {
                return free;
            }
            made++;
            alive++;
            Worker fresh = new Worker(this, made);
            try {
                fresh.start();
                return fresh;
            } catch (OutOfMemoryError noThread) {
                alive--;
                log.log(
                        Level.ERROR,
                        "the system gives no more threads: {0}",
                        noThread.getMessage());
                return null;
            }
        }
    }

    /// Takes a worker back.
    synchronized void free(Worker worker) {
        idle.addLast(worker);
    }

    /// Whether the worker may end: not when it has just been reserved.
    synchronized boolean retire(Worker worker) {
        boolean wasIdle = idle.remove(worker);
        if (wasIdle) {
            alive--;
        }
        return wasIdle;
    }

    /// How many threads there are.
    synchronized int count() {
        return alive;
    }
}
