package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.ProtocolException;
import dev.hearth.fastcgi.wire.ProtocolStatus;
import dev.hearth.fastcgi.wire.RecordEncoder;
import dev.hearth.fastcgi.wire.Role;
import dev.hearth.fastcgi.wire.TooManyPairsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One request from BEGIN_REQUEST to END_REQUEST.
///
/// Three threads meet here: the one that reads the connection gathers the pairs and feeds the body, the
/// request's own runs the handler, the [Ticker] ends what takes too long.
final class Exchange implements FastCgiRequest, Worker.Job {
    private static final System.Logger log = System.getLogger(FastCgiServer.class.getName());

    private final Connection connection;
    private final FastCgiServer server;
    private final int id;
    private final Role role;
    private final boolean keepConnection;
    private final long begunAt = System.nanoTime();

    // Owned by the thread that reads the connection, until the handler runs.
    private byte[] paramBytes = new byte[0];
    private int paramLength;
    private boolean paramsEnded;
    private NameValuePairs params = NameValuePairs.EMPTY;
    private long contentLength;
    private int pathHash;
    private @Nullable BodyPipe stdin;
    private @Nullable BodyPipe data;

    // Owned by the request's thread.
    private @Nullable ResponseStream stdout;
    private @Nullable ErrorStream stderr;
    private boolean leaving; // told to the admission

    private final Object gate = new Object();
    private @Nullable Thread thread; // guarded by gate: the handler's, while it may be interrupted
    private volatile boolean aborted;
    private volatile boolean expired; // the whole request took too long
    private volatile boolean sent; // set under the sink's turn
    private volatile boolean ended; // END_REQUEST is on its way; set under the sink's turn

    Exchange(Connection connection, int id, Role role, boolean keepConnection) {
        this.connection = connection;
        this.server = connection.server();
        this.id = id;
        this.role = role;
        this.keepConnection = keepConnection;
    }

    // --- the reading side ---

    /// Takes a piece of the pairs. Returns false where they grow past the limit.
    boolean addParams(ByteBuffer content) {
        int length = content.remaining();
        if (paramLength + length > server.limits().paramsBytes()) {
            paramBytes = new byte[0];
            return false;
        }
        if (paramLength + length > paramBytes.length) {
            // The first piece is mostly the only one, so it gets an array of just its size.
            int capacity =
                    paramLength == 0 ? length : Math.max(paramLength + length, 2 * paramLength);
            paramBytes = Arrays.copyOf(paramBytes, capacity);
        }
        content.get(paramBytes, paramLength, length);
        paramLength += length;
        return true;
    }

    /// Reads the pairs, now that they are whole.
    ///
    /// @return why the request cannot be served, or null where it can
    @Nullable Refusal endParams() {
        paramsEnded = true;
        Limits limits = server.limits();
        try {
            params = NameValuePairs.decode(paramBytes, paramLength, limits.params());
        } catch (TooManyPairsException tooMany) {
            return Refusal.PARAMS_TOO_LARGE;
        } catch (ProtocolException malformed) {
            log.log(Level.INFO, "request {0} from {1}: {2}", id, peer(), malformed.getMessage());
            return Refusal.BAD_PARAMS;
        }
        long length = role == Role.AUTHORIZER ? 0 : Lengths.parse(params, "CONTENT_LENGTH");
        if (length == Lengths.MALFORMED) {
            return Refusal.BAD_LENGTH;
        }
        if (length > limits.bodyBytes()) {
            return Refusal.BODY_TOO_LARGE;
        }
        contentLength = length;
        pathHash = SlowPaths.hash(params);
        stdin = new BodyPipe(length, limits, connection::resumeReading);
        if (role == Role.FILTER) {
            long fileLength = Lengths.parse(params, "FCGI_DATA_LENGTH");
            if (fileLength == Lengths.MALFORMED) {
                return Refusal.BAD_LENGTH;
            }
            data = new BodyPipe(fileLength, limits, connection::resumeReading);
        }
        return null;
    }

    boolean paramsEnded() {
        return paramsEnded;
    }

    /// Takes a piece of the body. Returns false when enough is held: see [BodyPipe#feed].
    boolean feedStdin(ByteBuffer content) {
        BodyPipe pipe = stdin;
        return pipe == null || pipe.feed(content);
    }

    /// Takes a piece of the Filter's file.
    boolean feedData(ByteBuffer content) {
        BodyPipe pipe = data;
        return pipe == null || pipe.feed(content);
    }

