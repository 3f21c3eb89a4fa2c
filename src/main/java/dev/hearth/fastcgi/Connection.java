package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.ProtocolException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One connection of a web server: its socket, its requests, its end.
///
/// It is read by the thread that runs its [Loop], and what arrives goes to its [Intake]; nothing here blocks.
/// Requests end on threads of their own, which come in through the [RecordSink.Owner] side.
final class Connection implements Loop.Selected, RecordSink.Owner {
    private static final System.Logger log = EngineLog.get();
    // Reads of a connection before the others have their turn.
    private static final int PIECES_AT_ONCE = 8;
    // How long a peer may take to close after its last answer: without a byte, and in all.
    private static final long LINGER_QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(30);
    // How long after the last record of a response that was cut: see cut().
    private static final long CUT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final FastCgiServer server;
    private final Loop loop;
    private final SocketChannel channel;
    private final String peer;
    private final RecordSink sink;
    private final ActiveRequests active = new ActiveRequests();
    private final Intake intake; // owned by the loop
    private @Nullable SelectionKey key; // set once, by the loop
    private volatile long lastActivity = System.nanoTime();
    private volatile boolean closeWhenIdle;
    // The peer puts several requests on it at once, or has asked whether it may.
    private volatile boolean several;
    private volatile boolean cut; // only the end of the connection will say that a response was cut
    // Nothing more is sent; what comes is dropped until the peer closes.
    private volatile boolean lingering;
    private volatile long lingeringSince;
    // Set once the peer sends nothing more, though it may still read.
    private volatile @Nullable HalfClosed halfClosed;
    private volatile boolean closed;

    Connection(FastCgiServer server, Loop loop, SocketChannel channel, String peer) {
        this.server = server;
        this.loop = loop;
        this.channel = channel;
        this.peer = peer;
        this.intake = new Intake(this, active);
        this.sink = new RecordSink(channel, this, server.limits().writeTimeout().toNanos());
    }

    /// Starts to read. Called by the loop.
    void open() {
        try {
            key = loop.register(channel, SelectionKey.OP_READ, this);
        } catch (IOException lost) {
            close("lost before it was registered");
        }
    }

    FastCgiServer server() {
        return server;
    }

    Loop loop() {
        return loop;
    }

    RecordSink sink() {
        return sink;
    }

    String peer() {
        return peer;
    }

    /// The variables of its requests that have begun and not ended, where they have come.
    Stream<NameValuePairs> inProgress() {
        return active.all().stream()
                .map(exchange -> exchange.incoming().params())
                .filter(params -> params.size() > 0);
    }

    boolean isClosed() {
        return closed;
    }

    // --- what arrives ---

    @Override
    public void selected(SelectionKey ready) {
        try {
            int operations = ready.readyOps();
            if ((operations & SelectionKey.OP_WRITE) != 0) {
                ready.interestOpsAnd(~SelectionKey.OP_WRITE);
                sink.writable();
            }
            if ((operations & SelectionKey.OP_READ) != 0) {
                read();
            }
        } catch (CancelledKeyException gone) {
            close("closed by another thread");
        } catch (RuntimeException bug) {
            log.log(Level.ERROR, "a connection failed", bug);
            close("failed");
        }
    }

    private void read() {
        try {
            // A long body fills the buffer again and again: its handler is told of several pieces
            // at once.
            for (int piece = 0; piece < PIECES_AT_ONCE && isReading(); piece++) {
                ByteBuffer input = loop.input();
                if (!take(channel.read(input), input)) {
                    break;
                }
            }
        } catch (ProtocolException broken) {
            server.counters().protocolError();
            log.log(Level.WARNING, "closed the connection of {0}: {1}", peer, broken.getMessage());
            close("protocol error");
        } catch (IOException reset) {
            close("reset by the web server");
        } finally {
            intake.announce();
        }
    }

    /// Acts on what was read. Returns whether there may be more at once.
    private boolean take(int count, ByteBuffer input) throws ProtocolException {
        if (count < 0) {
            endOfInput();
            return false;
        }
        lastActivity = System.nanoTime();
        if (lingering) {
            intake.ignore(count);
        } else {
            boolean filled = !input.hasRemaining();
            intake.take(input.flip());
            return filled;
        }
        return false;
    }

    private boolean isReading() {
        SelectionKey registered = key;
        return registered != null
                && registered.isValid()
                && (registered.interestOps() & SelectionKey.OP_READ) != 0;
    }

    /// The peer has closed the connection, or only its own side of it. In the second case what it has sent in full
    /// is answered, however long that takes; of the rest, handlers are told.
    private void endOfInput() {
        stopReading();
        if (isFinished() || lingering || server.peerCheck().isGone(channel)) {
            close("closed by the web server");
            return;
        }
        halfClosed = new HalfClosed(server.peerCheck(), channel, sink);
        closeWhenIdle = true;
        for (Exchange exchange : active.all()) {
            exchange.endOfInput();
        }
    }

    /// Whether every request has been answered, to the last byte.
    private boolean isFinished() {
        return active.size() == 0 && sink.isIdle();
    }

    /// Reads no more until a handler has made room: see [#resumeReading].
    void pauseReading(Exchange full) {
        stopReading();
        if (!full.incoming().isFull()) {
            resumeReading(); // its handler made room, and said so, before the line above
        }
    }

    private void stopReading() {
        SelectionKey registered = key;
        if (registered != null) {
            registered.interestOpsAnd(~SelectionKey.OP_READ);
        }
    }

    /// A handler has made room for more of its body.
    void resumeReading() {
        if (halfClosed == null) {
            addInterest(SelectionKey.OP_READ);
        }
    }

