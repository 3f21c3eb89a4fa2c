package dev.hearth.fastcgi;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A server on a unix socket of its own, and connections to it.
final class TestServer implements AutoCloseable {
    private final Path folder;
    private final Listener listener;
    private final FastCgiServer server;

    private TestServer(Path folder, FastCgiHandler handler, Limits limits, PeerPolicy peers)
            throws IOException {
        this.folder = folder;
        this.listener = ListenAddress.parse("unix:" + folder.resolve("s.sock")).open();
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
        return new TestServer(Files.createTempDirectory("hearth"), handler, limits, peers);
    }

    FakeWebServer connect() throws IOException {
        return FakeWebServer.connect(UnixDomainSocketAddress.of(folder.resolve("s.sock")));
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
