package dev.hearth.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

/// Where to connect, what is spoken there, and whether a connection carries one request or many.
public record Target(SocketAddress address, Protocol protocol, boolean keep) {

    public enum Protocol {
        FASTCGI,
        HTTP
    }

    /// Reads `unix:/run/app.sock` or `127.0.0.1:9000`.
    public static Target parse(String address, Protocol protocol, boolean keep) {
        if (address.startsWith("unix:")) {
            return new Target(UnixDomainSocketAddress.of(address.substring(5)), protocol, keep);
        }
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "an address is unix:PATH or HOST:PORT, was '" + address + "'");
        }
        return new Target(
                new InetSocketAddress(
                        address.substring(0, colon),
                        Integer.parseInt(address.substring(colon + 1))),
                protocol,
                keep);
    }

    Reply reply() {
        return switch (protocol) {
            case FASTCGI -> new FastCgiReply();
            case HTTP -> new HttpReply();
        };
    }

    /// A connected channel in blocking mode.
    SocketChannel connect() throws IOException {
        if (address instanceof UnixDomainSocketAddress) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(address);
            return channel;
        }
        SocketChannel channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }
}
