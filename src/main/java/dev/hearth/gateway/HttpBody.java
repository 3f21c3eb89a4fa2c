package dev.hearth.gateway;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// A streamed response body: gathers small writes, sends at once on `flush()`. To close it does nothing: only
/// [#finish] says that the body is whole, so that a writer that fails leaves a visible cut.
final class HttpBody extends OutputStream {
    private final HttpSink sink;
    private final long announced;
    private final byte[] buffer = new byte[16 << 10];
    private int filled;
    private long written;

    /// `announced` is the length in bytes, or -1 where it is not known.
    HttpBody(HttpSink sink, long announced) {
        this.sink = sink;
        this.announced = announced;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        written += length;
        if (announced >= 0 && written > announced) {
            throw wrongLength();
        }
        if (filled + length > buffer.length) {
            flush();
        }
        if (length >= buffer.length) {
            sink.write(false, ByteBuffer.wrap(bytes, offset, length));
        } else {
            System.arraycopy(bytes, offset, buffer, filled, length);
            filled += length;
        }
    }

    @Override
    public void flush() throws IOException {
        if (filled > 0) {
            int length = filled;
            filled = 0;
            sink.write(false, ByteBuffer.wrap(buffer, 0, length));
        }
    }

    /// Sends the rest and the end.
    void finish() throws IOException {
        if (announced >= 0 && written != announced) {
            throw wrongLength();
        }
        sink.write(true, ByteBuffer.wrap(buffer, 0, filled));
    }

    private IllegalStateException wrongLength() {
        return new IllegalStateException(
                "the body was announced with %d bytes, the writer gave %d"
                        .formatted(announced, written));
    }
}
