package dev.hearth.webhook;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Tells a worker that there may be something to do. A signal given while nobody waits is kept.
final class WakeUp {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean waiting; // guarded by lock
    private volatile boolean signalled;

    /// Cheap when it was signalled already: the usual case under load.
    void signal() {
        if (signalled) {
            return;
        }
        lock.lock();
        try {
            signalled = true;
            if (waiting) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a signal, at most this long, and takes it.
    void await(long millis) throws InterruptedException {
        lock.lock();
        try {
            waiting = true;
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!signalled && left > 0) {
                left = changed.awaitNanos(left);
            }
            signalled = false;
        } finally {
            waiting = false;
            lock.unlock();
        }
    }
}
