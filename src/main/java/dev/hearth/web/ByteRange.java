package dev.hearth.web;

import java.util.Optional;

/// The bytes from `first` to `last`, both of them included (RFC 9110 section 14.1.2).
record ByteRange(long first, long last) {

    long length() {
        return last - first + 1;
    }

    /// As Content-Range says it.
    String of(long length) {
        return "bytes " + first + "-" + last + "/" + length;
    }

    /// Whether the text is a range by its form: `0-99`, `100-`, `-100`.
    static boolean isOne(String spec) {
        int dash = spec.indexOf('-');
        return dash >= 0 && isNumber(spec.substring(0, dash)) && isNumber(spec.substring(dash + 1));
    }

    private static boolean isNumber(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// The part of so many bytes that a range asks for, or nothing where it has none of them.
    static Optional<ByteRange> parse(String spec, long length) {
        int dash = spec.indexOf('-');
        String first = spec.substring(0, dash);
        String last = spec.substring(dash + 1);
        if (first.isEmpty()) {
            long suffix = last.isEmpty() ? 0 : number(last);
            return suffix == 0 || length == 0
                    ? Optional.empty()
                    : Optional.of(new ByteRange(Math.max(0, length - suffix), length - 1));
        }
        long from = number(first);
        long to = last.isEmpty() ? length - 1 : Math.min(number(last), length - 1);
        return from > to ? Optional.empty() : Optional.of(new ByteRange(from, to));
    }

    /// Digits; more than fit mean: beyond any end.
    private static long number(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }
}
