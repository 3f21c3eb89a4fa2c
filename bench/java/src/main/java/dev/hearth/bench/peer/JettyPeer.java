package dev.hearth.bench.peer;

import org.eclipse.jetty.fcgi.server.ServerFCGIConnectionFactory;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The Jetty peer: one core handler, no servlets, Jetty's own defaults, over FastCGI or HTTP on a unix socket.
public final class JettyPeer {

    private static final int LONGEST_BODY = 1 << 20;

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
        connector.setAcceptQueueSize(4096);
        server.addConnector(connector);
        server.setHandler(new Site());
        server.start();
        server.join();
    }

    /// Nothing here blocks, so Jetty calls it without handing over to another thread.
    private static final class Site extends Handler.Abstract.NonBlocking {

        private final byte[] hello = "Hello, world!\n".getBytes(StandardCharsets.US_ASCII);
        private final OrderJson orders = new OrderJson();

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            switch (Request.getPathInContext(request)) {
                case "/hello" -> answer(response, callback, "text/plain", hello);
                case "/json" ->
                        Content.Source.asByteArrayAsync(
                                request,
                                LONGEST_BODY,
                                Promise.Invocable.from(
                                        InvocationType.NON_BLOCKING,
                                        body -> json(request, response, callback, body),
                                        callback::failed));
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void json(Request request, Response response, Callback callback, byte[] body) {
            byte[] answer;
            try {
                answer = orders.answer(body);
            } catch (RuntimeException refused) {
                Response.writeError(request, response, callback, 422);
                return;
            }
            answer(response, callback, "application/json", answer);
        }

        private static void answer(Response response, Callback callback, String type, byte[] body) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
            response.write(true, ByteBuffer.wrap(body), callback);
        }
    }
}
