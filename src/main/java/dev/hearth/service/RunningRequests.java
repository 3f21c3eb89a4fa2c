package dev.hearth.service;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Knows the requests in progress: which, since when, on which thread. Put it outside every other layer.
///
/// Costs an ordinary request some nanoseconds: each thread has a place of its own to write to, and only who
/// looks pays for collecting them.
public final class RunningRequests implements Middleware {

    /// A request in progress.
    ///
    /// @param number which of this process, from 1
    /// @param route the pattern that matched, or empty so far
    /// @param nanos how long it has run
    /// @param thread that handles it
    public record Running(
            long number,
            String method,
            String path,
            String route,
            String client,
            long nanos,
            Thread thread) {}

    /// The place of one thread. Written by it alone.
    private static final class Seat {
        final WeakReference<Thread> thread = new WeakReference<>(Thread.currentThread());
        volatile @Nullable Visit visit;
    }

    private record Visit(long number, Request request, long began) {}

    private final ThreadLocal<Seat> seats = ThreadLocal.withInitial(this::newSeat);
    private final ConcurrentLinkedQueue<Seat> all = new ConcurrentLinkedQueue<>();
    private final AtomicLong begun = new AtomicLong();
    private final LongAdder ended = new LongAdder();
    private volatile long lastEnd = System.nanoTime();

    private Seat newSeat() {
        all.removeIf(seat -> seat.thread.get() == null);
        Seat seat = new Seat();
        all.add(seat);
        return seat;
    }

    @Override
    public Handler wrap(Handler next) {
        return request -> handle(request, next);
    }

    private Response handle(Request request, Handler next) throws Exception {
        Seat seat = seats.get();
        Visit outer = seat.visit; // a handler may have another request handled by this thread
        long began = System.nanoTime();
        seat.visit = new Visit(begun.incrementAndGet(), request, began);
        try {
            return next.handle(request);
        } finally {
            seat.visit = outer;
            ended.increment();
            lastEnd = System.nanoTime();
        }
    }

    /// The requests in progress, the longest first.
    public List<Running> list() {
        long now = System.nanoTime();
        List<Running> running = new ArrayList<>();
        for (Seat seat : all) {
            Visit visit = seat.visit;
            Thread thread = seat.thread.get();
            if (visit != null && thread != null) {
                look(visit, thread, now).ifPresent(running::add);
            }
        }
        running.sort(Comparator.comparingLong(Running::nanos).reversed());
        return running;
    }

    private static Optional<Running> look(Visit visit, Thread thread, long now) {
        Request request = visit.request;
        try {
            return Optional.of(
                    new Running(
                            visit.number,
                            request.method(),
                            request.path(),
                            request.route().orElse(""),
                            request.remoteAddress(),
                            now - visit.began,
                            thread));
        } catch (RuntimeException over) {
            // The request belongs to its own thread: it may end, and its gateway take it apart,
            // while it is looked at.
            return Optional.empty();
        }
    }

    /// How many requests have begun since the start.
    public long begun() {
        return begun.get();
    }

    /// How many of them have ended.
    public long ended() {
        return ended.sum();
    }

    /// For how long nothing has been asked; 0 while a request is in progress.
    public long idleNanos() {
        return begun.get() > ended.sum() ? 0 : System.nanoTime() - lastEnd;
    }
}
