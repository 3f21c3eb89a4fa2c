package dev.hearth.fronts;

import dev.hearth.fastcgi.FastCgiHandler;
import dev.hearth.fastcgi.FastCgiServer;
import dev.hearth.fastcgi.Limits;
import dev.hearth.fastcgi.ListenAddress;
import dev.hearth.fastcgi.Listener;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/// The engine in this process, for fronts that connect to a socket.
record Backend(Listener listener, FastCgiServer server) implements AutoCloseable {

    /// On a unix socket in the folder that any user may connect to: a front server drops its rights.
    static Backend onUnix(Path folder, FastCgiHandler handler) throws IOException {
        ListenAddress address =
                new ListenAddress.Unix(
                        folder.resolve("hearth.sock"),
                        PosixFilePermissions.fromString("rw-rw-rw-"),
                        Optional.empty());
        return on(address, handler);
    }

    /// On a free port of loopback.
    static Backend onTcp(FastCgiHandler handler) throws IOException {
        return on(ListenAddress.parse("127.0.0.1:0"), handler);
    }

    private static Backend on(ListenAddress address, FastCgiHandler handler) throws IOException {
        Listener listener = address.open();
        return new Backend(
                listener,
                FastCgiServer.start(List.of(listener.channel()), handler, Limits.DEFAULT));
    }

    /// The path of the unix socket.
    Path socket() {
        return ((ListenAddress.Unix) listener.address()).path();
    }

    int tcpPort() {
        return listener.channel().socket().getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        listener.close();
    }
}
