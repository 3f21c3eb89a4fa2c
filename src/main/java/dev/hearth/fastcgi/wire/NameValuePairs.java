package dev.hearth.fastcgi.wire;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The name-value pairs of a complete stream, as laid out in FastCGI 1.0 section 3.4. Immutable.
///
/// {@snippet lang=java :
/// NameValuePairs params = NameValuePairs.decode(stream, stream.length, 1_000);
/// String method = params.getOrEmpty("REQUEST_METHOD");
/// }
///
/// Bytes stay bytes until they are asked for; as text they are ISO-8859-1, so that each byte is one
/// character and none is lost. A name sent twice has its last value: front servers let a later setting
/// replace an earlier one.
public final class NameValuePairs {

    /// No pairs.
    public static final NameValuePairs EMPTY = new NameValuePairs(new byte[0], new int[0], 0);

    private static final int FIELDS =
            3; // of each pair in the index: offset, name length, value length
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final byte[] bytes;
    private final int[] index;
    private final int size;

    private NameValuePairs(byte[] bytes, int[] index, int size) {
        this.bytes = bytes;
        this.index = index;
        this.size = size;
    }

    /// Decodes the first `length` bytes of an array, which must not change afterwards.
    ///
    /// @throws TooManyPairsException if there are more than `maxPairs` pairs
    /// @throws ProtocolException if a length reaches past the end, or a byte of a name or value is NUL (section 6.1 allows none, and a NUL hides the rest of a value
    ///     from whatever is written in C)
    public static NameValuePairs decode(byte[] bytes, int length, int maxPairs)
            throws ProtocolException {
        NameValuePairs pairs = decodeAny(bytes, length, maxPairs);
        for (int i = 0; i < pairs.size; i++) {
            int from = pairs.index[FIELDS * i];
            requireNoNul(
                    bytes, from, from + pairs.index[FIELDS * i + 1] + pairs.index[FIELDS * i + 2]);
        }
        return pairs;
    }

    /// Decodes pairs of any bytes, NUL included: the names of a question (section 4.1), of which those that mean
    /// nothing are passed over.
    ///
    /// @throws TooManyPairsException if there are more than `maxPairs` pairs
    /// @throws ProtocolException if a length reaches past the end
    public static NameValuePairs decodeAny(byte[] bytes, int length, int maxPairs)
            throws ProtocolException {
        int[] index = new int[FIELDS * 32];
        int size = 0;
        int position = 0;
        while (position < length) {
            long name = lengthAt(bytes, position, length, "name");
            position += encodedSize(bytes[position]);
            if (position >= length) {
                throw new ProtocolException("pairs end before the length of a value");
            }
            long value = lengthAt(bytes, position, length, "value");
            position += encodedSize(bytes[position]);
            if (name + value > length - position) {
                throw new ProtocolException(
                        "pairs end inside a pair: %d bytes wanted, %d left"
                                .formatted(name + value, length - position));
            }
            if (size == maxPairs) {
                throw new TooManyPairsException(maxPairs);
            }
            if (FIELDS * size == index.length) {
                index = Arrays.copyOf(index, 2 * index.length);
            }
            index[FIELDS * size] = position;
            index[FIELDS * size + 1] = (int) name;
            index[FIELDS * size + 2] = (int) value;
            position += (int) (name + value);
            size++;
        }
        return new NameValuePairs(bytes, index, size);
    }

    private static int encodedSize(byte first) {
        return first < 0 ? 4 : 1;
    }

    private static long lengthAt(byte[] bytes, int position, int end, String what)
            throws ProtocolException {
        byte first = bytes[position];
        if (first >= 0) {
            return first;
        }
        if (end - position < 4) {
            throw new ProtocolException(
                    "pairs end inside the length of a %s: 4 bytes wanted, %d left"
                            .formatted(what, end - position));
        }
        return (long) (first & 0x7f) << 24
                | (bytes[position + 1] & 0xff) << 16
                | (bytes[position + 2] & 0xff) << 8
                | (bytes[position + 3] & 0xff);
    }

