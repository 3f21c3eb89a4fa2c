package dev.hearth.fastcgi;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What is held of a body in memory. The memory of what was read is used again, so that a long body makes no more
/// garbage than a short one. Not for two threads at once.
final class Chunks {
    // A web server that has read the beginning of a short body with the header sends it in two
    // pieces: the announced length makes one array of them. More than this is not set aside for
    // what was only announced.
    private static final int MAX_FIRST = 16 * 1024;

    // Later pieces fill arrays of this size one after the other, however small they come.
    private static final int CAPACITY = 64 * 1024;
    private static final int MAX_SPARE = 16;

    private static final class Chunk {
        private final byte[] bytes;
        private int from;
        private int to;

        private Chunk(int capacity) {
            bytes = new byte[capacity];
        }
    }

    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>(2); // oldest first
    private final ArrayDeque<Chunk> spare = new ArrayDeque<>(0);
    private final long expected;
    private boolean begun;
    private long bytes;

    /// @param expected how many bytes were announced, negative where none were
    Chunks(long expected) {
        this.expected = expected;
    }

    /// How many bytes are held.
    long bytes() {
        return bytes;
    }

    /// Keeps a copy of the content.
    void add(ByteBuffer content) {
        bytes += content.remaining();
        while (content.hasRemaining()) {
            Chunk last = chunks.peekLast();
            if (last == null || last.to == last.bytes.length) {
                last = next(content.remaining());
                chunks.add(last);
            }
            int count = Math.min(content.remaining(), last.bytes.length - last.to);
            content.get(last.bytes, last.to, count);
            last.to += count;
        }
    }

    private Chunk next(int length) {
        if (!begun) {
            begun = true;
            return new Chunk(expected > MAX_FIRST ? length : (int) Math.max(expected, length));
        }
        Chunk again = spare.poll();
        if (again == null) {
            return new Chunk(CAPACITY);
        }
        again.from = 0;
        again.to = 0;
        return again;
    }

    /// Moves up to so many bytes out; fewer where a chunk ends, none where nothing is held.
    int take(byte[] into, int offset, int length) {
        Chunk oldest = chunks.peek();
        if (oldest == null) {
            return 0;
        }
        int count = Math.min(length, oldest.to - oldest.from);
        System.arraycopy(oldest.bytes, oldest.from, into, offset, count);
        oldest.from += count;
        bytes -= count;
        if (oldest.from == oldest.to) {
            chunks.remove();
            if (spare.size() < MAX_SPARE && oldest.bytes.length == CAPACITY) {
                spare.add(oldest);
            }
        }
        return count;
    }

    /// All that is held, without a copy, or nothing: where it does not fill one array, or is longer than this.
    byte @Nullable [] takeWhole(int longest) {
        Chunk only = chunks.peek();
        if (chunks.size() != 1
                || only == null
                || only.from > 0
                || only.to < only.bytes.length
                || only.to > longest) {
            return null;
        }
        clear();
        return only.bytes;
    }

    /// Forgets all.
    void clear() {
        chunks.clear();
        spare.clear();
        bytes = 0;
    }
}
