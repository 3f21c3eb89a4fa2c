package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.RecordEncoder;
import dev.hearth.fastcgi.wire.RecordType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Sends records to the web server, whole records only. Safe for many threads: requests multiplexed on one
/// connection share one sink.
///
/// Handlers [#send] and may block until the peer has taken their records. The thread that reads the
/// connection must never block: it [#post]s, and whoever has the turn at that moment sends on its behalf.
/// Nothing of a request is sent once its end has been, also when its id lives again: the fence is the
/// exchange, not the id.
final class RecordSink {
    private static final int MAX_POSTED_BYTES = 256 * 1024;

    /// What to do with the socket when records do not fit, and when a request's end has left.
    interface Owner {
        /// Asks for [RecordSink#writable] when the socket takes bytes again.
        void awaitWritable();

        /// The end of this request has left.
        void ended(Exchange exchange);

        /// The peer is gone or takes nothing.
        void broken(String why);

        /// The peer is there, and does not do its part.
        default void atFault(String why) {
            broken(why);
        }

        /// Whether a request is under way: its end has not left, so that another record will.
        boolean owesRecords();
    }

    /// What is sent of a response.
    enum Piece {
        /// Lines for the web server's log (STDERR).
        ERRORS,
        /// A part of the response that is not the last.
        OUTPUT,
        /// The rest, and END_REQUEST.
        END
    }

    private record Posted(@Nullable Exchange exchange, ByteBuffer records, boolean ends) {}

    private final SocketChannel channel;
    private final Owner owner;
    private final long writeTimeoutNanos;
    private final ReentrantLock turn = new ReentrantLock();
    private final ConcurrentLinkedQueue<Posted> posted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger postedBytes = new AtomicInteger();
    // Written under turn only: the front of the queue, partly on the wire.
    private volatile @Nullable Posted unfinished;
    private boolean ahead; // guarded by turn; the first byte of the next record has been sent
    private volatile @Nullable Thread blocked; // it has the turn and waits for the socket
    private volatile boolean closed;

    RecordSink(SocketChannel channel, Owner owner, long writeTimeoutNanos) {
        this.channel = channel;
        this.owner = owner;
        this.writeTimeoutNanos = writeTimeoutNanos;
    }

    /// Sends records of a request and returns when the socket has taken them all.
    ///
    /// @throws RequestAbortedException if the request has ended before, or its connection
    void send(Exchange exchange, ByteBuffer records, Piece piece) throws IOException {
        if (!turn.tryLock()) {
            Worker.releaseLoop();
            turn.lock();
        }
        try {
            if (exchange.isEnded()) {
                throw new RequestAbortedException("the request has ended");
            }
            Posted first = unfinished;
            if (first != null) {
                writeFully(first.records);
                unfinished = null;
                reportEnd(first);
            }
            exchange.leaves(piece);
            begin(records);
            writeFully(records);
        } finally {
            turn.unlock();
            if (!posted.isEmpty()) {
                sendPosted();
            }
        }
        if (piece == Piece.END) {
            owner.ended(exchange);
        }
    }

