package dev.hearth.fastcgi.wire;

import dev.hearth.fastcgi.wire.FastCgiRecord.AbortRequest;
import dev.hearth.fastcgi.wire.FastCgiRecord.BeginRequest;
import dev.hearth.fastcgi.wire.FastCgiRecord.Data;
import dev.hearth.fastcgi.wire.FastCgiRecord.GetValues;
import dev.hearth.fastcgi.wire.FastCgiRecord.Params;
import dev.hearth.fastcgi.wire.FastCgiRecord.Stdin;
import dev.hearth.fastcgi.wire.FastCgiRecord.UnknownManagement;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the records of one connection from buffers that may cut them anywhere.
///
/// {@snippet lang=java :
/// channel.read(buffer.clear());
/// buffer.flip();
/// for (FastCgiRecord next; (next = decoder.next(buffer)) != FastCgiRecord.INCOMPLETE; ) {
///     act(next);
/// }
/// }
///
/// Every call takes all it can from the buffer: nothing need be kept between reads. What is not for an
/// application (types that only applications send, unknown types of a request) is passed over, as are
/// padding and reserved bytes. Not for two threads at once.
public final class RecordDecoder {
    private static final int BEGIN_BODY_BYTES = 8;
    private static final int KEEP_CONN = 1;

    private enum Phase {
        HEADER,
        BEGIN_BODY,
        STREAM,
        GET_VALUES,
        SKIPPED
    }

    private Phase phase = Phase.HEADER;
    // Eight bytes that are being gathered: a header, or the body of BEGIN_REQUEST.
    private long gathered;
    private int gatheredBytes;
    private RecordType streamType = RecordType.STDIN;
    private int requestId;
    private int contentLeft;
    private int paddingLeft;
    private @Nullable ByteArrayOutputStream values;

    /// The next record, or piece of one, in the buffer from its position on; [FastCgiRecord#INCOMPLETE]
    /// once all is taken.
    ///
    /// @throws ProtocolException if the bytes are not FastCGI 1.0: close the connection
    public FastCgiRecord next(ByteBuffer in) throws ProtocolException {
        while (in.hasRemaining()) {
            FastCgiRecord complete =
                    switch (phase) {
                        case HEADER -> header(in);
                        case BEGIN_BODY -> beginBody(in);
                        case STREAM -> stream(in);
                        case GET_VALUES -> getValues(in);
                        case SKIPPED -> skip(in);
                    };
            if (complete != null) {
                return complete;
            }
        }
        return FastCgiRecord.INCOMPLETE;
    }

    /// Whether a record has begun and not ended.
    public boolean isInsideRecord() {
        return phase != Phase.HEADER || gatheredBytes > 0;
    }

    private boolean gather(ByteBuffer in) {
        if (gatheredBytes == 0 && in.remaining() >= Long.BYTES) {
            gathered = in.getLong();
            return true;
        }
        while (in.hasRemaining() && gatheredBytes < Long.BYTES) {
            gathered = gathered << 8 | (in.get() & 0xff);
            gatheredBytes++;
        }
        if (gatheredBytes < Long.BYTES) {
            return false;
        }
        gatheredBytes = 0;
        return true;
    }

    private @Nullable FastCgiRecord header(ByteBuffer in) throws ProtocolException {
        if (!gather(in)) {
            return null;
        }
        int version = (int) (gathered >>> 56);
        if (version != 1) {
            throw new ProtocolException(
                    "record of version %d, wanted 1%s".formatted(version, likeness(version)));
        }
        int code = (int) (gathered >>> 48) & 0xff;
        requestId = (int) (gathered >>> 32) & 0xffff;
        contentLeft = (int) (gathered >>> 16) & 0xffff;
        paddingLeft = (int) (gathered >>> 8) & 0xff;
        return switch (code) {
            // The codes of RecordType that a web server sends; a switch on numbers, since this is
            // the hottest line of the decoder.
            case 1 -> beginHeader();
            case 2 -> abort();
            case 4 -> streamHeader(RecordType.PARAMS);
            case 5 -> streamHeader(RecordType.STDIN);
            case 8 -> streamHeader(RecordType.DATA);
            case 9 -> getValuesHeader();
            default -> other(code);
        };
    }

