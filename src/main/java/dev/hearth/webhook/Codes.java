package dev.hearth.webhook;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// Signatures and keys as senders write them: each way accepts one spelling of a code only, so that one
/// signature is one text.
final class Codes {
    private Codes() {}

    /// Exactly `bytes` bytes in lower-case hexadecimal digits.
    static Optional<byte[]> lowerCaseHex(String text, int bytes) {
        if (text.length() != 2 * bytes) {
            return Optional.empty();
        }
        byte[] parsed = new byte[bytes];
        for (int i = 0; i < text.length(); i++) {
            int digit = digit(text.charAt(i));
            if (digit < 0) {
                return Optional.empty();
            }
            parsed[i / 2] = (byte) (parsed[i / 2] << 4 | digit);
        }
        return Optional.of(parsed);
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    /// Exactly `bytes` bytes in padded base64.
    static Optional<byte[]> base64(String text, int bytes) {
        if (text.length() != (bytes + 2) / 3 * 4) {
            return Optional.empty();
        }
        try {
            byte[] parsed = Base64.getDecoder().decode(text);
            boolean canonical =
                    parsed.length == bytes
                            && Base64.getEncoder().encodeToString(parsed).equals(text);
            return canonical ? Optional.of(parsed) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /// A key in base64.
    ///
    /// @throws IllegalArgumentException if it is none; the message does not hold it
    static byte[] base64Key(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("the secret is not base64", null);
        }
    }

    /// A key in hexadecimal digits of either case.
    ///
    /// @throws IllegalArgumentException if it is none; the message does not hold it
    static byte[] hexKey(String text) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException notHex) {
            throw new IllegalArgumentException("the secret is not hexadecimal", null);
        }
    }
}