    private static void requireNoNul(byte[] bytes, int from, int to) throws ProtocolException {
        int i = from;
        // Eight bytes at a time: this runs over every byte of every request.
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long word = (long) LONGS.get(bytes, i);
            if (((word - 0x0101010101010101L) & ~word & 0x8080808080808080L) != 0) {
                throw new ProtocolException("NUL in a name or value");
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == 0) {
                throw new ProtocolException("NUL in a name or value");
            }
        }
    }

    /// How many pairs were sent, those with the same name included.
    public int size() {
        return size;
    }

    /// The name of pair `i`, counted from 0.
    public String name(int i) {
        return new String(
                bytes, index[FIELDS * i], index[FIELDS * i + 1], StandardCharsets.ISO_8859_1);
    }

    /// Whether the name of pair `i` begins so, without the case of ASCII letters.
    public boolean nameStartsWith(int i, String beginning) {
        return index[FIELDS * i + 1] >= beginning.length()
                && sameName(index[FIELDS * i], beginning);
    }

    /// The value of pair `i`, counted from 0.
    public String value(int i) {
        return new String(
                bytes,
                index[FIELDS * i] + index[FIELDS * i + 1],
                index[FIELDS * i + 2],
                StandardCharsets.ISO_8859_1);
    }

    /// The bytes of the value of pair `i`, counted from 0.
    public byte[] valueBytes(int i) {
        int from = index[FIELDS * i] + index[FIELDS * i + 1];
        return Arrays.copyOfRange(bytes, from, from + index[FIELDS * i + 2]);
    }

    /// The length of the value of pair `i`, in bytes.
    public int valueLength(int i) {
        return index[FIELDS * i + 2];
    }

    /// Byte `at` of the value of pair `i`.
    public byte valueByte(int i, int at) {
        return bytes[index[FIELDS * i] + index[FIELDS * i + 1] + at];
    }

    /// Where the name's value is, or -1: the last pair of that name. Names compare without the case of ASCII
    /// letters (RFC 3875 section 4.1).
    public int find(String name) {
        int length = name.length();
        for (int i = size - 1; i >= 0; i--) {
            if (index[FIELDS * i + 1] == length && sameName(index[FIELDS * i], name)) {
                return i;
            }
        }
        return -1;
    }

    /// Where the first pair of that name is, or -1.
    public int findFirst(String name) {
        int length = name.length();
        for (int i = 0; i < size; i++) {
            if (index[FIELDS * i + 1] == length && sameName(index[FIELDS * i], name)) {
                return i;
            }
        }
        return -1;
    }

    private boolean sameName(int offset, String name) {
        // From the end: the names of one request mostly begin alike.
        for (int k = name.length() - 1; k >= 0; k--) {
            int difference = (bytes[offset + k] & 0xff) ^ name.charAt(k);
            if (difference != 0 && !(difference == 0x20 && isLetter(name.charAt(k)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    /// The value of a name.
    public Optional<String> get(String name) {
        int found = find(name);
        return found < 0 ? Optional.empty() : Optional.of(value(found));
    }

    /// The value of a name, empty where it was not sent: CGI makes no difference (RFC 3875 section 4.1).
    public String getOrEmpty(String name) {
        int found = find(name);
        return found < 0 ? "" : value(found);
    }

    /// All pairs, each name once, in the order sent.
    public Map<String, String> toMap() {
        Map<String, String> map = LinkedHashMap.newLinkedHashMap(size);
        for (int i = 0; i < size; i++) {
            map.put(name(i), value(i));
        }
        return map;
    }

    /// Appends one pair to a stream. Lengths up to 127 take one byte, others four.
    public static void encode(ByteArrayOutputStream out, String name, String value) {
        byte[] nameBytes = name.getBytes(StandardCharsets.ISO_8859_1);
        byte[] valueBytes = value.getBytes(StandardCharsets.ISO_8859_1);
        encodeLength(out, nameBytes.length);
        encodeLength(out, valueBytes.length);
        out.writeBytes(nameBytes);
        out.writeBytes(valueBytes);
    }

    private static void encodeLength(ByteArrayOutputStream out, int length) {
        if (length > 127) {
            out.write(length >>> 24 | 0x80);
            out.write(length >>> 16);
            out.write(length >>> 8);
        }
        out.write(length);
    }

    /// Names only: values may hold credentials.
    @Override
    public String toString() {
        return "NameValuePairs" + toMap().keySet();
    }
}
