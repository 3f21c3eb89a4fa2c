package dev.hearth.fastcgi.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;

/// Writes what an application says to the web server. All records end on 8-byte boundaries, padded with
/// zeros (FastCGI 1.0 section 3.3).
public final class RecordEncoder {

    /// Bytes of a record's header.
    public static final int HEADER_BYTES = 8;

    /// Bytes of a whole END_REQUEST record.
    public static final int END_REQUEST_BYTES = 16;

    /// The longest content that still ends on an 8-byte boundary without padding. A record is never longer:
    /// a length of 65,535 with padding overflows 16 bits in some front servers.
    public static final int MAX_CONTENT = 65_528;

    /// The byte that every record begins with.
    public static final byte VERSION = 1;

    private RecordEncoder() {}

    /// How many bytes of padding content of this length gets: 0 to 7.
    public static int padding(int contentLength) {
        return -contentLength & 7;
    }

    /// Puts a header at the buffer's position.
    public static void header(
            ByteBuffer out, RecordType type, int requestId, int contentLength, int padding) {
        out.putLong(headerBits(type, requestId, contentLength, padding));
    }

    /// Puts a header at an index, without moving the position.
    public static void headerAt(
            ByteBuffer out,
            int at,
            RecordType type,
            int requestId,
            int contentLength,
            int padding) {
        out.putLong(at, headerBits(type, requestId, contentLength, padding));
    }

    private static long headerBits(RecordType type, int requestId, int contentLength, int padding) {
        if (contentLength < 0 || contentLength > 0xffff || padding < 0 || padding > 0xff) {
            throw new IllegalArgumentException(
                    "content of %d bytes with %d of padding does not fit a record"
                            .formatted(contentLength, padding));
        }
        return (long) VERSION << 56
                | (long) type.code() << 48
                | (long) (requestId & 0xffff) << 32
                | (long) contentLength << 16
                | (long) padding << 8;
    }

    /// Puts the zeros behind content of this length.
    public static void pad(ByteBuffer out, int contentLength) {
        for (int i = padding(contentLength); i > 0; i--) {
            out.put((byte) 0);
        }
    }

    /// Puts the empty record that ends a stream.
    public static void endOfStream(ByteBuffer out, RecordType stream, int requestId) {
        header(out, stream, requestId, 0, 0);
    }

    /// Puts END_REQUEST (section 5.5).
    public static void endRequest(
            ByteBuffer out, int requestId, int applicationStatus, ProtocolStatus protocolStatus) {
        header(out, RecordType.END_REQUEST, requestId, 8, 0);
        out.putInt(applicationStatus);
        out.putInt(protocolStatus.code() << 24);
    }

    /// UNKNOWN_TYPE, as the answer to a management record of that type (section 4.2).
    public static ByteBuffer unknownType(int type) {
        ByteBuffer out = ByteBuffer.allocate(2 * HEADER_BYTES);
        header(out, RecordType.UNKNOWN_TYPE, 0, 8, 0);
        out.put((byte) type).position(out.capacity());
        return out.flip();
    }

    /// GET_VALUES_RESULT with these values (section 4.1). There is no padding inside: some front servers
    /// want the pairs to fill the content exactly.
    public static ByteBuffer getValuesResult(Map<String, String> values) {
        ByteArrayOutputStream pairs = new ByteArrayOutputStream();
        values.forEach((name, value) -> NameValuePairs.encode(pairs, name, value));
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + pairs.size() + padding(pairs.size()));
        header(out, RecordType.GET_VALUES_RESULT, 0, pairs.size(), padding(pairs.size()));
        out.put(pairs.toByteArray());
        pad(out, pairs.size());
        return out.flip();
    }
}
