package dev.hearth.fastcgi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A server on a socket of its own, and connections to it.
final class TestServer implements AutoCloseable {

    /// What a web server connects over.
    enum Transport {
        UNIX,
        TCP
    }

    private final Path folder;
    private final Listener listener;
    private final FastCgiServer server;

    private TestServer(Transport transport, FastCgiHandler handler, Limits limits, PeerPolicy peers)
            throws IOException {
        this.folder = Files.createTempDirectory("hearth");
        String address =
                switch (transport) {
                    case UNIX -> "unix:" + folder.resolve("s.sock");
                    case TCP -> "127.0.0.1:0";
                };
        this.listener = ListenAddress.parse(address).open();
        this.server = FastCgiServer.start(List.of(listener.channel()), handler, limits, peers);
    }

    static TestServer start(FastCgiHandler handler) throws IOException {
        return start(handler, Limits.DEFAULT);
    }

    static TestServer start(FastCgiHandler handler, Limits limits) throws IOException {
        return start(handler, limits, PeerPolicy.ANYONE);
    }

    static TestServer start(FastCgiHandler handler, Limits limits, PeerPolicy peers)
            throws IOException {
        return new TestServer(Transport.UNIX, handler, limits, peers);
    }

    static TestServer start(Transport transport, FastCgiHandler handler) throws IOException {
        return new TestServer(transport, handler, Limits.DEFAULT, PeerPolicy.ANYONE);
    }

    FakeWebServer connect() throws IOException {
        SocketAddress bound = listener.channel().getLocalAddress();
        return FakeWebServer.connect(
                bound instanceof InetSocketAddress
                        ? bound
                        : UnixDomainSocketAddress.of(folder.resolve("s.sock")));
    }

    FastCgiServer server() {
        return server;
    }

    /// Answers with a few bytes, and does not look at the request.
    static int hello(FastCgiRequest request) throws IOException {
        request.stdout().writeLatin1("Content-Type: text/plain\r\n\r\nHello!");
        return 0;
    }

    /// Answers with the body.
    static int echo(FastCgiRequest request) throws IOException {
        request.stdout().writeLatin1("Content-Type: text/plain\r\n\r\n");
        request.stdin().transferTo(request.stdout());
        return 0;
    }

    /// Answers with the variable that the query names.
    static int variable(FastCgiRequest request) throws IOException {
        String name = request.params().getOrEmpty("QUERY_STRING");
        request.stdout().writeLatin1("\r\n" + request.params().getOrEmpty(name));
        return 0;
    }

    @Override
    public void close() throws IOException {
        server.close();
        listener.close();
        Files.deleteIfExists(folder.resolve("s.sock"));
        Files.delete(folder);
    }
}
