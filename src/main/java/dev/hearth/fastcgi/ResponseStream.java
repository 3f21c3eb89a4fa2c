package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.ProtocolStatus;
import dev.hearth.fastcgi.wire.RecordEncoder;
import dev.hearth.fastcgi.wire.RecordType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/// The response of one request: STDOUT records, cut for the writer.
///
/// Bytes gather behind room for a record's header; a full buffer, [#flush], and the end of the request send
/// them. What fits one record therefore leaves in one write, together with the end of the stream and of the
/// request. Used by the request's thread only; a write may block while the web server reads slowly.
public final class ResponseStream extends OutputStream {
    /// The size of the buffer that a response stream needs.
    static final int BUFFER_BYTES =
            RecordEncoder.HEADER_BYTES
                    + RecordEncoder.MAX_CONTENT
                    + 2 * RecordEncoder.HEADER_BYTES
                    + RecordEncoder.END_REQUEST_BYTES;

    private static final int CONTENT_LIMIT = RecordEncoder.HEADER_BYTES + RecordEncoder.MAX_CONTENT;

    private final Exchange exchange;
    private final ByteBuffer buffer;
    private boolean sent; // whether anything has left
    private boolean finished;

    ResponseStream(Exchange exchange, ByteBuffer buffer) {
        this.exchange = exchange;
        this.buffer = buffer;
        startRecord();
    }

    @Override
    public void write(int b) throws IOException {
        makeRoom();
        buffer.put((byte) b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int from = offset;
        int left = length;
        while (left > 0) {
            makeRoom();
            int count = Math.min(left, CONTENT_LIMIT - buffer.position());
            buffer.put(bytes, from, count);
            from += count;
            left -= count;
        }
        if (length == 0) {
            requireOpen();
        }
    }

    /// Writes text of which each character is one byte, as header fields are. A character above U+00FF
    /// becomes `?`.
    public void writeLatin1(String text) throws IOException {
        int written = 0;
        while (written < text.length()) {
            makeRoom();
            int position = buffer.position();
            int count = Math.min(text.length() - written, CONTENT_LIMIT - position);
            // By absolute positions: moving the buffer's own for each takes three times as long.
            for (int i = 0; i < count; i++) {
                char c = text.charAt(written + i);
                buffer.put(position + i, c <= 0xff ? (byte) c : (byte) '?');
            }
            buffer.position(position + count);
            written += count;
        }
    }

    private void makeRoom() throws IOException {
        requireOpen();
        if (buffer.position() == CONTENT_LIMIT) {
            flush();
        }
    }

    private void requireOpen() throws IOException {
        if (finished) {
            throw new IOException("the response has ended");
        }
        exchange.throwIfAborted();
    }

    /// Sends what is there as a record of its own.
    @Override
    public void flush() throws IOException {
        if (finished || contentLength() == 0) {
            return;
        }
        exchange.throwIfAborted();
        if (!sent) {
            exchange.awaitBodyBeforeResponse();
        }
        closeRecord();
        sent = true;
        try {
            exchange.send(buffer.flip(), RecordSink.Piece.OUTPUT);
        } finally {
            startRecord();
        }
    }

    /// Whether any byte of the response has left.
    public boolean isSent() {
        return sent;
    }

    /// Forgets what has not left: to begin another response while that is possible.
    ///
    /// @throws IllegalStateException if a part has left already
    public void reset() {
        if (sent) {
            throw new IllegalStateException("a part of the response has left already");
        }
        startRecord();
    }

    /// Ends a response that has begun and that its handler cannot finish, so that nobody takes it for whole.
    void cut(boolean errorsSent) throws IOException {
        if (finished) {
            return;
        }
        finished = true;
        buffer.clear();
        if (errorsSent) {
            RecordEncoder.endOfStream(buffer, RecordType.STDERR, exchange.id());
        }
        buffer.put(exchange.cutRecords());
        exchange.send(buffer.flip(), RecordSink.Piece.END);
    }

    /// Sends the rest, the ends of the streams and of the request.
    void finish(int applicationStatus, boolean errorsSent) throws IOException {
        if (finished) {
            return;
        }
        finished = true;
        if (contentLength() > 0) {
            closeRecord();
        } else {
            buffer.clear();
        }
        if (errorsSent) {
            RecordEncoder.endOfStream(buffer, RecordType.STDERR, exchange.id());
        }
        RecordEncoder.endOfStream(buffer, RecordType.STDOUT, exchange.id());
        RecordEncoder.endRequest(
                buffer, exchange.id(), applicationStatus, ProtocolStatus.REQUEST_COMPLETE);
        exchange.send(buffer.flip(), RecordSink.Piece.END);
    }

    private int contentLength() {
        return buffer.position() - RecordEncoder.HEADER_BYTES;
    }

    private void closeRecord() {
        int length = contentLength();
        RecordEncoder.headerAt(
                buffer, 0, RecordType.STDOUT, exchange.id(), length, RecordEncoder.padding(length));
        RecordEncoder.pad(buffer, length);
    }

    private void startRecord() {
        buffer.clear().position(RecordEncoder.HEADER_BYTES);
    }
}
