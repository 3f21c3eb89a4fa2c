package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Lets at most so many requests in at once; the others wait for a while, then get 503 with `Retry-After`. One
/// object is one limit, shared by all routes it is put around.
public final class ConcurrencyLimit implements Middleware {
    private final Semaphore places;
    private final long patienceNanos;

    public ConcurrencyLimit(int atOnce, Duration patience) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at least one request at once, was " + atOnce);
        }
        this.places = new Semaphore(atOnce, true);
        this.patienceNanos = patience.toNanos();
    }

    @Override
    public Handler wrap(Handler next) {
        return request -> {
            if (!places.tryAcquire(patienceNanos, TimeUnit.NANOSECONDS)) {
                throw Problem.of(503, "busy", "Too many requests at once. Try again.")
                        .refuse("Retry-After", "1");
            }
            try {
                return next.handle(request);
            } finally {
                places.release();
            }
        };
    }
}
