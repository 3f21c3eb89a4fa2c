package dev.hearth.gateway;

import dev.hearth.fastcgi.BodyCutException;
import dev.hearth.fastcgi.BodyTooLargeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/// The body of a CGI request: standard input, of which no more than CONTENT_LENGTH bytes may be read
/// (RFC 3875 section 4.2), and no fewer are taken for the whole.
final class CgiBody extends InputStream {
    private final InputStream in;
    private final long length; // -1: to the end
    private final long limit; // counts where the length is not known
    private long delivered;

    CgiBody(InputStream in, long length, long limit) {
        this.in = in;
        this.length = length;
        this.limit = limit;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int wanted) throws IOException {
        Objects.checkFromIndexSize(offset, wanted, into.length);
        if (wanted == 0) {
            return 0;
        }
        if (delivered == length) {
            return -1;
        }
        int most = length < 0 ? wanted : (int) Math.min(wanted, length - delivered);
        int count = in.read(into, offset, most);
        if (count > 0) {
            delivered += count;
            if (delivered > limit) {
                throw new BodyTooLargeException(
                        "a body may have at most %d bytes".formatted(limit));
            }
        } else if (length >= 0) {
            throw new BodyCutException(
                    "the body ended after %d of %d bytes".formatted(delivered, length));
        }
        return count;
    }

    /// Reads what nobody has read of a body whose length is known.
    void takeRest() throws IOException {
        if (length > 0) {
            transferTo(OutputStream.nullOutputStream());
        }
    }
}
