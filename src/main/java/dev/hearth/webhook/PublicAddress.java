package dev.hearth.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// Keeps our own network out of reach of whoever may name a URL to us (SSRF).
///
/// The name is resolved once and the connection made to the address that was looked at, so that a name
/// server cannot answer one thing to the check and another to the connection.
final class PublicAddress {
    private PublicAddress() {}

    /// A range of addresses that are not of the public Internet (IANA special-purpose registries).
    @SuppressWarnings("ArrayRecordComponent") // a literal of ours, compared by nobody
    private record Range(byte[] network, int bits) {
        static Range of(String literal, int bits) {
            try {
                return new Range(InetAddress.getByName(literal).getAddress(), bits);
            } catch (UnknownHostException impossible) {
                throw new IllegalStateException(literal + " is a literal", impossible);
            }
        }

        boolean contains(byte[] address) {
            if (address.length != network.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if (((address[bit >> 3] ^ network[bit >> 3]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final Range[] SPECIAL = {
        Range.of("0.0.0.0", 8),
        Range.of("10.0.0.0", 8),
        Range.of("100.64.0.0", 10),
        Range.of("127.0.0.0", 8),
        Range.of("169.254.0.0", 16),
        Range.of("172.16.0.0", 12),
        Range.of("192.0.0.0", 24),
        Range.of("192.0.2.0", 24),
        Range.of("192.168.0.0", 16),
        Range.of("198.18.0.0", 15),
        Range.of("198.51.100.0", 24),
        Range.of("203.0.113.0", 24),
        Range.of("224.0.0.0", 3),
        Range.of("2001::", 23),
        Range.of("2001:db8::", 32),
        Range.of("3fff::", 20),
    };

    /// All of IPv6 that has been given out; what lies outside is special, or not for anyone yet.
    private static final Range GLOBAL_UNICAST = Range.of("2000::", 3);

    private static final Range NAT64 = Range.of("64:ff9b::", 96);
    private static final Range SIX_TO_FOUR = Range.of("2002::", 16);

    /// The address to connect to.
    ///
    /// @throws UnknownHostException if there is none, or any address of the name is not public
    static InetAddress resolve(String host, boolean allowPrivate) throws UnknownHostException {
        InetAddress[] all = InetAddress.getAllByName(host);
        for (InetAddress address : all) {
            if (!allowPrivate && !isPublic(address)) {
                throw new UnknownHostException(
                        "the host has the address %s, which is not public"
                                .formatted(address.getHostAddress()));
            }
        }
        return all[0];
    }

    /// Whether the address is one of the public Internet, also behind a translation from IPv6 to IPv4.
    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (Arrays.stream(SPECIAL).anyMatch(range -> range.contains(bytes))) {
            return false;
        }
        if (address instanceof Inet4Address) {
            return true;
        }
        if (NAT64.contains(bytes)) {
            return isPublicV4(bytes, 12);
        }
        return GLOBAL_UNICAST.contains(bytes)
                && (!SIX_TO_FOUR.contains(bytes) || isPublicV4(bytes, 2));
    }

    private static boolean isPublicV4(byte[] bytes, int from) {
        byte[] inner = Arrays.copyOfRange(bytes, from, from + 4);
        return Arrays.stream(SPECIAL).noneMatch(range -> range.contains(inner));
    }
}
