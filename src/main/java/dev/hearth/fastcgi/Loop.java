package dev.hearth.fastcgi;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Waits for many connections in one selector, and runs their requests.
///
/// One thread at a time runs a loop. It reads what has arrived and then runs the handlers of the requests that
/// are whole, itself. The loop can be given or taken away only while a handler runs: `phase` is odd then, and
/// whoever moves it on owns the loop from there. A handler that comes back and finds the phase moved on has lost
/// the loop, and its thread looks for other work.
final class Loop implements Worker.Job {
    private static final System.Logger log = EngineLog.get();
    private static final int READ_BYTES = 64 * 1024;

    /// Something that waits in a selector.
    interface Selected {
        /// The key is ready. Never blocks and runs no handler.
        void selected(SelectionKey key);
    }

    private final Selector selector;
    private final Workers workers;
    private final Admission admission;
    private final ByteBuffer input = ByteBuffer.allocateDirect(READ_BYTES);
    private final ArrayDeque<Exchange> ready =
            new ArrayDeque<>(); // owned by the thread that runs the loop
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicLong phase = new AtomicLong();
    private volatile boolean stopped;
    private volatile @Nullable Thread runner;

    Loop(Workers workers, Admission admission) throws IOException {
        this.selector = Selector.open();
        this.workers = workers;
        this.admission = admission;
    }

    @Override
    public void runOn(Worker worker) {
        runner = worker;
        while (!stopped) {
            Exchange next = ready.poll();
            if (next == null) {
                select();
            } else if (admission.enter(next) && !runHandler(next, worker)) {
                return;
            }
        }
        closeSelector();
    }

    /// Runs a handler; false if the loop has passed to another thread meanwhile.
    private boolean runHandler(Exchange exchange, Worker worker) {
        long handling = phase.get() + 1;
        phase.set(handling);
        worker.runs(this, handling);
        if (exchange.mayBlock()) {
            Worker.releaseLoop();
        }
        exchange.runOn(worker);
        return phase.compareAndSet(handling, handling + 1);
    }

    /// Passes the loop to another thread, if it is still in this phase; nothing happens where there is no
    /// other thread to be had.
    void handOver(long handling) {
        if (phase.get() != handling) {
            return;
        }
        Worker heir = workers.reserve();
        if (heir == null) {
            return;
        }
        if (phase.compareAndSet(handling, handling + 1)) {
            heir.assign(this);
        } else {
            workers.free(heir);
        }
    }

    /// Changes with every handler that starts or ends; odd while one runs.
    long phase() {
        return phase.get();
    }

    @SuppressWarnings("ReferenceEquality") // a thread is the same only as itself
    boolean isRunByCurrentThread() {
        return runner == Thread.currentThread();
    }

    /// The request is ready for its handler. Called by the thread that runs this loop.
    void ready(Exchange exchange) {
        ready.add(exchange);
    }

    /// The buffer to read into: empty, and not to be kept. Called by the thread that runs this loop.
    ByteBuffer input() {
        return input.clear();
    }

    /// Has the thread that runs this loop do something soon.
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /// Ends a select that is under way, so that changed interests and closed channels are seen.
    void wakeup() {
        selector.wakeup();
    }

    SelectionKey register(SelectableChannel channel, int interest, Selected selected)
            throws IOException {
        return channel.register(selector, interest, selected);
    }

    void stop() {
        stopped = true;
        selector.wakeup();
    }

    private void select() {
        try {
            selector.select(Loop::dispatch);
            Runnable task;
            while ((task = tasks.poll()) != null) {
                task.run();
            }
        } catch (ClosedSelectorException closed) {
            stopped = true;
        } catch (Throwable failed) { // nothing that one connection does may end the loop for all
            log.log(Level.ERROR, "a selector failed", failed);
        }
    }

    private static void dispatch(SelectionKey key) {
        if (key.attachment() instanceof Selected selected) {
            selected.selected(key);
        }
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException stillOpen) {
            log.log(Level.DEBUG, "a selector could not be closed", stillOpen);
        }
    }
}
