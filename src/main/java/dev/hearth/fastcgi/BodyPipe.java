package dev.hearth.fastcgi;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One stream of a request (STDIN or DATA) on its way from the connection to the handler.
///
/// The thread that reads the connection feeds it and never blocks; the handler reads it and waits. A little
/// is held in memory, more in a temporary file, so that a handler which reads late stalls neither its own
/// connection nor other requests on it.
final class BodyPipe extends InputStream {
    private final long expected; // bytes announced, -1 where none were
    private final int memoryLimit;
    private final long diskLimit;
    private final long totalLimit;
    private final long timeoutNanos;
    private final Runnable roomAgain;

    // All guarded by this.
    private final Chunks chunks;
    private @Nullable SpillFile spill;
    private long fed;
    private long delivered;
    private boolean ended;
    private boolean paused;
    private boolean discarded; // the handler has returned: nobody reads any more
    private @Nullable IOException failure;

    /// @param roomAgain called without locks when a full pipe has been drained
    BodyPipe(long expected, Limits limits, Runnable roomAgain) {
        this.expected = expected;
        this.chunks = new Chunks(expected);
        this.memoryLimit = limits.bodyInMemory();
        this.diskLimit = limits.bodyOnDisk();
        this.totalLimit = limits.bodyBytes();
        this.timeoutNanos = limits.bodyTimeout().toNanos();
        this.roomAgain = roomAgain;
    }

    /// Takes a copy of the content; an empty one is the end of the stream. Bytes past the announced length
    /// are dropped (RFC 3875 section 4.2). Returns false when the pipe is full: read no more of this
    /// connection until `roomAgain` is called. Whoever waits learns of it by [#announce].
    synchronized boolean feed(ByteBuffer content) {
        if (!content.hasRemaining()) {
            ended = true;
            return true;
        }
        if (ended || discarded || failure != null) {
            return true;
        }
        int length = content.remaining();
        if (expected >= 0) {
            length = (int) Math.min(length, expected - fed);
        } else if (fed + length > totalLimit) {
            failLocked(
                    new BodyTooLargeException(
                            "the body is longer than %d bytes".formatted(totalLimit)));
            return true;
        }
        if (length > 0) {
            fed += length;
            keep(content.slice(content.position(), length));
        }
        paused = spill != null && spill.unread() > diskLimit;
        return !paused;
    }

    /// Wakes whoever waits for what has been fed: once for all that arrived together, since a wake-up costs more
    /// than to copy a piece.
    synchronized void announce() {
        notifyAll();
    }

    private void keep(ByteBuffer piece) {
        if (spill == null && chunks.bytes() + piece.remaining() <= memoryLimit) {
            chunks.add(piece);
            return;
        }
        try {
            SpillFile file = spill;
            if (file == null) {
                file = SpillFile.open();
                spill = file;
            }
            file.append(piece);
        } catch (IOException full) {
            failLocked(new IOException("cannot keep the body in a temporary file", full));
        }
    }

    /// The connection has ended. A body that is not whole will never be: it fails at once, and not where it stops,
    /// since nobody can use a part of it.
    synchronized void endOfInput() {
        if (ended || failure != null) {
            return;
        }
        if (expected >= 0 && fed >= expected) {
            ended = true;
            notifyAll();
        } else {
            failLocked(
                    new BodyCutException(
                            "the connection ended after %d bytes of the body".formatted(fed)));
        }
    }

    /// Makes every read throw from now on: the request is given up.
    synchronized void fail(IOException why) {
        if (failure == null) {
            failLocked(why);
        }
    }

    private void failLocked(IOException why) {
        failure = why;
        drop();
        notifyAll();
    }

    private void drop() {
        chunks.clear();
        dropSpill();
    }

    /// Forgets what was not read; what is still to come is dropped.
    void discard() {
        boolean wasFull;
        synchronized (this) {
            discarded = true;
            drop();
            wasFull = paused;
            paused = false;
        }
        if (wasFull) {
            roomAgain.run();
        }
    }

    /// Whether everything that the handler will ever get is here.
    synchronized boolean isComplete() {
        return ended || failure != null || (expected >= 0 && fed >= expected);
    }

    /// Whether nothing more may be fed for the moment.
    synchronized boolean isFull() {
        return paused;
    }

    /// Whether the web server has ended the stream.
    synchronized boolean isEnded() {
        return ended;
    }