    private void writeFully(ByteBuffer records) throws IOException {
        write(records);
        if (records.hasRemaining()) {
            Worker.releaseLoop();
            boolean interrupted = false;
            try {
                long deadline = System.nanoTime() + writeTimeoutNanos;
                while (records.hasRemaining()) {
                    // A record that has begun must end, or the connection is lost for every request
                    // on it:
                    // an interrupt waits until then.
                    interrupted |= Thread.interrupted();
                    awaitWritable(deadline);
                    if (write(records) > 0) {
                        deadline = System.nanoTime() + writeTimeoutNanos;
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private int write(ByteBuffer records) throws IOException {
        try {
            return channel.write(records);
        } catch (IOException lost) {
            closed = true;
            owner.broken("the peer is gone");
            throw new RequestAbortedException("the web server is gone: " + lost.getMessage());
        }
    }

    private void awaitWritable(long deadline) throws IOException {
        blocked = Thread.currentThread();
        try {
            long left = deadline - System.nanoTime();
            if (left <= 0 && !closed) {
                closed = true;
                owner.atFault(
                        "the peer took nothing for %d ms".formatted(writeTimeoutNanos / 1_000_000));
            }
            if (closed) {
                throw new RequestAbortedException("the web server is gone");
            }
            if (!(Thread.currentThread() instanceof Worker worker
                    && worker.awaitWritable(channel, left))) {
                owner.awaitWritable();
                LockSupport.parkNanos(this, left);
            }
        } finally {
            blocked = null;
        }
    }

    /// Sends records without ever blocking: now, or when the turn and the socket are free.
    ///
    /// @param exchange the request that they belong to, whose end they are dropped after; none for
    ///     management records
    void post(@Nullable Exchange exchange, ByteBuffer records, boolean ends) {
        int waiting = postedBytes.addAndGet(records.remaining());
        posted.add(new Posted(exchange, records, ends));
        sendPosted();
        if (waiting > MAX_POSTED_BYTES && !closed) {
            closed = true;
            owner.atFault("the peer asks more than it reads");
        }
    }

    private void sendPosted() {
        // Whoever adds while another has the turn leaves; so the other looks again after giving it
        // back.
        while (!posted.isEmpty() && turn.tryLock()) {
            boolean fits;
            try {
                fits = sendWhatFits();
            } finally {
                turn.unlock();
            }
            if (!fits) {
                return;
            }
        }
    }

    private boolean sendWhatFits() {
        while (true) {
            Posted next = unfinished;
            if (next == null) {
                next = posted.poll();
                if (next == null) {
                    return true;
                }
                postedBytes.addAndGet(-next.records.remaining());
                next = admit(next);
                if (next == null) {
                    continue;
                }
            }
            if (unfinished == null) {
                begin(next.records);
                unfinished = next;
            }
            try {
                write(next.records);
            } catch (IOException lost) {
                unfinished = null;
                posted.clear();
                return true;
            }
            if (next.records.hasRemaining()) {
                owner.awaitWritable();
                return false;
            }
            unfinished = null;
            reportEnd(next);
        }
    }

    /// What may still be sent of this, or nothing once its request has ended.
    private static @Nullable Posted admit(Posted next) {
        Exchange exchange = next.exchange;
        if (exchange == null) {
            return next;
        }
        if (exchange.isEnded()) {
            return null;
        }
        if (!next.ends) {
            return next;
        }
        // A response has begun: another cannot take its place, and this one has no end.
        boolean isResponse = next.records.remaining() > RecordEncoder.END_REQUEST_BYTES;
        ByteBuffer end =
                isResponse && exchange.isOutputSent() ? exchange.cutRecords() : next.records;
        if (exchange.areErrorsSent()) {
            end = afterErrors(exchange, end);
        }
        exchange.leaves(Piece.END);
        return new Posted(exchange, end, true);
    }

    // STDERR has begun, and wants an end before that of the request.
    private static ByteBuffer afterErrors(Exchange exchange, ByteBuffer end) {
        ByteBuffer both = ByteBuffer.allocate(RecordEncoder.HEADER_BYTES + end.remaining());
        RecordEncoder.endOfStream(both, RecordType.STDERR, exchange.id());
        return both.put(end).flip();
    }

    private void reportEnd(Posted done) {
        if (done.ends && done.exchange != null) {
            owner.ended(done.exchange);
        }
    }

    /// Sends the first byte of whichever record comes next, ahead of it: all begin with the version, and a record
    /// may be cut anywhere. To a peer that waits it says nothing; the system of one that is gone refuses it, which
    /// [PeerCheck] can see. Nothing happens where bytes are on their way already, which do the same, or where no record
    /// will come.
    void probe() {
        if (!turn.tryLock()) {
            return;
        }
        try {
            // With the turn: ends of requests leave with it too, and no byte may follow the last.
            if (!ahead && unfinished == null && owner.owesRecords()) {
                ahead = write(ByteBuffer.wrap(new byte[] {RecordEncoder.VERSION})) > 0;
            }
        } catch (IOException lost) {
            ahead = false; // and the owner has been told
        } finally {
            turn.unlock();
        }
        sendPosted();
    }

    private void begin(ByteBuffer records) {
        if (ahead && records.hasRemaining()) {
            ahead = false;
            records.get();
        }
    }

    /// Whether all that was to be sent has left.
    boolean isIdle() {
        boolean sends = turn.isLocked() && !turn.isHeldByCurrentThread();
        return posted.isEmpty() && !sends && unfinished == null;
    }

    /// The socket takes bytes again.
    void writable() {
        Thread waiting = blocked;
        if (waiting != null) {
            LockSupport.unpark(waiting);
            return;
        }
        if (turn.tryLock()) {
            try {
                sendWhatFits();
            } finally {
                turn.unlock();
            }
        }
        sendPosted();
    }

    /// Nothing more can be sent: whoever waits for the socket is told.
    void close() {
        closed = true;
        Thread waiting = blocked;
        if (waiting instanceof Worker worker) {
            worker.wakeup();
        }
        LockSupport.unpark(waiting);
    }
}