    /// What the first byte of another protocol looks like: the usual mistake where both sides are set up.
    private static String likeness(int firstByte) {
        if (firstByte == 0x16) {
            return "; it looks like TLS";
        }
        boolean isMethod = firstByte >= 'A' && firstByte <= 'Z';
        return isMethod ? "; it looks like HTTP" : "";
    }

    private @Nullable FastCgiRecord beginHeader() throws ProtocolException {
        requireRequestId("BEGIN_REQUEST");
        if (contentLeft != BEGIN_BODY_BYTES) {
            throw new ProtocolException(
                    "BEGIN_REQUEST of %d bytes, wanted %d"
                            .formatted(contentLeft, BEGIN_BODY_BYTES));
        }
        phase = Phase.BEGIN_BODY;
        return null;
    }

    private @Nullable FastCgiRecord beginBody(ByteBuffer in) {
        if (!gather(in)) {
            return null;
        }
        contentLeft = 0;
        skipRest();
        int role = (int) (gathered >>> 48);
        int flags = (int) (gathered >>> 40) & 0xff;
        return new BeginRequest(requestId, role, (flags & KEEP_CONN) != 0);
    }

    private FastCgiRecord abort() throws ProtocolException {
        requireRequestId("ABORT_REQUEST");
        skipRest();
        return new AbortRequest(requestId);
    }

    private @Nullable FastCgiRecord streamHeader(RecordType type) throws ProtocolException {
        requireRequestId(type.name());
        streamType = type;
        if (contentLeft > 0) {
            phase = Phase.STREAM;
            return null;
        }
        skipRest();
        return piece(ByteBuffer.allocate(0));
    }

    private FastCgiRecord stream(ByteBuffer in) {
        int length = Math.min(contentLeft, in.remaining());
        ByteBuffer content = in.slice(in.position(), length);
        in.position(in.position() + length);
        contentLeft -= length;
        if (contentLeft == 0) {
            skipRest();
        }
        return piece(content);
    }

    private FastCgiRecord piece(ByteBuffer content) {
        return switch (streamType) {
            case PARAMS -> new Params(requestId, content);
            case DATA -> new Data(requestId, content);
            default -> new Stdin(requestId, content);
        };
    }

    private @Nullable FastCgiRecord getValuesHeader() {
        if (requestId != 0) {
            return skipped(); // not a management record, and no type of a request either
        }
        if (contentLeft == 0) {
            skipRest();
            return new GetValues(ByteBuffer.allocate(0));
        }
        values = new ByteArrayOutputStream(); // grows with what comes, not with what is announced
        phase = Phase.GET_VALUES;
        return null;
    }

    private @Nullable FastCgiRecord getValues(ByteBuffer in) {
        ByteArrayOutputStream gathering = values;
        if (gathering == null) {
            throw new IllegalStateException("no GET_VALUES has begun");
        }
        int length = Math.min(contentLeft, in.remaining());
        byte[] piece = new byte[length];
        in.get(piece);
        gathering.writeBytes(piece);
        contentLeft -= length;
        if (contentLeft > 0) {
            return null;
        }
        values = null;
        skipRest();
        return new GetValues(ByteBuffer.wrap(gathering.toByteArray()));
    }

    private @Nullable FastCgiRecord other(int code) {
        Optional<RecordType> known = RecordType.fromCode(code);
        if (requestId == 0 && known.isEmpty()) {
            skipRest();
            return new UnknownManagement(code);
        }
        return skipped();
    }

    private @Nullable FastCgiRecord skipped() {
        skipRest();
        return null;
    }

    private void skipRest() {
        phase = contentLeft + paddingLeft > 0 ? Phase.SKIPPED : Phase.HEADER;
    }

    private @Nullable FastCgiRecord skip(ByteBuffer in) {
        int length = Math.min(contentLeft + paddingLeft, in.remaining());
        in.position(in.position() + length);
        int fromContent = Math.min(contentLeft, length);
        contentLeft -= fromContent;
        paddingLeft -= length - fromContent;
        skipRest();
        return null;
    }

    private void requireRequestId(String type) throws ProtocolException {
        if (requestId == 0) {
            throw new ProtocolException(type + " with request id 0, wanted 1 to 65535");
        }
    }
}
