package dev.hearth.gateway;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import java.io.FilterInputStream;
import java.io.IOException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// The body of a request, up to the gateway's limit. Used by the request's thread only.
final class LimitedBody extends FilterInputStream {
    private static final int DRAIN_BYTES = 8 << 20;
    private static final long DRAIN_NANOS = 2_000_000_000L;

    private final Request request;
    private final long limit;
    private final long announced;
    private long received;
    private boolean touched;
    private boolean ended;
    private @Nullable IOException failure;

    LimitedBody(Request request, long limit, Lookout lookout) {
        super(Content.Source.asInputStream(new Watched(request, lookout)));
        this.request = request;
        this.limit = limit;
        this.announced = announced(request);
        this.ended = announced == 0;
    }

    /// What is asked for once there is nothing to read has to be waited for.
    private record Watched(Request request, Lookout lookout) implements Content.Source {
        @Override
        public Content.Chunk read() {
            return request.read();
        }

        @Override
        public void demand(Runnable arrived) {
            lookout.relieve();
            request.demand(arrived);
        }

        @Override
        public void fail(Throwable failure) {
            request.fail(failure);
        }
    }

    private static long announced(Request request) {
        long length = request.getLength();
        boolean chunked = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        return length >= 0 ? length : chunked ? -1 : 0;
    }

    /// How many bytes the client announced; -1 where it did not say.
    long announced() {
        return announced;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = readUnlimited(bytes, offset, length);
        requireWithinLimit(received);
        return count;
    }

    private int readUnlimited(byte[] bytes, int offset, int length) throws IOException {
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        touched = true;
        try {
            int count = in.read(bytes, offset, length);
            ended = count < 0;
            received += Math.max(0, count);
            return count;
        } catch (IOException lost) {
            failure = lost;
            throw lost;
        }
    }

    /// @throws RefusedException with 413
    void requireWithinLimit(long bytes) {
        if (bytes > limit) {
            throw Problem.of(
                            413,
                            "content-too-large",
                            "The body may have at most %d bytes.".formatted(limit))
                    .with("limit", limit)
                    .refuse();
        }
    }

    /// Takes in what the handler left unread, up to a bound, once the answer is out: a client that writes
    /// everything before it reads would otherwise see a reset instead of the answer (T10).
    void drain() throws IOException {
        if (ended || failure != null || (!touched && expectsContinue())) {
            return;
        }
        // Whoever knows the length reads no further than that: only the end is left to be taken in.
        byte[] dropped = new byte[received == announced ? 1 : 16 << 10];
        long began = System.nanoTime();
        for (int bytes = 0; bytes < DRAIN_BYTES && System.nanoTime() - began < DRAIN_NANOS; ) {
            int count = readUnlimited(dropped, 0, dropped.length);
            if (count < 0) {
                return;
            }
            bytes += count;
        }
    }

    /// To read now would be to say «100 Continue» to a client that has its final answer.
    private boolean expectsContinue() {
        return request.getHeaders().contains(HttpHeader.EXPECT, "100-continue");
    }
}
