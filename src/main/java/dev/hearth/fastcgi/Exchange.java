package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.ProtocolStatus;
import dev.hearth.fastcgi.wire.RecordEncoder;
import dev.hearth.fastcgi.wire.Role;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The life of one request, from BEGIN_REQUEST to END_REQUEST: who may still send for it, and how it ends.
///
/// Three threads meet here: the one that reads the connection, and aborts; the request's own, which runs the handler
/// and sends; the [Ticker], which ends what takes too long.
final class Exchange implements Worker.Job {
    private static final System.Logger log = EngineLog.get();

    private final Connection connection;
    private final FastCgiServer server;
    private final int id;
    private final Role role;
    private final boolean keepConnection;
    private final long begunAt = System.nanoTime();
    private final Incoming incoming;

    private int pathHash; // owned by the thread that reads, until the handler runs
    private boolean leaving; // told to the admission; owned by the request's thread

    private final Object gate = new Object();
    private @Nullable Thread thread; // guarded by gate: the handler's, while it may be interrupted
    private volatile boolean aborted;
    private volatile boolean expired; // it took too long, and its end is sent for it
    // These change under the sink's turn only.
    private volatile boolean outputSent;
    private volatile boolean errorsSent;
    private volatile boolean ended; // END_REQUEST is on its way

    Exchange(Connection connection, int id, Role role, boolean keepConnection) {
        this.connection = connection;
        this.server = connection.server();
        this.id = id;
        this.role = role;
        this.keepConnection = keepConnection;
        this.incoming = new Incoming(role, server.limits(), connection::resumeReading);
    }

    int id() {
        return id;
    }

    Role role() {
        return role;
    }

    String peer() {
        return connection.peer();
    }

    boolean keepConnection() {
        return keepConnection;
    }

    long begunAt() {
        return begunAt;
    }

    Incoming incoming() {
        return incoming;
    }

    @Override
    public String toString() {
        NameValuePairs params = incoming.params();
        String name = params.size() == 0 ? "" : server.handler().name(params);
        String record = "request " + id + " of " + peer();
        return name.isEmpty() ? record : name + " (" + record + ")";
    }

    // --- the reading side ---

    /// The variables are whole.
    ///
    /// @return why the request cannot be served, or null where it can
    @Nullable Refusal endParams() {
        Refusal refusal = incoming.endParams(this);
        pathHash = SlowPaths.hash(incoming.params());
        return refusal;
    }

    /// The web server gives the request up, or is gone: its handler is told, and its end is sent for it.
    void abort(String why, boolean answer) {
        aborted = true; // from here on the handler sends nothing
        if (answer) {
            end(ProtocolStatus.REQUEST_COMPLETE, 1);
        }
        stop(why);
    }

    /// The web server sends nothing more, but may wait for the answer. Without all of its variables there is none;
    /// of a body that stops short its handler learns when it reads it.
    void endOfInput() {
        if (incoming.paramsEnded()) {
            incoming.endOfInput();
        } else {
            server.counters().aborted();
            abort("the connection ended inside the variables", true);
        }
    }

