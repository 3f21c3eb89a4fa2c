package dev.hearth.fastcgi;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that runs loops and handlers, one [Job] after the other.
final class Worker extends Thread {
    private static final System.Logger log = EngineLog.get();

    /// What a worker does until it is done, or until another thread has taken it over.
    interface Job {
        void runOn(Worker worker);
    }

    private final Workers workers;
    private volatile @Nullable Job assigned;
    private @Nullable ByteBuffer responseBuffer; // made when needed: many workers never answer
    private @Nullable Arena responseMemory; // of that buffer
    private volatile @Nullable SocketWait socketWait; // made when a socket is first full
    private @Nullable Loop loop; // which this thread runs, or has run until it was taken away
    private long phase; // the phase of that loop which this thread began

    Worker(Workers workers, int number) {
        super("fastcgi-" + number);
        this.workers = workers;
        setDaemon(true);
    }

    /// Called by whoever reserved this worker.
    void assign(Job job) {
        assigned = job;
        LockSupport.unpark(this);
    }

    @Override
    public void run() {
        Job job;
        while ((job = await()) != null) {
            try {
                job.runOn(this);
            } finally {
                loop = null;
            }
            workers.free(this);
        }
        closeSocketWait();
        freeResponseBuffer();
    }

    private @Nullable Job await() {
        long deadline = System.nanoTime() + workers.idleNanos();
        while (true) {
            Job job = assigned;
            if (job != null) {
                assigned = null;
                return job;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0 && workers.retire(this)) {
                return null;
            }
            LockSupport.parkNanos(workers, Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
        }
    }

    /// Remembers that this thread runs the loop, in the phase that it began.
    void runs(Loop running, long inPhase) {
        loop = running;
        phase = inPhase;
    }

    /// Gives the loop that the current thread runs, if any, to another thread: call it before waiting for
    /// anything that arrives over a connection.
    static void releaseLoop() {
        if (Thread.currentThread() instanceof Worker worker) {
            Loop held = worker.loop;
            if (held != null) {
                worker.loop = null;
                held.handOver(worker.phase);
            }
        }
    }

    /// Waits on this thread until the socket takes bytes, or for this long; see [SocketWait#awaitWritable]. False
    /// where the system has no descriptor left to wait with.
    boolean awaitWritable(SocketChannel channel, long nanos) throws RequestAbortedException {
        try {
            SocketWait wait = socketWait;
            if (wait == null) {
                wait = SocketWait.open();
                socketWait = wait;
            }
            wait.awaitWritable(channel, nanos);
            return true;
        } catch (ClosedChannelException lost) {
            throw new RequestAbortedException("the web server is gone");
        } catch (IOException noDescriptor) {
            return false;
        }
    }

    /// Ends a wait for a socket that is under way.
    void wakeup() {
        SocketWait wait = socketWait;
        if (wait != null) {
            wait.wakeup();
        }
    }

    private void closeSocketWait() {
        SocketWait wait = socketWait;
        if (wait != null) {
            try {
                wait.close();
            } catch (IOException stillOpen) {
                log.log(Level.DEBUG, "a selector could not be closed", stillOpen);
            }
        }
    }

    /// The buffer for the response of the request that this thread handles.
    ByteBuffer responseBuffer() {
        ByteBuffer buffer = responseBuffer;
        if (buffer == null) {
            Arena memory = Arena.ofShared(); // a handler may write from threads of its own
            buffer = memory.allocate(ResponseStream.BUFFER_BYTES).asByteBuffer();
            responseMemory = memory;
            responseBuffer = buffer;
        }
        return buffer;
    }

    /// Left to the collector, it would stay until the next collection of the old generation: half an hour, or a day.
    private void freeResponseBuffer() {
        Arena memory = responseMemory;
        if (memory != null) {
            responseBuffer = null;
            memory.close();
        }
    }
}
