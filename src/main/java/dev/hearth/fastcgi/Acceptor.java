package dev.hearth.fastcgi;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// Accepts the connections of one listener.
///
/// When accepting fails (out of file descriptors) or there are enough connections, it pauses; the [Ticker]
/// has it try again. What waits meanwhile waits in the kernel.
final class Acceptor implements Loop.Selected {
    private static final System.Logger log = EngineLog.get();
    private static final int BATCH = 64;

    private final FastCgiServer server;
    private final ServerSocketChannel listener;
    private final Loop loop;
    private final TurnedAway turnedAway = new TurnedAway(); // owned by the loop
    private @Nullable SelectionKey key; // owned by the loop
    private boolean failing; // owned by the loop; the failure has been logged

    Acceptor(FastCgiServer server, ServerSocketChannel listener, Loop loop) {
        this.server = server;
        this.listener = listener;
        this.loop = loop;
    }

    void open() throws IOException {
        listener.configureBlocking(false);
        key = loop.register(listener, SelectionKey.OP_ACCEPT, this);
    }

    @Override
    public void selected(SelectionKey ready) {
        for (int i = 0; i < BATCH; i++) {
            if (server.isFull()) {
                ready.interestOps(0);
                return;
            }
            try {
                SocketChannel accepted = listener.accept();
                if (accepted == null) {
                    return;
                }
                failing = false;
                admit(accepted);
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException failed) {
                if (!failing) {
                    log.log(
                            Level.ERROR,
                            "cannot accept connections for the moment: {0}",
                            failed.getMessage());
                }
                failing = true;
                ready.interestOps(0);
                return;
            }
        }
    }

    /// Tries again, if accepting was paused. Called by the loop.
    void resume() {
        SelectionKey registered = key;
        if (registered != null && registered.isValid() && registered.interestOps() == 0) {
            registered.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    /// Takes the connections that wait in the kernel already, then closes the listener. Called by the loop.
    void finish() {
        SelectionKey registered = key;
        if (registered != null && registered.isValid()) {
            selected(registered);
        }
        if (registered != null) {
            registered.cancel(); // for a listener that stays open
        }
        try {
            Listener.end(listener);
        } catch (IOException stillOpen) {
            log.log(Level.WARNING, "a listener could not be closed", stillOpen);
        }
        loop.wakeup();
    }

    boolean isPaused() {
        SelectionKey registered = key;
        return registered != null && registered.isValid() && registered.interestOps() == 0;
    }

    boolean accepts(ServerSocketChannel of) {
        return listener.equals(of);
    }

    Loop loop() {
        return loop;
    }

    private void admit(SocketChannel accepted) {
        try {
            if (!server.peers().admits(accepted)) {
                server.counters().turnedAway();
                turnedAway.tell(PeerPolicy.name(accepted), System.nanoTime());
                accepted.close();
                return;
            }
            accepted.configureBlocking(false);
            if (accepted.getLocalAddress() instanceof InetSocketAddress) {
                accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            server.open(accepted, loop);
        } catch (IOException lost) {
            log.log(
                    Level.DEBUG,
                    "a connection was lost while it was accepted: {0}",
                    lost.getMessage());
            closeQuietly(accepted);
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException alsoFailed) {
            log.log(
                    Level.DEBUG,
                    "a lost connection could not be closed: {0}",
                    alsoFailed.getMessage());
        }
    }
}
