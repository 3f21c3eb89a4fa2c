package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.FastCgiRecord.AbortRequest;
import dev.hearth.fastcgi.wire.FastCgiRecord.BeginRequest;
import dev.hearth.fastcgi.wire.FastCgiRecord.Data;
import dev.hearth.fastcgi.wire.FastCgiRecord.GetValues;
import dev.hearth.fastcgi.wire.FastCgiRecord.Incomplete;
import dev.hearth.fastcgi.wire.FastCgiRecord.Params;
import dev.hearth.fastcgi.wire.FastCgiRecord.Stdin;
import dev.hearth.fastcgi.wire.FastCgiRecord.UnknownManagement;
import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.ProtocolException;
import dev.hearth.fastcgi.wire.ProtocolStatus;
import dev.hearth.fastcgi.wire.RecordDecoder;
import dev.hearth.fastcgi.wire.RecordEncoder;
import dev.hearth.fastcgi.wire.Role;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns the records that arrive over one connection into its requests, and answers management records.
///
/// Used by the thread that runs the connection's [Loop] only; nothing here blocks.
final class Intake {
    // Content for requests that have ended is passed over, but not for ever.
    private static final long MAX_IGNORED_BYTES = 64L << 20;

    private final Connection connection;
    private final FastCgiServer server;
    private final ActiveRequests active;
    private final RecordDecoder decoder = new RecordDecoder();
    private @Nullable Incoming fed; // whose handler is to be told that its body has grown
    private long ignoredBytes; // since the last BEGIN_REQUEST

    Intake(Connection connection, ActiveRequests active) {
        this.connection = connection;
        this.server = connection.server();
        this.active = active;
    }

    /// Whether a record has begun and not ended.
    boolean isInsideRecord() {
        return decoder.isInsideRecord();
    }

    /// Acts on all that has arrived. Bodies grow, but their handlers are told by [#announce].
    ///
    /// @throws ProtocolException if it is not FastCGI 1.0: close the connection
    void take(ByteBuffer input) throws ProtocolException {
        while (!connection.isClosed()) {
            switch (decoder.next(input)) {
                case Incomplete _ -> {
                    return;
                }
                case BeginRequest(int id, int role, boolean keep) -> begin(id, role, keep);
                case AbortRequest(int id) -> abort(id);
                case Params(int id, ByteBuffer content) -> params(id, content);
                case Stdin(int id, ByteBuffer content) -> stdin(id, content);
                case Data(int id, ByteBuffer content) -> data(id, content);
                case GetValues(ByteBuffer content) -> getValues(content);
                case UnknownManagement(int type) -> unknownManagement(type);
            }
        }
    }

    private void begin(int id, int roleCode, boolean keep) throws ProtocolException {
        if (active.get(id) != null) {
            throw new ProtocolException("BEGIN_REQUEST for id %d, which is active".formatted(id));
        }
        ignoredBytes = 0;
        Optional<Role> role = Role.fromCode(roleCode);
        Exchange exchange = new Exchange(connection, id, role.orElse(Role.RESPONDER), keep);
        int concurrent = active.size();
        if (concurrent > 0) {
            connection.expectSeveral();
        }
        if (role.isEmpty() || !server.handler().serves(role.get())) {
            exchange.end(ProtocolStatus.UNKNOWN_ROLE, 0);
        } else if (concurrent > 0 && !server.limits().multiplexing()) {
            exchange.end(ProtocolStatus.CANT_MPX_CONN, 0);
        } else if (concurrent
                > (long) server.limits().requestsAtOnce() + server.limits().requestsWaiting()) {
            exchange.end(ProtocolStatus.OVERLOADED, 0);
        } else {
            server.counters().begun();
            active.add(exchange);
        }
    }

    private void abort(int id) {
        Exchange exchange = active.get(id);
        if (exchange != null) {
            server.counters().aborted();
            exchange.abort("the web server has given the request up", true);
        }
    }

    private void params(int id, ByteBuffer content) {
        Exchange exchange = active.get(id);
        if (exchange == null || exchange.isGivenUp() || exchange.incoming().paramsEnded()) {
            ignore(content.remaining());
        } else if (content.hasRemaining()) {
            if (!exchange.incoming().addParams(content)) {
                exchange.refuse(Refusal.PARAMS_TOO_LARGE);
            }
        } else {
            Refusal refusal = exchange.endParams();
            if (refusal == null) {
                connection.loop().ready(exchange);
            } else {
                exchange.refuse(refusal);
            }
        }
    }

    private void stdin(int id, ByteBuffer content) throws ProtocolException {
        Exchange exchange = active.get(id);
        if (exchange == null || exchange.isGivenUp()) {
            ignore(content.remaining());
            return;
        }
        requireParamsEnded(exchange, "STDIN");
        feeds(exchange.incoming());
        if (!exchange.incoming().feedStdin(content)) {
            connection.pauseReading(exchange);
        }
    }

    private void data(int id, ByteBuffer content) throws ProtocolException {
        Exchange exchange = active.get(id);
        if (exchange == null || exchange.isGivenUp()) {
            ignore(content.remaining());
            return;
        }
        requireParamsEnded(exchange, "DATA");
        feeds(exchange.incoming());
        if (!exchange.incoming().feedData(content)) {
            connection.pauseReading(exchange);
        }
    }

    private void feeds(Incoming incoming) {
        if (incoming != fed) {
            announce();
            fed = incoming;
        }
    }

    /// Tells handlers of what has arrived of their bodies since the last time.
    void announce() {
        Incoming grown = fed;
        if (grown != null) {
            fed = null;
            grown.announce();
        }
    }

    // Sections 6.2 and 6.4: the variables come first. To drop the bytes would make another body of
    // it.
    private static void requireParamsEnded(Exchange exchange, String type)
            throws ProtocolException {
        if (!exchange.incoming().paramsEnded()) {
            throw new ProtocolException(
                    "%s of request %d before the end of its PARAMS".formatted(type, exchange.id()));
        }
    }

    private void getValues(ByteBuffer content) throws ProtocolException {
        byte[] asked = new byte[content.remaining()];
        content.get(asked);
        NameValuePairs names = NameValuePairs.decodeAny(asked, asked.length, asked.length);
        connection.expectSeveral();
        connection.sink().post(null, RecordEncoder.getValuesResult(server.values(names)), false);
    }

    private void unknownManagement(int type) {
        connection.sink().post(null, RecordEncoder.unknownType(type), false);
    }

    /// Counts what is passed over; too much of it ends the connection.
    void ignore(int bytes) {
        ignoredBytes += bytes;
        if (ignoredBytes > MAX_IGNORED_BYTES) {
            connection.atFault("went on sending a request that had ended");
        }
    }
}
