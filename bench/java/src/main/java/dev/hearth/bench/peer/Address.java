package dev.hearth.bench.peer;

import dev.hearth.bench.load.Target;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/// Where a server listens, as it is written on command lines: `unix:/path` or `127.0.0.1:port`.
public record Address(String text) {

    private static final String UNIX = "unix:";

    public static Address unix(Path socket) {
        return new Address(UNIX + socket);
    }

    /// A port of the loopback that nobody listens on now.
    public static Address freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Address("127.0.0.1:" + free.getLocalPort());
        }
    }

    /// The path of a unix socket, or host and port: what programs take that know one kind only.
    public String bare() {
        return text.startsWith(UNIX) ? text.substring(UNIX.length()) : text;
    }

    public int port() {
        return Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
    }

    public Target target(Target.Protocol protocol, boolean keep) {
        return Target.parse(text, protocol, keep);
    }

    @Override
    public String toString() {
        return text;
    }
}
