package dev.hearth.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A request's body that remembers whether reading it has failed.
final class BodyStream extends FilterInputStream {
    private boolean broken;

    BodyStream(InputStream source) {
        super(source);
    }

    boolean broken() {
        return broken;
    }

    @Override
    public int read() throws IOException {
        try {
            return in.read();
        } catch (IOException lost) {
            broken = true;
            throw lost;
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return in.read(bytes, offset, length);
        } catch (IOException lost) {
            broken = true;
            throw lost;
        }
    }
}