    private void stop(String why) {
        incoming.fail(new RequestAbortedException(why));
        server.admission().forget(this);
        synchronized (gate) {
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    /// Ends the request without its handler, with a protocol status.
    void end(ProtocolStatus status, int applicationStatus) {
        if (status != ProtocolStatus.REQUEST_COMPLETE) {
            Level level = status == ProtocolStatus.OVERLOADED ? Level.WARNING : Level.INFO;
            tell(level, status.name(), () -> this + " was refused with " + status);
        }
        ByteBuffer record = ByteBuffer.allocate(RecordEncoder.END_REQUEST_BYTES);
        RecordEncoder.endRequest(record, id, applicationStatus, status);
        connection.sink().post(this, record.flip(), true);
    }

    /// Ends the request without its handler, with a response of the server's own.
    void refuse(Refusal refusal) {
        server.counters().refused(refusal);
        tell(refusal);
        connection.sink().post(this, refusal.records(id), true);
    }

    /// Tells of an answer that is not the handler's.
    void tell(Refusal refusal) {
        // The others are told where they are found, with more about them.
        if (refusal != Refusal.BAD_PARAMS && refusal != Refusal.STOPPING) {
            tell(
                    refusal.level(),
                    refusal.name(),
                    () -> this + " was answered with " + refusal.sentence());
        }
    }

    private void tell(Level level, String kind, Supplier<String> sentence) {
        server.faults().tell(level, kind, sentence, System.nanoTime());
    }

    // --- the side of the Ticker, and of whoever stops the server ---

    /// The whole request took too long.
    void expire() {
        giveUp(
                Refusal.TOO_SLOW,
                "the request took longer than " + server.limits().requestTimeout());
    }

    /// The server stops, and waits no longer.
    void expireForStop() {
        giveUp(Refusal.STOPPING, "the server stops");
    }

    private void giveUp(Refusal refusal, String why) {
        synchronized (gate) {
            if (expired) {
                return;
            }
            expired = true;
        }
        refuse(refusal);
        stop(why);
    }

    // --- the request's own thread ---

    /// Whether the handler should give its thread's loop away before it starts: it will wait for its body,
    /// or its path has been slow before.
    boolean mayBlock() {
        return role == Role.FILTER
                || !incoming.isBodyComplete()
                || server.slowPaths().isSlow(pathHash);
    }

    /// Runs the handler, having been admitted: see [Admission].
    @Override
    public void runOn(Worker worker) {
        try {
            if (enter(worker)) {
                handle(worker);
            }
        } catch (Throwable broken) {
            // Such as no memory for a buffer: neither thread nor loop may die of it.
            log.log(Level.ERROR, "request " + id + " could not be handled", broken);
            connection.close("failed");
        } finally {
            server.admission().leave(leaving);
        }
    }

    private boolean enter(Worker worker) {
        synchronized (gate) {
            if (isGivenUp()) {
                return false;
            }
            thread = worker;
            return true;
        }
    }

    private void handle(Worker worker) {
        long start = System.nanoTime();
        try {
            new HandlerRun(this, worker).serve(server);
        } finally {
            synchronized (gate) {
                thread = null;
            }
            Thread.interrupted(); // an abort that came too late must not hit the next request
            incoming.discard();
            server.slowPaths().record(pathHash, System.nanoTime() - start);
        }
        if (!ended && !isGivenUp()) {
            end(ProtocolStatus.REQUEST_COMPLETE, 1); // one end for every request, whatever failed
        }
    }

    /// Called before the first record of the response leaves, where that is not the whole response.
    void awaitBodyBeforeResponse() throws IOException {
        if (!incoming.isBodyComplete()
                && WebServer.of(incoming.params()).sendsBodyBeforeResponse()) {
            incoming.awaitHeld();
        }
    }

    /// Sends a piece of the response; see [RecordSink#send].
    void send(ByteBuffer records, RecordSink.Piece piece) throws IOException {
        throwIfAborted();
        if (role == Role.FILTER) {
            incoming.awaitStdinEnd(); // it may not answer before it has all of STDIN (section 6.4)
        }
        if (piece == RecordSink.Piece.END && !leaving) {
            leaving = true;
            server.admission().leaving();
        }
        connection.sink().send(this, records, piece);
    }

    /// What ends this request although its response has begun and has no end, so that nobody takes it for
    /// whole. The connection is closed behind it; where that alone must tell, there are no records.
    ByteBuffer cutRecords() {
        connection.closeWhenIdle();
        WebServer peer = WebServer.of(incoming.params());
        ByteBuffer records = ByteBuffer.allocate(2 * RecordEncoder.END_REQUEST_BYTES);
        if (peer == WebServer.NGINX) {
            records.put(RecordEncoder.unknownType(0)); // it refuses this, and with it the response
        }
        // A connection that other requests share must not end for one of them.
        if (peer.showsCutByClosing() && connection.carriesOnly(this)) {
            connection.cut();
        } else {
            RecordEncoder.endRequest(records, id, 1, ProtocolStatus.REQUEST_COMPLETE);
        }
        return records.flip();
    }

    // --- how far it is ---

    /// Called with the sink's turn, before the piece leaves. After END the id may be begun again.
    void leaves(RecordSink.Piece piece) {
        switch (piece) {
            case ERRORS -> errorsSent = true;
            case OUTPUT -> outputSent = true;
            case END -> {
                ended = true;
                connection.forget(this);
            }
        }
    }

    /// Whether a part of the response has left, so that no other response can take its place.
    boolean isOutputSent() {
        return outputSent;
    }

    /// Whether STDERR has begun, and wants an end.
    boolean areErrorsSent() {
        return errorsSent;
    }

    /// Whether END_REQUEST is on its way: nothing may follow it.
    boolean isEnded() {
        return ended;
    }

    /// Whether the web server has given it up.
    boolean isAborted() {
        return aborted;
    }

    /// Whether nobody waits for its response any more.
    boolean isGivenUp() {
        return aborted || expired;
    }

    /// Whether the web server has given it up or is gone.
    boolean isLost() {
        return aborted || connection.isClosed();
    }

    void throwIfAborted() throws RequestAbortedException {
        if (ended || isGivenUp()) {
            throw new RequestAbortedException("the request has ended");
        }
    }
}
