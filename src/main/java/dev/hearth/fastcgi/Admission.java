package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.ProtocolStatus;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Bounds the number of requests in handlers at once, and of those that wait for that.
final class Admission {
    private final Limits limits;
    private final Workers workers;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger leaving = new AtomicInteger(); // of those that run
    private final ArrayDeque<Exchange> waiting = new ArrayDeque<>(); // guarded by itself

    Admission(Limits limits, Workers workers) {
        this.limits = limits;
        this.workers = workers;
    }

    /// Whether the request may run now. If not, it waits for its turn or has been refused: it is no longer
    /// the caller's.
    boolean enter(Exchange exchange) {
        if (tryEnter()) {
            return true;
        }
        boolean waits;
        synchronized (waiting) {
            // A peer may have the end of a request before the request has left: its place is as
            // good as free.
            waits = waiting.size() < (long) limits.requestsWaiting() + leaving.get();
            if (waits) {
                waiting.add(exchange);
            }
        }
        if (!waits) {
            refuse(exchange);
        } else {
            startWaiting(); // a place may have become free in between
        }
        return false;
    }

    private boolean tryEnter() {
        while (true) {
            int now = running.get();
            if (now >= limits.requestsAtOnce()) {
                return false;
            }
            if (running.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /// A request that runs is about to send its end.
    void leaving() {
        leaving.incrementAndGet();
    }

    /// A request has left its handler.
    void leave(boolean wasLeaving) {
        running.decrementAndGet();
        if (wasLeaving) {
            leaving.decrementAndGet();
        }
        startWaiting();
    }

    private void startWaiting() {
        while (hasWaiting() && tryEnter()) {
            Exchange next = pollWaiting();
            if (next == null) {
                running.decrementAndGet();
                continue;
            }
            Worker worker = workers.reserve();
            if (worker == null) {
                running.decrementAndGet();
                refuse(next);
            } else {
                worker.assign(next);
            }
        }
    }

    /// A request has been given up: it must not take the place of one that can still be served.
    void forget(Exchange exchange) {
        synchronized (waiting) {
            waiting.remove(exchange);
        }
    }

    private boolean hasWaiting() {
        synchronized (waiting) {
            return !waiting.isEmpty();
        }
    }

    private @Nullable Exchange pollWaiting() {
        synchronized (waiting) {
            return waiting.poll();
        }
    }

    void refuse(Exchange exchange) {
        switch (limits.overload()) {
            case HTTP_503 -> exchange.refuse(Refusal.OVERLOADED);
            case FCGI_OVERLOADED -> exchange.end(ProtocolStatus.OVERLOADED, 0);
        }
    }

    int running() {
        return running.get();
    }

    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }
}