    /// Whether a stream of this request holds all that it may.
    boolean isFull() {
        BodyPipe body = stdin;
        BodyPipe file = data;
        return (body != null && body.isFull()) || (file != null && file.isFull());
    }

    /// Whether the web server has sent all that it will send of this request.
    boolean isFullyReceived() {
        BodyPipe body = stdin;
        BodyPipe file = data;
        return role == Role.AUTHORIZER
                ? paramsEnded
                : body != null && body.isEnded() && (file == null || file.isEnded());
    }

    /// The web server gives the request up, or is gone: its handler is told, and its end is sent for it.
    void abort(String why, boolean answer) {
        aborted = true; // from here on the handler sends nothing
        if (answer) {
            end(ProtocolStatus.REQUEST_COMPLETE, 1);
        }
        stop(why);
    }

    private void stop(String why) {
        failBodies(new RequestAbortedException(why));
        synchronized (gate) {
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    private void failBodies(IOException why) {
        BodyPipe body = stdin;
        if (body != null) {
            body.fail(why);
        }
        BodyPipe file = data;
        if (file != null) {
            file.fail(why);
        }
    }

    /// Ends the request without its handler, with a protocol status.
    void end(ProtocolStatus status, int applicationStatus) {
        ByteBuffer record = ByteBuffer.allocate(RecordEncoder.END_REQUEST_BYTES);
        RecordEncoder.endRequest(record, id, applicationStatus, status);
        connection.sink().post(this, record.flip(), true);
    }

    /// Ends the request without its handler, with a response of the server's own.
    void refuse(Refusal refusal) {
        server.counters().refused(refusal);
        connection.sink().post(this, refusal.records(id), true);
    }

    // --- the Ticker's side ---

    long begunAt() {
        return begunAt;
    }

    /// The whole request took too long.
    void expire() {
        if (expired) {
            return;
        }
        expired = true;
        refuse(Refusal.TOO_SLOW);
        stop("the request took longer than " + server.limits().requestTimeout());
    }

    // --- the request's own thread ---

    /// Whether the handler should give its thread's loop away before it starts: it will wait for its body,
    /// or its path has been slow before.
    boolean mayBlock() {
        BodyPipe body = stdin;
        return (body != null && contentLength != 0 && !body.isComplete())
                || role == Role.FILTER
                || server.slowPaths().isSlow(pathHash);
    }

    /// Runs the handler, having been admitted: see [Admission].
    @Override
    public void runOn(Worker worker) {
        try {
            if (enter(worker)) {
                handle(worker);
            }
        } catch (
                Throwable
                        broken) { // such as no memory for a buffer: neither thread nor loop may die
            // of it
            log.log(Level.ERROR, "request " + id + " could not be handled", broken);
            connection.close("failed");
        } finally {
            server.admission().leave(leaving);
        }
    }

    private boolean enter(Worker worker) {
        synchronized (gate) {
            if (aborted || expired) {
                return false;
            }
            thread = worker;
            return true;
        }
    }

    private void handle(Worker worker) {
        long start = System.nanoTime();
        ErrorStream errors = new ErrorStream(this);
        ResponseStream response = new ResponseStream(this, worker.responseBuffer());
        stderr = errors;
        stdout = response;
        try {
            serve(response, errors);
        } finally {
            synchronized (gate) {
                thread = null;
            }
            Thread.interrupted(); // an abort that came too late must not hit the next request
            discardBodies();
            server.slowPaths().record(pathHash, System.nanoTime() - start);
        }
        if (!ended && !aborted && !expired) {
            end(ProtocolStatus.REQUEST_COMPLETE, 1); // one end for every request, whatever failed
        }
    }

    private void serve(ResponseStream response, ErrorStream errors) {
        try {
            int status = server.handler().handle(this);
            Thread.interrupted();
            response.finish(status, errors.isSent());
        } catch (Throwable failure) { // also errors: the thread and the other requests must live on
            fail(failure, response, errors);
        }
    }

    private void fail(Throwable failure, ResponseStream response, ErrorStream errors) {
        Refusal answer = answerTo(failure);
        boolean lost = aborted || expired || failure instanceof RequestAbortedException;
        if (answer == Refusal.FAILED && !lost) {
            server.counters().failed();
            log.log(Level.ERROR, "the handler of request " + id + " failed", failure);
        }
        if (ended || aborted) {
            return;
        }
        try {
            Thread.interrupted();
            if (response.isSent()) {
                response.cut(errors.isSent());
            } else {
                response.reset();
                response.write(answer.response());
                response.finish(1, errors.isSent());
            }
        } catch (IOException unsendable) {
            // The web server is gone as well: its connection is closed, and the failure is logged
            // above.
            log.log(
                    Level.DEBUG,
                    "the end of request {0} could not be sent: {1}",
                    id,
                    unsendable.getMessage());
        }
    }

    private static Refusal answerTo(Throwable failure) {
        return switch (failure) {
            case BodyCutException _ -> Refusal.BODY_CUT;
            case BodyTimeoutException _ -> Refusal.TIMEOUT;
            case BodyTooLargeException _ -> Refusal.BODY_TOO_LARGE;
            default -> Refusal.FAILED;
        };
    }

    private void discardBodies() {
        BodyPipe body = stdin;
        if (body != null) {
            body.discard();
        }
        BodyPipe file = data;
        if (file != null) {
            file.discard();
        }
    }

    /// What ends this request although its response has begun and has no end, so that nobody takes it for
    /// whole. The connection is closed behind it; where that alone must tell, there are no records.
    ByteBuffer cutRecords() {
        connection.closeWhenIdle();
        WebServer server = WebServer.of(params);
        ByteBuffer records = ByteBuffer.allocate(2 * RecordEncoder.END_REQUEST_BYTES);
        if (server == WebServer.NGINX) {
            records.put(RecordEncoder.unknownType(0)); // it refuses this, and with it the response
        }
        // A connection that other requests share must not end for one of them.
        if (server.showsCutByClosing() && connection.carriesOnly(this)) {
            connection.cut();
        } else {
            RecordEncoder.endRequest(records, id, 1, ProtocolStatus.REQUEST_COMPLETE);
        }
        return records.flip();
    }

    /// Called before the first record of the response leaves, where that is not the whole response.
    void awaitBodyBeforeResponse() throws IOException {
        BodyPipe body = stdin;
        if (body != null && !body.isComplete() && WebServer.of(params).sendsBodyBeforeResponse()) {
            body.awaitHeld();
        }
    }

    /// Sends records of this request; see [RecordSink#send].
    void send(ByteBuffer records, boolean ends) throws IOException {
        throwIfAborted();
        if (role == Role.FILTER) {
            awaitStdinEnd();
        }
        if (ends && !leaving) {
            leaving = true;
            server.admission().leaving();
        }
        connection.sink().send(this, records, ends);
    }

    /// Called with the sink's turn, before any record of the response leaves.
    void markSent() {
        sent = true;
    }

    /// Whether a record of the response has left, so that no other response can take its place.
    boolean isSent() {
        return sent;
    }

    // A Filter may not answer before it has all of STDIN (section 6.4).
    private void awaitStdinEnd() throws IOException {
        BodyPipe body = stdin;
        if (body != null) {
            body.awaitEnd();
        }
    }

    boolean keepConnection() {
        return keepConnection;
    }

    boolean isEnded() {
        return ended;
    }

    /// Called with the sink's turn, just before END_REQUEST leaves: from here on the id may be begun again.
    void markEnded() {
        ended = true;
        connection.forget(this);
    }

    void throwIfAborted() throws RequestAbortedException {
        if (aborted || expired || ended) {
            throw new RequestAbortedException("the request has ended");
        }
    }

    // --- what the handler sees ---

    @Override
    public int id() {
        return id;
    }

    @Override
    public Role role() {
        return role;
    }

    @Override
    public NameValuePairs params() {
        return params;
    }

    @Override
    public long contentLength() {
        return contentLength;
    }

    @Override
    public InputStream stdin() {
        BodyPipe body = stdin;
        return body == null || role == Role.AUTHORIZER ? InputStream.nullInputStream() : body;
    }

    @Override
    public InputStream data() {
        BodyPipe file = data;
        return file == null ? InputStream.nullInputStream() : file;
    }

    @Override
    public ResponseStream stdout() {
        ResponseStream response = stdout;
        if (response == null) {
            throw new IllegalStateException("the handler does not run yet");
        }
        return response;
    }

    @Override
    public OutputStream stderr() {
        ErrorStream errors = stderr;
        if (errors == null) {
            throw new IllegalStateException("the handler does not run yet");
        }
        return errors;
    }

    @Override
    public boolean isAborted() {
        return aborted || connection.isClosed();
    }

    @Override
    public String peer() {
        return connection.peer();
    }

    @Override
    public void end(int applicationStatus) throws IOException {
        ErrorStream errors = stderr;
        stdout().finish(applicationStatus, errors != null && errors.isSent());
        Worker.releaseLoop(); // what follows may take its time
    }
}