    private void addInterest(int operation) {
        SelectionKey registered = key;
        if (registered == null || closed) {
            return;
        }
        try {
            registered.interestOpsOr(operation);
        } catch (CancelledKeyException gone) {
            close("closed by another thread");
            return;
        }
        if (!loop.isRunByCurrentThread()) {
            loop.wakeup();
        }
    }

    // --- what leaves ---

    @Override
    public void awaitWritable() {
        addInterest(SelectionKey.OP_WRITE);
    }

    @Override
    public void broken(String why) {
        close(why);
    }

    /// Closes for what the peer did, or left undone; the log tells of it.
    @Override
    public void atFault(String why) {
        server.faults()
                .tell(
                        Level.INFO,
                        why,
                        () -> "closed the connection of " + peer + ": " + why,
                        System.nanoTime());
        close(why);
    }

    @Override
    public boolean owesRecords() {
        return active.size() > 0;
    }

    /// The id may be begun again from here on.
    void forget(Exchange exchange) {
        active.remove(exchange);
    }

    @Override
    public void ended(Exchange exchange) {
        lastActivity = System.nanoTime();
        if (!exchange.keepConnection() || server.isStopping()) {
            closeWhenIdle = true;
        }
        if (closeWhenIdle && isFinished()) {
            finish((halfClosed != null || exchange.incoming().isFullyReceived()) && !cut);
        }
    }

    /// Closes once every request under way has ended.
    void closeWhenIdle() {
        closeWhenIdle = true;
    }

    /// Closes a while after the last record, with no other record to end the response by. A web server that
    /// found both at once would take what it has for the whole, and even tell the client its length (lighttpd
    /// does); so the records come first, and when the response is on its way to the client, the end. Not where
    /// several requests share a connection: the next would come in that while, and be lost.
    void cut() {
        cut = !several;
        closeWhenIdle = true;
    }

    /// The peer multiplexes, or has asked for our values because it wants to.
    void expectSeveral() {
        several = true;
    }

    /// Whether this is the only request under way.
    boolean carriesOnly(Exchange exchange) {
        return active.size() == 1 && active.get(exchange.id()) == exchange;
    }

    /// Closes after the last answer. Where the peer is still sending, a plain close could destroy the answer
    /// on its way (a reset overtakes it); so only our side ends, and the rest is read until the peer closes.
    private void finish(boolean peerHasFinished) {
        if (peerHasFinished) {
            close("finished");
            return;
        }
        try {
            lingeringSince = System.nanoTime();
            lingering = true;
            if (!cut) {
                channel.shutdownOutput();
            }
            resumeReading();
        } catch (IOException lost) {
            close("lost while it was finished");
        }
    }

    /// Closes the connection if no request is under way or arriving, as the server stops. Called by the loop.
    void closeIfIdle() {
        if (isFinished() && !lingering && !intake.isInsideRecord()) {
            close("the server stops");
        }
    }

    /// Answers every request under way with 503, or cuts its response where that has begun.
    void answerForStop() {
        active.all().forEach(Exchange::expireForStop);
    }

    /// Ends everything on this connection. Harmless twice and from any thread.
    void close(String why) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        log.log(Level.DEBUG, "connection of {0}: {1}", peer, why);
        for (Exchange exchange : active.all()) {
            server.counters().aborted();
            exchange.abort("the connection is gone: " + why, false);
        }
        sink.close();
        try {
            channel.close();
        } catch (IOException lost) {
            log.log(Level.DEBUG, "a connection could not be closed: {0}", lost.getMessage());
        }
        server.closed(this);
        if (!loop.isRunByCurrentThread()) {
            loop.wakeup(); // the socket is released by the selector's next round
        }
    }

    // --- the Ticker's side ---

    /// Ends what has waited too long. Called by the Ticker, at times.
    void expire(long now) {
        Limits limits = server.limits();
        if (lingering) {
            if (cut && now - lingeringSince > CUT_NANOS) {
                close("a response was cut");
            } else if (now - lastActivity > LINGER_QUIET_NANOS
                    || now - lingeringSince > LINGER_NANOS) {
                close("did not close after its last answer");
            }
            return;
        }
        HalfClosed half = halfClosed;
        if (half != null && half.isGone(now)) {
            close("closed by the web server");
            return;
        }
        if (closeWhenIdle && isFinished()) {
            finish(half != null && !cut); // a management record was the last to leave
            return;
        }
        if (active.size() == 0) {
            expireIdle(now, limits);
            return;
        }
        long header = limits.headerTimeout().toNanos();
        long request = limits.requestTimeout().toNanos();
        for (Exchange exchange : active.all()) {
            long age = now - exchange.begunAt();
            if (age > header && !exchange.incoming().paramsEnded()) {
                loop.execute(() -> expireHeader(exchange));
            } else if (request > 0 && age > request && exchange.incoming().paramsEnded()) {
                exchange.expire();
            }
        }
    }

    private void expireIdle(long now, Limits limits) {
        long idle = now - lastActivity;
        if (idle > limits.idleTimeout().toNanos()) {
            close("idle");
        } else if (idle > limits.headerTimeout().toNanos()) {
            loop.execute(() -> {
                if (intake.isInsideRecord() && active.size() == 0) {
                    atFault("stopped inside a record");
                }
            });
        }
    }

    private void expireHeader(Exchange exchange) {
        if (!exchange.incoming().paramsEnded() && !exchange.isEnded()) {
            exchange.refuse(Refusal.TIMEOUT);
        }
    }
}
