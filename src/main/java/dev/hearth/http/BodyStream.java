package dev.hearth.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A request's body that remembers whether reading it has failed, and refuses to grow beyond a limit.
final class BodyStream extends FilterInputStream {
    private long limit = Long.MAX_VALUE;
    private long received;
    private boolean broken;

    BodyStream(InputStream source) {
        super(source);
    }

    boolean broken() {
        return broken;
    }

    /// Limits only ever get smaller.
    void limit(long bytes) {
        limit = Math.min(limit, bytes);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count;
        try {
            count = in.read(bytes, offset, length);
        } catch (IOException lost) {
            broken = true;
            throw lost;
        }
        receive(count);
        return count;
    }

    /// As the source does it: most have the whole body in one array already.
    @Override
    public byte[] readNBytes(int length) throws IOException {
        byte[] whole;
        try {
            whole = in.readNBytes(length);
        } catch (IOException lost) {
            broken = true;
            throw lost;
        }
        receive(whole.length);
        return whole;
    }

    private void receive(int count) {
        received += Math.max(0, count);
        if (received > limit) {
            throw Request.tooLarge(limit);
        }
    }

    /// Read, not skipped at the source: what is skipped counts, too.
    @Override
    public long skip(long count) throws IOException {
        byte[] dropped = new byte[(int) Math.min(count, 8_192)];
        long skipped = 0;
        while (skipped < count) {
            int read = read(dropped, 0, (int) Math.min(dropped.length, count - skipped));
            if (read <= 0) {
                break;
            }
            skipped += read;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
