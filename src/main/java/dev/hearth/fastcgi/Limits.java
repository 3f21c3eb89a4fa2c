package dev.hearth.fastcgi;

import java.time.Duration;
import java.util.function.Consumer;

/// What a server lets its peers use, and for how long. Each limit has an answer; none drops a connection
/// without a word, except where the peer no longer listens. No time is longer than [#LONGEST_TIME].
///
/// @param connections open connections at once; further ones wait in the kernel's backlog. Told to web servers as
///     FCGI_MAX_CONNS
/// @param requestsAtOnce requests in handlers at once, each with its thread. Told as FCGI_MAX_REQS
/// @param requestsWaiting requests that may wait for one of those; further ones are answered as `overload` says
/// @param overload how a request too many is answered
/// @param multiplexing whether a connection may carry several requests at once (FCGI_MPXS_CONNS); if not, the second is
///     refused with CANT_MPX_CONN
/// @param paramsBytes bytes of name-value pairs of a request; more is answered with 431
/// @param params name-value pairs of a request; more is answered with 431
/// @param bodyBytes bytes of a body; more is answered with 413, before it is read where its length is announced
/// @param bodyInMemory bytes of a body held in memory until the handler reads them; more goes to a temporary file
/// @param bodyOnDisk bytes of a body held in that file; with more unread, the connection is not read
/// @param idleTimeout how long a connection without a request stays open. Keep it above the web server's own, or a
///     request may meet a closing connection
/// @param headerTimeout how long the name-value pairs may take, from BEGIN_REQUEST on: then 408
/// @param bodyTimeout how long a handler waits for the next byte of a body: then [BodyTimeoutException]
/// @param writeTimeout how long a web server may take none of a response: then the connection is closed
/// @param requestTimeout how long a request may take in all: then its handler is interrupted and the client gets 503.
///     Zero: any time
/// @param loops selectors that wait for connections; 0: one per two processors. More help only where handlers are
///     quick and processors many
public record Limits(
        int connections,
        int requestsAtOnce,
        int requestsWaiting,
        Overload overload,
        boolean multiplexing,
        int paramsBytes,
        int params,
        long bodyBytes,
        int bodyInMemory,
        long bodyOnDisk,
        Duration idleTimeout,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration writeTimeout,
        Duration requestTimeout,
        int loops) {

    /// A hundred years: what is compared in nanoseconds has an end, after which it would begin anew.
    public static final Duration LONGEST_TIME = Duration.ofDays(36_500);

    /// What a server does with a request when [#requestsAtOnce] run and [#requestsWaiting] wait.
    public enum Overload {
        /// A response 503 with Retry-After: a client that keeps the protocol waits.
        HTTP_503,
        /// END_REQUEST with OVERLOADED (FastCGI 1.0 section 5.5); some web servers turn it into 502.
        FCGI_OVERLOADED
    }

    /// 10,000 connections; 256 requests at once and 1,024 waiting; 256 KiB of pairs; 1 GiB of body; 5 minutes
    /// idle, 30 s for each step, no limit on the whole.
    public static final Limits DEFAULT =
            new Limits(
                    10_000,
                    256,
                    1_024,
                    Overload.HTTP_503,
                    true,
                    256 * 1024,
                    4_096,
                    1L << 30,
                    256 * 1024,
                    64L << 20,
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ZERO,
                    0);

    /// @throws IllegalArgumentException naming the limit that is too small or too long
    public Limits {
        requireAtLeast(1, connections, "connections");
        requireAtLeast(1, requestsAtOnce, "requestsAtOnce");
        requireAtLeast(0, requestsWaiting, "requestsWaiting");
        requireAtLeast(1_024, paramsBytes, "paramsBytes");
        requireAtLeast(16, params, "params");
        requireAtLeast(0, bodyBytes, "bodyBytes");
        requireAtLeast(1_024, bodyInMemory, "bodyInMemory");
        requireAtLeast(0, bodyOnDisk, "bodyOnDisk");
        requirePositive(idleTimeout, "idleTimeout");
        requirePositive(headerTimeout, "headerTimeout");
        requirePositive(bodyTimeout, "bodyTimeout");
        requirePositive(writeTimeout, "writeTimeout");
        if (requestTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "requestTimeout must not be negative, was " + requestTimeout);
        }
        requireNotTooLong(requestTimeout, "requestTimeout");
        requireAtLeast(0, loops, "loops");
    }

    private static void requireAtLeast(long least, long value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "%s must be at least %d, was %d".formatted(name, least, value));
        }
    }

    private static void requirePositive(Duration value, String name) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(
                    "%s must be positive, was %s".formatted(name, value));
        }
        requireNotTooLong(value, name);
    }

    private static void requireNotTooLong(Duration value, String name) {
        if (value.compareTo(LONGEST_TIME) > 0) {
            throw new IllegalArgumentException(
                    "%s must be at most %s, was %s".formatted(name, LONGEST_TIME, value));
        }
    }

    /// These limits, some of them changed.
    ///
    /// {@snippet lang=java :
    /// Limits small = Limits.DEFAULT.with(limits -> limits.requestsAtOnce = 8);
    /// }
    public Limits with(Consumer<Changes> change) {
        Changes changes = new Changes(this);
        change.accept(changes);
        return changes.toLimits();
    }

    /// The limits while they are being changed: see [Limits] for each.
    public static final class Changes {
        public int connections;
        public int requestsAtOnce;
        public int requestsWaiting;
        public Overload overload;
        public boolean multiplexing;
        public int paramsBytes;
        public int params;
        public long bodyBytes;
        public int bodyInMemory;
        public long bodyOnDisk;
        public Duration idleTimeout;
        public Duration headerTimeout;
        public Duration bodyTimeout;
        public Duration writeTimeout;
        public Duration requestTimeout;
        public int loops;

        private Changes(Limits from) {
            connections = from.connections;
            requestsAtOnce = from.requestsAtOnce;
            requestsWaiting = from.requestsWaiting;
            overload = from.overload;
            multiplexing = from.multiplexing;
            paramsBytes = from.paramsBytes;
            params = from.params;
            bodyBytes = from.bodyBytes;
            bodyInMemory = from.bodyInMemory;
            bodyOnDisk = from.bodyOnDisk;
            idleTimeout = from.idleTimeout;
            headerTimeout = from.headerTimeout;
            bodyTimeout = from.bodyTimeout;
            writeTimeout = from.writeTimeout;
            requestTimeout = from.requestTimeout;
            loops = from.loops;
        }

        private Limits toLimits() {
            return new Limits(
                    connections,
                    requestsAtOnce,
                    requestsWaiting,
                    overload,
                    multiplexing,
                    paramsBytes,
                    params,
                    bodyBytes,
                    bodyInMemory,
                    bodyOnDisk,
                    idleTimeout,
                    headerTimeout,
                    bodyTimeout,
                    writeTimeout,
                    requestTimeout,
                    loops);
        }
    }
}
