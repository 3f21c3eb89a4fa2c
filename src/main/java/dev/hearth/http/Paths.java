package dev.hearth.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The one rule for the path of a request, so that routes, access rules and logs see one and the same path.
///
/// A path is absolute and at most [#MAX_LENGTH] characters as sent. It is percent-decoded exactly once and read
/// as UTF-8. What two readers could understand differently is refused with 400 instead of mended: dot segments,
/// empty segments (`//`), an encoded slash, control characters, a percent sign without two hexadecimal digits,
/// bytes that are not UTF-8. All else is kept as it is: `;x=y` is part of its segment, a backslash is a
/// letter, `/a` and `/a/` differ, case counts, and `%252e` becomes the four letters `%2e` and stays so.
///
/// Characters from U+0080 to U+00FF stand for bytes, as a gateway that reads ISO-8859-1 hands them over.
public final class Paths {

    /// Longer paths are refused with 414.
    public static final int MAX_LENGTH = 8_192;

    private Paths() {}

    /// The path of a request target as it stood in the request line, without the query.
    ///
    /// @throws RefusedException with 400, or 414 where it is too long
    public static String fromRaw(String rawPath) {
        return read(rawPath, true);
    }

    /// A path that the front server has decoded, such as PATH_INFO: the same rule, and a percent sign is a
    /// letter.
    ///
    /// @throws RefusedException with 400, or 414 where it is too long
    public static String fromDecoded(String path) {
        return read(path, false);
    }

    private static String read(String sent, boolean percentEncoded) {
        int length = sent.length();
        if (length > MAX_LENGTH) {
            throw Problem.of(
                            414,
                            "uri-too-long",
                            "The path may have at most %d characters.".formatted(MAX_LENGTH))
                    .refuse();
        }
        if (length == 0 || sent.charAt(0) != '/') {
            throw bad("It must begin with a slash.");
        }
        boolean plain = true;
        for (int i = 0; i < length && plain; i++) {
            char c = sent.charAt(i);
            plain = c < 0x80 && (c != '%' || !percentEncoded);
        }
        String path = plain ? sent : decode(sent, percentEncoded);
        requireOneMeaning(path);
        return path;
    }

    private static String decode(String sent, boolean percentEncoded) {
        ByteBuffer bytes = ByteBuffer.allocate(sent.length());
        for (int i = 0; i < sent.length(); i++) {
            char c = sent.charAt(i);
            if (c == '%' && percentEncoded) {
                int octet = PercentEncoding.octetAt(sent, i + 1, sent.length());
                if (octet < 0) {
                    throw bad("A percent sign needs two hexadecimal digits behind it.");
                }
                if (octet == '/') {
                    throw bad("A slash inside a segment (%2F) is not possible.");
                }
                bytes.put((byte) octet);
                i += 2;
            } else if (c <= 0xff) {
                bytes.put((byte) c);
            } else {
                throw bad("Characters beyond ASCII must be percent-encoded.");
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException malformed) {
            throw bad("The decoded bytes are not UTF-8.");
        }
    }

    private static void requireOneMeaning(String path) {
        int segment = 1; // where the present segment began
        int length = path.length();
        for (int i = 1; i <= length; i++) {
            char c = i < length ? path.charAt(i) : '/';
            if (c < 0x20 || c == 0x7f) {
                throw bad("It must not hold control characters.");
            }
            if (c != '/') {
                continue;
            }
            if (i == segment && i < length) {
                throw bad("It must not hold empty segments (//).");
            }
            if (isDots(path, segment, i)) {
                throw bad("It must not hold the segments . and .. (send the path they lead to).");
            }
            segment = i + 1;
        }
    }

    private static boolean isDots(String path, int start, int end) {
        int length = end - start;
        return (length == 1 || length == 2)
                && path.charAt(start) == '.'
                && path.charAt(end - 1) == '.';
    }

    private static RefusedException bad(String detail) {
        return Problem.of(400, "bad-path", "The path cannot be read. " + detail).refuse();
    }
}
