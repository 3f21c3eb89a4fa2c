package dev.hearth.http;

import java.net.InetAddress;
import java.util.Arrays;

/// An IP address or a block of them, such as `127.0.0.1`, `10.0.0.0/8` or `2001:db8::/32`.
public final class AddressRange {
    private final String text;
    private final byte[] network;
    private final int prefixLength;

    private AddressRange(String text, byte[] network, int prefixLength) {
        this.text = text;
        this.network = network;
        this.prefixLength = prefixLength;
    }

    /// Reads a literal address with an optional prefix length. Names are never looked up.
    ///
    /// @throws IllegalArgumentException if it is neither, or has bits set behind its prefix
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] network = literal(slash < 0 ? text : text.substring(0, slash), text);
        int bits = network.length * 8;
        int prefixLength = slash < 0 ? bits : prefixLength(text.substring(slash + 1), bits, text);
        AddressRange range = new AddressRange(text, network, prefixLength);
        for (int bit = prefixLength; bit < bits; bit++) {
            if ((network[bit / 8] & 0x80 >> bit % 8) != 0) {
                throw new IllegalArgumentException(
                        "the address range \"%s\" has bits set behind its prefix".formatted(text));
            }
        }
        return range;
    }

    private static byte[] literal(String address, String text) {
        try {
            return InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException notLiteral) {
            throw new IllegalArgumentException(
                    "wanted an IP address or a range such as 10.0.0.0/8, was \"%s\""
                            .formatted(text),
                    notLiteral);
        }
    }

    private static int prefixLength(String digits, int bits, String text) {
        boolean number = digits.matches("[0-9]{1,3}");
        int length = number ? Integer.parseInt(digits) : -1;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException(
                    "the prefix length of \"%s\" must be 0 to %d".formatted(text, bits));
        }
        return length;
    }

    /// Whether an address is inside. What is no literal address (`unix:`) is not.
    public boolean contains(String address) {
        byte[] other;
        try {
            other = InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException notLiteral) {
            return false;
        }
        if (other.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            if (((other[bit / 8] ^ network[bit / 8]) & 0x80 >> bit % 8) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressRange range
                && prefixLength == range.prefixLength
                && Arrays.equals(network, range.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefixLength;
    }

    @Override
    public String toString() {
        return text;
    }
}
