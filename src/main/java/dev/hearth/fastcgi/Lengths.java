package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.NameValuePairs;

/// Reads the lengths that a request announces (RFC 3875 section 4.1.2): digits or nothing.
final class Lengths {

    /// Not a length: signs, blanks, other digits than ASCII's, more than a `long` holds.
    static final long MALFORMED = Long.MIN_VALUE;

    /// No length was sent.
    static final long UNKNOWN = -1;

    private static final int MAX_DIGITS = 18; // all of which fit a long

    private Lengths() {}

    /// The length that was sent under this name. Two different ones are malformed: front server and handler would take
    /// different bytes for the body.
    static long parse(NameValuePairs params, String name) {
        int last = params.find(name);
        long length = last < 0 ? UNKNOWN : valueOf(params, last);
        int first = last < 0 ? last : params.findFirst(name);
        return first == last || agree(valueOf(params, first), length) ? length : MALFORMED;
    }

    private static boolean agree(long one, long other) {
        return one == other || one == UNKNOWN || other == UNKNOWN;
    }

    private static long valueOf(NameValuePairs params, int found) {
        int digits = params.valueLength(found);
        if (digits == 0) {
            return UNKNOWN;
        }
        if (digits > MAX_DIGITS) {
            return MALFORMED;
        }
        long length = 0;
        for (int i = 0; i < digits; i++) {
            int digit = params.valueByte(found, i) - '0';
            if (digit < 0 || digit > 9) {
                return MALFORMED;
            }
            length = 10 * length + digit;
        }
        return length;
    }
}