    /// Waits until the web server has ended the stream, while what is not read yet is kept.
    void awaitEnd() throws IOException {
        await(() -> ended);
    }

    /// Waits until the whole body is here or as much as may be kept, read or not.
    void awaitHeld() throws IOException {
        await(() -> isComplete() || paused);
    }

    private void await(BooleanSupplier enough) throws IOException {
        synchronized (this) {
            long fedBefore = -1;
            long deadline = 0;
            while (!enough.getAsBoolean()) {
                if (failure != null) {
                    throw again(failure);
                }
                if (fed != fedBefore) {
                    fedBefore = fed;
                    deadline = System.nanoTime() + timeoutNanos;
                    Worker.releaseLoop();
                }
                waitUntil(deadline);
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        int count;
        boolean wasFull;
        synchronized (this) {
            if (!awaitBytes()) {
                return -1;
            }
            count = take(into, offset, length);
            delivered += count;
            wasFull = paused && (spill == null || spill.unread() <= diskLimit / 2);
            if (wasFull) {
                paused = false;
            }
        }
        if (wasFull) {
            roomAgain.run();
        }
        return count;
    }

    /// The whole rest up to `length` bytes; without a copy where it came in one piece.
    @Override
    public byte[] readNBytes(int length) throws IOException {
        synchronized (this) {
            boolean isWhole =
                    spill == null
                            && failure == null
                            && isComplete()
                            && (expected < 0 || fed == expected);
            byte[] whole = isWhole ? chunks.takeWhole(length) : null;
            if (whole != null) {
                delivered += whole.length;
                return whole;
            }
        }
        return super.readNBytes(length);
    }

    @Override
    public synchronized int available() {
        return (int) Math.min(Integer.MAX_VALUE, chunks.bytes());
    }

    /// Waits until a byte is here; false at the end of the body.
    private boolean awaitBytes() throws IOException {
        long fedBefore = -1;
        long deadline = 0;
        while (true) {
            if (failure != null) {
                throw again(failure);
            }
            if (discarded) {
                throw new IOException("the request has ended");
            }
            if (fed > delivered) {
                return true;
            }
            if (delivered == expected) {
                return false;
            }
            if (ended) {
                if (expected >= 0) {
                    throw new BodyCutException(
                            "the body ended after %d of %d bytes".formatted(delivered, expected));
                }
                return false;
            }
            if (fed != fedBefore) {
                fedBefore = fed;
                deadline = System.nanoTime() + timeoutNanos;
                Worker.releaseLoop(); // or nobody would read what we wait for
            }
            waitUntil(deadline);
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the caller loops
    private void waitUntil(long deadline) throws IOException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new BodyTimeoutException(
                    "no byte of the body came for %d ms, after %d"
                            .formatted(timeoutNanos / 1_000_000, delivered));
        }
        try {
            wait(left / 1_000_000 + 1);
        } catch (InterruptedException aborted) {
            if (failure != null) {
                throw again(failure);
            }
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException("interrupted while waiting for the body");
            interrupted.initCause(aborted);
            throw interrupted;
        }
    }

    // A fresh exception of the same kind: the stack trace of a shared one would be of another
    // thread.
    private static IOException again(IOException failure) {
        return switch (failure) {
            case BodyTooLargeException tooLarge ->
                    new BodyTooLargeException(String.valueOf(tooLarge.getMessage()));
            case BodyCutException cut -> new BodyCutException(String.valueOf(cut.getMessage()));
            case RequestAbortedException aborted ->
                    new RequestAbortedException(String.valueOf(aborted.getMessage()));
            default -> new IOException(failure.getMessage(), failure);
        };
    }

    private int take(byte[] into, int offset, int length) throws IOException {
        int count = chunks.take(into, offset, length);
        return count > 0 ? count : takeSpilled(into, offset, length);
    }

    private int takeSpilled(byte[] into, int offset, int length) throws IOException {
        SpillFile file = spill;
        if (file == null) {
            throw new IllegalStateException("bytes are due, but none are held");
        }
        int count = file.read(into, offset, length);
        if (file.unread() == 0) {
            dropSpill(); // from here on memory will do again
        }
        return count;
    }

    private void dropSpill() {
        SpillFile file = spill;
        spill = null;
        if (file != null) {
            file.close();
        }
    }
}
