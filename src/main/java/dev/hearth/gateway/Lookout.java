package dev.hearth.gateway;

import dev.hearth.fastcgi.LookPace;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.eclipse.jetty.util.thread.strategy.AdaptiveExecutionStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the thread that finds a request handle it, and puts another in its place only where that takes long.
///
/// One thread of Jetty's waits for all connections. Before it runs a handler that may block it wants another to wait
/// in its place, and wakes one for each request, which costs more than a short request does. Here that other one
/// only stands by. Who comes back from a short handler goes on waiting for connections; a handler that knows that it
/// will wait has itself relieved first ([#relieve]); one that is slow by surprise is found by a look every few
/// milliseconds. So do `fastcgi.Loop` and its ticker.
///
/// A thread that has relieved another runs handlers itself and may be relieved in turn. How many there may be is
/// bounded. Beyond that nobody stands by: Jetty then keeps its waiting thread and queues requests for its own.
///
/// For one selector, and for many threads.
final class Lookout implements TryExecutor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpGateway.class);

    private final Executor jetty;
    private final ThreadPoolExecutor threads;
    private final Semaphore places;
    private final AtomicReference<@Nullable AdaptiveExecutionStrategy> standby =
            new AtomicReference<>();
    private final Thread ticker = new Thread(this::look, "http-ticker");
    private long seen; // handlers begun at the last look; the ticker's own
    private final LookPace pace = new LookPace(); // the ticker's own
    private volatile boolean closed;

    /// @param jetty runs whatever else Jetty wants to be run
    /// @param most how many threads may stand by or have relieved another
    Lookout(Executor jetty, int most) {
        this.jetty = jetty;
        this.places = new Semaphore(most);
        this.threads =
                new ThreadPoolExecutor(
                        0,
                        Integer.MAX_VALUE, // `places` is the limit
                        30,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        Lookout::thread);
        ticker.setDaemon(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task);
        thread.setName("http-" + thread.threadId());
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        ticker.start();
    }

    @Override
    public void execute(Runnable task) {
        jetty.execute(task);
    }

    /// Whether somebody stands by to wait for connections, should this thread not come back soon.
    @Override
    public boolean tryExecute(Runnable task) {
        if (standby.get() != null) {
            return true;
        }
        if (!(task instanceof AdaptiveExecutionStrategy waiting) || !places.tryAcquire()) {
            return false;
        }
        standby.set(waiting);
        return true;
    }

    /// Has another thread wait for connections, if nobody does: to be called before the current thread waits for
    /// anything. Costs next to nothing where it has been relieved already.
    void relieve() {
        AdaptiveExecutionStrategy waiting = standby.get();
        if (waiting != null && waiting.isIdle() && standby.compareAndSet(waiting, null)) {
            try {
                threads.execute(() -> run(waiting));
            } catch (RejectedExecutionException stopped) {
                places.release();
            } catch (OutOfMemoryError noThread) {
                if (!standby.compareAndSet(null, waiting)) { // else the ticker tries again
                    places.release();
                }
                log.error("the system gives no more threads: {}", noThread.getMessage());
            }
        }
    }

    private void run(AdaptiveExecutionStrategy waiting) {
        try {
            waiting.run();
        } finally {
            places.release();
        }
    }

    private void look() {
        long pause = pace.next(0, false);
        while (!closed) {
            LockSupport.parkNanos(this, pause);
            try {
                pause = lookAtHandlers();
            } catch (Throwable failed) { // without this thread one slow handler would stop them all
                log.error("the look at slow handlers failed", failed);
            }
        }
    }

    /// Relieves a handler that runs since the last look. How long to wait until the next one.
    private long lookAtHandlers() {
        AdaptiveExecutionStrategy waiting = standby.get();
        boolean handles = waiting != null && waiting.isIdle();
        long begun = waiting == null ? seen : waiting.getEPCTasksConsumed();
        long since = begun - seen;
        seen = begun;
        if (handles && since == 0) {
            relieve();
        }
        return pace.next(since, handles);
    }

    /// To be called when the server has stopped: who still runs a handler is interrupted.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(ticker);
        threads.shutdownNow();
    }
}
