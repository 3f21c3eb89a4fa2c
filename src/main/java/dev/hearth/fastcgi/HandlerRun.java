package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;

/// One run of the handler: what it sees of its request, and what becomes of its failure.
final class HandlerRun implements FastCgiRequest {
    private static final System.Logger log = EngineLog.get();

    private final Exchange exchange;
    private final Incoming incoming;
    private final ResponseStream stdout;
    private final ErrorStream stderr;

    /// Owned by the request's thread, like everything here.
    HandlerRun(Exchange exchange, Worker worker) {
        this.exchange = exchange;
        this.incoming = exchange.incoming();
        this.stdout = new ResponseStream(exchange, worker.responseBuffer());
        this.stderr = new ErrorStream(exchange);
    }

    /// Calls the handler and ends the request, whatever the handler did.
    void serve(FastCgiServer server) {
        try {
            int status = server.handler().handle(this);
            Thread.interrupted();
            stdout.finish(status, stderr.isSent());
        } catch (Throwable failure) { // also errors: the thread and the other requests must live on
            fail(failure, server);
        }
    }

    private void fail(Throwable failure, FastCgiServer server) {
        Refusal answer = answerTo(failure);
        boolean lost = exchange.isGivenUp() || failure instanceof RequestAbortedException;
        if (answer == Refusal.FAILED && !lost) {
            server.counters().failed();
            log.log(Level.ERROR, "the handler of " + exchange + " failed", failure);
        }
        if (exchange.isEnded() || exchange.isAborted()) {
            return;
        }
        if (answer != Refusal.FAILED && !lost) {
            exchange.tell(answer);
        }
        try {
            Thread.interrupted();
            if (stdout.isSent()) {
                stdout.cut(stderr.isSent());
            } else {
                stdout.reset();
                stdout.write(answer.response());
                stdout.finish(1, stderr.isSent());
            }
        } catch (IOException unsendable) {
            // The web server is gone as well: its connection is closed, and the failure is logged
            // above.
            log.log(
                    Level.DEBUG,
                    "the end of request {0} could not be sent: {1}",
                    id(),
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

    // --- what the handler sees ---

    @Override
    public int id() {
        return exchange.id();
    }

    @Override
    public Role role() {
        return exchange.role();
    }

    @Override
    public NameValuePairs params() {
        return incoming.params();
    }

    @Override
    public long contentLength() {
        return incoming.contentLength();
    }

    @Override
    public InputStream stdin() {
        return incoming.stdin();
    }

    @Override
    public InputStream data() {
        return incoming.data();
    }

    @Override
    public ResponseStream stdout() {
        return stdout;
    }

    @Override
    public OutputStream stderr() {
        return stderr;
    }

    @Override
    public boolean isAborted() {
        return exchange.isLost();
    }

    @Override
    public String peer() {
        return exchange.peer();
    }

    @Override
    public void end(int applicationStatus) throws IOException {
        stdout.finish(applicationStatus, stderr.isSent());
        Worker.releaseLoop(); // what follows may take its time
    }
}
