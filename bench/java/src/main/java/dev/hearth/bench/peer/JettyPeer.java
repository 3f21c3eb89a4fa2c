package dev.hearth.bench.peer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eclipse.jetty.fcgi.server.ServerFCGIConnectionFactory;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Callback;

/// The Jetty peer: one core handler, no servlets, Jetty's own defaults, over FastCGI or HTTP on a unix socket.
public final class JettyPeer {

    private JettyPeer() {}

    static void main(String[] args) throws Exception {
        if (args.length != 2) {
            IO.println("usage: JettyPeer fastcgi|http SOCKET");
            System.exit(2);
        }
        HttpConfiguration settings = new HttpConfiguration();
        settings.setSendServerVersion(false);
        settings.setSendDateHeader(false);
        ConnectionFactory protocol =
                args[0].equals("http")
                        ? new HttpConnectionFactory(settings)
                        : new ServerFCGIConnectionFactory(settings);
        Server server = new Server();
        UnixDomainServerConnector connector = new UnixDomainServerConnector(server, protocol);
        connector.setUnixDomainPath(Path.of(args[1]));
        connector.setAcceptQueueSize(1024);
        server.addConnector(connector);
        server.setHandler(new Hello());
        server.start();
        server.join();
    }

    private static final class Hello extends Handler.Abstract.NonBlocking {

        private final byte[] body = "Hello, world!\n".getBytes(StandardCharsets.US_ASCII);

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (!"/hello".equals(Request.getPathInContext(request))) {
                return false;
            }
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
            response.write(true, ByteBuffer.wrap(body), callback);
            return true;
        }
    }
}
