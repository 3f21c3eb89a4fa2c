package dev.hearth.http;

/// Text from outside as it may stand in a log line.
public final class LogText {
    private LogText() {}

    /// The text with control characters, line separators, quotes and backslashes written as `\\uXXXX`: it can
    /// neither begin a line of its own nor drive a terminal, nor end the quotes around it (T20).
    public static String escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return escapeFrom(text, i);
            }
        }
        return text;
    }

    private static String escapeFrom(String text, int first) {
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                escaped.append(c);
            } else {
                escaped.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    escaped.append(Character.forDigit(c >> shift & 0xf, 16));
                }
            }
        }
        return escaped.toString();
    }

    private static boolean isPlain(char c) {
        if (c < 0x7f) {
            return c >= 0x20 && c != '"' && c != '\\';
        }
        // C1 controls, line separators, and the marks that turn the direction of what follows
        return c >= 0xa0
                && c != 0x2028
                && c != 0x2029
                && !(c >= 0x202a && c <= 0x202e)
                && !(c >= 0x2066 && c <= 0x2069)
                && !Character.isSurrogate(c);
    }
}
