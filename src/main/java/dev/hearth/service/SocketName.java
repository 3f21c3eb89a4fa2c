package dev.hearth.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where a passed socket is bound. Its channel does not know: see [Adoption].
public final class SocketName {
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private SocketName() {}

    /// The address of the socket with this file descriptor; nothing where it has none that a path or a host and port
    /// could tell.
    public static Optional<SocketAddress> of(int fd) throws IOException {
        return parse(LinuxCalls.address(fd));
    }

    /// Reads a `struct sockaddr`: the family in the machine's byte order, then what that family has.
    static Optional<SocketAddress> parse(byte[] address) throws UnknownHostException {
        ByteBuffer fields = ByteBuffer.wrap(address);
        int family = fields.order(ByteOrder.nativeOrder()).getShort();
        fields.order(ByteOrder.BIG_ENDIAN);
        return switch (family) {
            case AF_UNIX -> path(fields);
            case AF_INET -> Optional.of(inet(fields, 4, 4));
            case AF_INET6 -> Optional.of(inet(fields, 16, 8)); // behind the flow
            default -> Optional.empty();
        };
    }

    private static Optional<SocketAddress> path(ByteBuffer fields) {
        byte[] bytes = new byte[fields.remaining()];
        fields.get(bytes);
        String path = new String(bytes, StandardCharsets.UTF_8);
        int end = path.indexOf(0); // at once, where the name is abstract
        String whole = end < 0 ? path : path.substring(0, end);
        return whole.isEmpty() ? Optional.empty() : Optional.of(UnixDomainSocketAddress.of(whole));
    }

    private static InetSocketAddress inet(ByteBuffer fields, int hostBytes, int hostAt)
            throws UnknownHostException {
        int port = Short.toUnsignedInt(fields.getShort());
        byte[] host = new byte[hostBytes];
        fields.get(hostAt, host);
        return new InetSocketAddress(InetAddress.getByAddress(host), port);
    }
}
