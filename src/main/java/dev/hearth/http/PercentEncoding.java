package dev.hearth.http;

/// The hexadecimal digits behind a percent sign (RFC 3986 section 2.1).
final class PercentEncoding {
    private PercentEncoding() {}

    /// The octet that the two digits at `start` stand for, or -1 where there are no two before `end`.
    static int octetAt(String text, int start, int end) {
        if (start + 1 >= end) {
            return -1;
        }
        int high = digit(text.charAt(start));
        int low = digit(text.charAt(start + 1));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /// Not `Character.digit`, which also takes full-width and other digits.
    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
