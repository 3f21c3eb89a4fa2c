package dev.hearth.fastcgi;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// Asks the system whether the peer of a connection takes anything any more. A read cannot tell: a peer that has
/// closed and one that has only ended its own side (`shutdown(SHUT_WR)`) both give the end of input, and on TCP
/// even one that has sent a reset since.
///
/// Safe for many threads; one question at a time, some microseconds each, and none where nobody goes away.
final class PeerCheck implements AutoCloseable {
    private static final System.Logger log = EngineLog.get();

    private @Nullable Selector selector; // guarded by this; made with the first question
    private boolean closed; // guarded by this

    /// Whether the peer is known to be gone. On a unix socket that is the truth at this moment; on TCP it is
    /// known once the peer's system has refused something that was sent (see [RecordSink#probe]).
    synchronized boolean isGone(SocketChannel channel) {
        if (closed) {
            return false;
        }
        try {
            Selector asked = selector;
            if (asked == null) {
                asked = Selector.open();
                selector = asked;
            }
            return isHungUp(channel, asked);
        } catch (ClosedChannelException ours) {
            return true;
        } catch (IOException noDescriptor) {
            log.log(Level.DEBUG, "cannot look for a peer: {0}", noDescriptor.getMessage());
            return false;
        }
    }

    /// Whether something must be sent before the system can know.
    static boolean needsProbe(SocketChannel channel) {
        try {
            return channel.getRemoteAddress() instanceof InetSocketAddress;
        } catch (IOException closed) {
            return false;
        }
    }

    // A connected channel is never ready to connect. It is selected for OP_CONNECT only by an error
    // or a hang-up, of which the system tells whether it was asked or not.
    private static boolean isHungUp(SocketChannel channel, Selector asked) throws IOException {
        SelectionKey key = channel.register(asked, SelectionKey.OP_CONNECT);
        try {
            return asked.selectNow(_ -> {}) > 0;
        } finally {
            // A socket that is still registered when it is closed stays open for its peer.
            key.cancel();
            asked.selectNow();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        Selector asked = selector;
        if (asked != null) {
            try {
                asked.close();
            } catch (IOException stillOpen) {
                log.log(Level.DEBUG, "a selector could not be closed", stillOpen);
            }
        }
    }
}
