package dev.hearth.fastcgi;

import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/// The watch over a peer that sends nothing more and may still read: it is served on, unless it turns out to be
/// gone.
///
/// Made by the thread that finds the end of input; then used by the [Ticker] only.
final class HalfClosed {
    // A quick handler answers before, and needs no probe.
    private static final long FIRST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PeerCheck check;
    private final SocketChannel channel;
    private final RecordSink sink;
    private final long since = System.nanoTime();
    private long lookedAt = since;
    private boolean probed;

    HalfClosed(PeerCheck check, SocketChannel channel, RecordSink sink) {
        this.check = check;
        this.channel = channel;
        this.sink = sink;
    }

    /// Whether the peer has gone. Looks after a tenth of a second, and then ever more rarely, down to once a second:
    /// what had closed already is found by the second look on TCP, and before the first on a unix socket.
    boolean isGone(long now) {
        long pause = Math.clamp(lookedAt - since, FIRST_LOOK_NANOS, LONGEST_PAUSE_NANOS);
        if (now - lookedAt < pause) {
            return false;
        }
        lookedAt = now;
        if (check.isGone(channel)) {
            return true;
        }
        if (!probed) {
            probed = true;
            if (PeerCheck.needsProbe(channel)) {
                sink.probe();
            }
        }
        return false;
    }
}
