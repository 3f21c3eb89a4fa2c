package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.RecordEncoder;
import dev.hearth.fastcgi.wire.RecordType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/// STDERR of one request: each write leaves at once, so that the web server's log has it before the body ends.
final class ErrorStream extends OutputStream {
    // Some front servers cut a record's lines at about 8 KiB.
    private static final int MAX_CONTENT = 8_000;

    private final Exchange exchange;
    private boolean sent;

    ErrorStream(Exchange exchange) {
        this.exchange = exchange;
    }

    /// Whether anything was written, so that the stream wants an end.
    boolean isSent() {
        return sent;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        for (int done = 0; done < length; done += MAX_CONTENT) {
            int count = Math.min(MAX_CONTENT, length - done);
            ByteBuffer record =
                    ByteBuffer.allocate(
                            RecordEncoder.HEADER_BYTES + count + RecordEncoder.padding(count));
            RecordEncoder.header(
                    record, RecordType.STDERR, exchange.id(), count, RecordEncoder.padding(count));
            record.put(bytes, offset + done, count);
            RecordEncoder.pad(record, count);
            sent = true;
            exchange.send(record.flip(), RecordSink.Piece.ERRORS);
        }
    }
}
