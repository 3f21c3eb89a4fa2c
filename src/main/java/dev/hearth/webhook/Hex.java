package dev.hearth.webhook;

import java.util.Optional;

/// Hexadecimal codes as senders write them.
final class Hex {
    private Hex() {}

    /// Exactly `bytes` bytes in lower-case digits; nothing where the text is anything else. One way of
    /// writing a code means that one signature is one text.
    static Optional<byte[]> parseLowerCase(String text, int bytes) {
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
}
