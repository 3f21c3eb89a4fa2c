package dev.hearth.fastcgi;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/// Where one thread waits until a socket takes bytes again.
///
/// It has a selector of its own: to be told by the thread that reads the connection would wake two threads for each
/// piece of a long response.
final class SocketWait implements AutoCloseable {
    private final Selector selector;

    private SocketWait(Selector selector) {
        this.selector = selector;
    }

    static SocketWait open() throws IOException {
        return new SocketWait(Selector.open());
    }

    /// Waits until the socket takes bytes, [#wakeup] is called, the thread is interrupted, or the time is over.
    ///
    /// @throws ClosedChannelException if the socket is closed
    void awaitWritable(SocketChannel channel, long nanos) throws IOException {
        SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
        try {
            selector.select(_ -> {}, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
        } finally {
            // A socket that is still registered when it is closed stays open for its peer.
            key.cancel();
            selector.selectNow();
        }
    }

    /// Ends the wait that is under way, or else the next.
    void wakeup() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
