package dev.hearth.gateway;

import dev.hearth.fastcgi.SlowPaths;
import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.LogText;
import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.slf4j.LoggerFactory;

/// Takes a request from Jetty to the application and its answer back, on one thread.
final class HttpExchange extends org.eclipse.jetty.server.Handler.Abstract {
    private final Handler application;
    private final HttpLimits limits;
    private final Lookout lookout;
    private final SlowPaths slowPaths = new SlowPaths();
    private final Semaphore requests;
    private final Map<org.eclipse.jetty.server.Request, UnderWay> underWay =
            new ConcurrentHashMap<>();
    private volatile long idleMillis; // of connections, once the server is about to stop

    /// A request under way, where it came from (a connection of HTTP/2 carries several), and the thread that handles it.
    private static final class UnderWay {
        final EndPoint connection;
        private final Thread thread = Thread.currentThread();
        private boolean ended; // guarded by this

        UnderWay(EndPoint connection) {
            this.connection = connection;
        }

        synchronized void interrupt() {
            if (!ended) {
                thread.interrupt();
            }
        }

        /// After this the thread is another's, and so would be an interrupt.
        synchronized void end() {
            ended = true;
            Thread.interrupted();
        }
    }

    HttpExchange(Handler application, HttpLimits limits, Lookout lookout) {
        this.application = application;
        this.limits = limits;
        this.lookout = lookout;
        this.requests = new Semaphore(limits.requestsAtOnce(), true);
    }

    @Override
    public boolean handle(
            org.eclipse.jetty.server.Request wire,
            org.eclipse.jetty.server.Response out,
            Callback callback)
            throws InterruptedException {
        EndPoint connection = wire.getConnectionMetaData().getConnection().getEndPoint();
        UnderWay begun = new UnderWay(connection);
        underWay.put(wire, begun);
        try {
            keep(connection); // the server may be about to stop
            foretold(wire, out, callback);
        } finally {
            begun.end();
            underWay.remove(wire);
            if (idleMillis > 0) { // its answer may have said that the connection is kept
                endSoon(connection);
            }
        }
        return true;
    }

    /// Has connections end when they are idle for so long, those on which a request is under way after its end.
    void endSoon(Iterable<EndPoint> connections, long idleMillis) {
        this.idleMillis = idleMillis;
        connections.forEach(this::endSoon);
    }

    private void endSoon(EndPoint connection) {
        if (!isUsed(connection)) {
            connection.setIdleTimeout(idleMillis);
            if (isUsed(connection)) { // begun this very moment
                keep(connection);
            }
        }
    }

    private boolean isUsed(EndPoint connection) {
        return underWay.values().stream().anyMatch(each -> each.connection.equals(connection));
    }

    /// Waits until no request is under way, for so long at most.
    ///
    /// @return whether none is
    boolean drain(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (!underWay.isEmpty() && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return underWay.isEmpty();
    }

    /// Interrupts the requests under way, whose handlers then may answer 503.
    ///
    /// @return what was asked for, for the log
    List<String> interrupt() {
        List<String> names = new ArrayList<>();
        underWay.forEach((wire, each) -> {
            names.add(
                    wire.getMethod()
                            + " "
                            + LogText.escape(String.valueOf(wire.getHttpURI().getPath())));
            each.interrupt();
        });
        return names;
    }

    private void keep(EndPoint connection) {
        connection.setIdleTimeout(limits.idleTime().toMillis());
    }

    /// Waits for connections with another thread where the last requests of the kind took long.
    private void foretold(
            org.eclipse.jetty.server.Request wire,
            org.eclipse.jetty.server.Response out,
            Callback callback)
            throws InterruptedException {
        String path = wire.getHttpURI().getPath();
        int place = SlowPaths.place(wire.getMethod(), path == null ? "" : path);
        if (slowPaths.isSlow(place)) {
            lookout.relieve();
        }
        long start = System.nanoTime();
        try {
            exchange(wire, out, callback);
        } finally {
            slowPaths.record(place, System.nanoTime() - start);
        }
    }

    private void exchange(
            org.eclipse.jetty.server.Request wire,
            org.eclipse.jetty.server.Response out,
            Callback callback)
            throws InterruptedException {
        LimitedBody body = new LimitedBody(wire, limits.bodyBytes(), lookout);
        HttpAnswer answer = new HttpAnswer(wire, out, lookout);
        boolean admitted = admit();
        try {
            Response response = admitted ? respond(wire, body, answer) : busy(answer);
            body.drain();
            if (!response.afterwards().isEmpty()) {
                lookout.relieve();
                afterwards(response);
            }
            callback.succeeded();
        } catch (IOException lost) {
            finish(lost, answer, callback);
        } finally {
            if (admitted) {
                requests.release();
            }
        }
    }

    private boolean admit() throws InterruptedException {
        if (requests.tryAcquire(0, TimeUnit.NANOSECONDS)) { // in turn, unlike tryAcquire()
            return true;
        }
        lookout.relieve();
        return requests.tryAcquire(limits.queueTime().toNanos(), TimeUnit.NANOSECONDS);
    }

    private Response respond(
            org.eclipse.jetty.server.Request wire, LimitedBody body, HttpAnswer answer)
            throws IOException {
        Request request;
        try {
            if (isForTheServerItself(wire)) {
                return answer.send(Response.status(204));
            }
            request = new Request(new HttpSource(wire, body, limits.trustedProxies()));
            body.requireWithinLimit(body.announced());
        } catch (RefusedException refused) {
            return answer.send(refused.toResponse());
        }
        Response response = Errors.answer(application, request);
        Thread.interrupted(); // heard; the answer has to leave
        try {
            return answer.send(response);
        } catch (RuntimeException bug) {
            // The response's own writer failed. What is out cannot be taken back, only cut.
            Response sorry = Errors.bug(request, bug);
            if (answer.isCommitted()) {
                throw new IOException("the response was cut: its writer failed", bug);
            }
            return answer.send(sorry);
        }
    }

    /// `OPTIONS *` asks whether the server lives (RFC 9110 section 9.3.7).
    private static boolean isForTheServerItself(org.eclipse.jetty.server.Request wire) {
        return wire.getMethod().equals("OPTIONS") && "*".equals(wire.getHttpURI().getPath());
    }

    private static Response busy(HttpAnswer answer) throws IOException {
        return answer.send(
                Problem.of(503, "busy", "The server is busy. Try again.")
                        .refuse("Retry-After", "1")
                        .toResponse());
    }

    private static void finish(IOException lost, HttpAnswer answer, Callback callback) {
        if (isTimeout(lost) && !answer.isCommitted()) {
            try {
                Problem late = Problem.of(408, "request-timeout", "The body came too slowly.");
                answer.send(late.toResponse());
            } catch (IOException alsoLost) {
                lost.addSuppressed(alsoLost);
            }
        }
        callback.failed(lost);
    }

    private static boolean isTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }

    private static void afterwards(Response response) {
        for (Runnable task : response.afterwards()) {
            try {
                task.run();
            } catch (RuntimeException bug) {
                LoggerFactory.getLogger(HttpGateway.class)
                        .error("a task after the response failed", bug);
            }
        }
    }
}
