package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Key;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Gives requests a time by which they must be answered. A handler still at work then is interrupted; unless it
/// answers all the same, the client gets 503.
///
/// What a handler waits for must heed interrupts (locks, queues, sockets of java.net do; some database drivers do not).
/// It may ask [#remaining] and pass the time on.
public final class Deadline implements Middleware {
    private static final Key<Long> AT_NANOS = Key.of("deadline");

    private final Duration time;

    public Deadline(Duration time) {
        this.time = time;
    }

    /// One thread for all deadlines of the program, made when the first is used.
    private static final class Clock {
        static final ScheduledExecutorService THREAD =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("deadlines").factory());
    }

    /// The time left to the request, not below zero; nothing where it has no deadline.
    public static Optional<Duration> remaining(Request request) {
        return request.get(AT_NANOS)
                .map(at -> Duration.ofNanos(Math.max(0, at - System.nanoTime())));
    }

    @Override
    public Handler wrap(Handler next) {
        return request -> {
            request.put(AT_NANOS, System.nanoTime() + time.toNanos());
            Watch watch = new Watch(Thread.currentThread());
            ScheduledFuture<?> bell =
                    Clock.THREAD.schedule(watch, time.toNanos(), TimeUnit.NANOSECONDS);
            try {
                return next.handle(request);
            } catch (Exception stopped) {
                if (watch.end()) {
                    throw late(); // in place of what the interrupt made the handler throw
                }
                throw stopped;
            } finally {
                bell.cancel(false);
                watch.end();
            }
        };
    }

    private RefusedException late() {
        return Problem.of(
                        503,
                        "deadline",
                        "The answer took longer than %d ms.".formatted(time.toMillis()))
                .refuse("Retry-After", "1");
    }

    /// Interrupts the request's thread, but never once the request is over.
    private static final class Watch implements Runnable {
        private final Thread thread;
        private boolean over; // guarded by this
        private boolean rung; // guarded by this

        Watch(Thread thread) {
            this.thread = thread;
        }

        @Override
        public synchronized void run() {
            if (!over) {
                rung = true;
                thread.interrupt();
            }
        }

        /// Whether the bell has rung; clears its interrupt.
        synchronized boolean end() {
            over = true;
            if (rung) {
                Thread.interrupted();
            }
            return rung;
        }
    }
}
