package dev.hearth.gateway;

import dev.hearth.http.Handler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.HostHeaderCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves a [Handler] over plain HTTP/1.1, so that `curl` works without a front server.
///
/// Jetty's core does the protocol; a request is handled and answered on the platform thread that found it, see [Lookout].
/// Nothing of Jetty is loaded before [#start].
public final class HttpGateway implements AutoCloseable {
    /// Acceptor and selector threads, and one for Jetty's own errands.
    private static final int JETTYS_OWN_THREADS = 4;

    /// On close, a kept connection without a request is not waited for longer than this.
    private static final long SHUTDOWN_IDLE_MILLIS = 100;

    /// Jetty's own would also cut a request whose body pauses for as long.
    private static final long NO_SHUTDOWN_IDLE = -1;

    /// What was interrupted may answer for so long.
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(HttpGateway.class);

    /// How many references Jetty takes a line of the processor's cache to hold: 64 bytes of four each. Where nobody says it,
    /// it asks the JVM's management server, for which some 150 classes are loaded and kept.
    private static final String REFERENCES = "org.eclipse.jetty.util.referencesPerCacheLine";

    private final Server server;
    private final ServerConnector connector;
    private final HttpExchange exchange;
    private final Lookout lookout;
    private volatile Duration drainTime;

    private HttpGateway(
            Server server,
            ServerConnector connector,
            HttpExchange exchange,
            Lookout lookout,
            Duration drainTime) {
        this.drainTime = drainTime;
        this.server = server;
        this.connector = connector;
        this.exchange = exchange;
        this.lookout = lookout;
    }

    /// Listens on an address (port 0: any free one, see [#port]) until closed.
    ///
    /// @throws IOException if the address cannot be listened on: in use, not ours, not allowed
    public static HttpGateway start(InetSocketAddress address, Handler handler, HttpLimits limits)
            throws IOException {
        if (address.isUnresolved()) {
            throw new UnknownHostException(address.getHostString());
        }
        return start(address, null, handler, limits);
    }

    /// Serves on a TCP socket that listens already, such as one that systemd passed.
    public static HttpGateway start(
            ServerSocketChannel listener, Handler handler, HttpLimits limits) throws IOException {
        return start((InetSocketAddress) listener.getLocalAddress(), listener, handler, limits);
    }

    private static HttpGateway start(
            InetSocketAddress address,
            @Nullable ServerSocketChannel listener,
            Handler handler,
            HttpLimits limits)
            throws IOException {
        if (System.getProperty(REFERENCES) == null) {
            System.setProperty(REFERENCES, "16");
        }
        QueuedThreadPool threads =
                new QueuedThreadPool(limits.requestsAtOnce() * 2 + JETTYS_OWN_THREADS, 2);
        threads.setName("http");
        Server server = new Server(threads);
        Lookout lookout = new Lookout(threads, limits.requestsAtOnce() + 1);
        ServerConnector connector = connector(server, address, limits, lookout);
        server.setErrorHandler(new HttpProblems());
        HttpExchange exchange = new HttpExchange(handler, limits, lookout);
        server.setHandler(new GracefulHandler(exchange));
        server.setStopTimeout(LAST_WORDS.toMillis());
        HttpGateway gateway =
                new HttpGateway(server, connector, exchange, lookout, limits.drainTime());
        try {
            // Now, so that a port in use is told before anything else has started.
            if (listener != null) {
                connector.open(listener);
            } else {
                connector.open();
            }
            lookout.start();
            server.start();
        } catch (Exception failed) {
            gateway.close();
            throw failed instanceof IOException unusable
                    ? unusable
                    : new IOException("cannot serve HTTP on " + address, failed);
        }
        return gateway;
    }

    private static ServerConnector connector(
            Server server, InetSocketAddress address, HttpLimits limits, Lookout lookout) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(limits.headerBytes());
        http.setUriCompliance(UriCompliance.UNSAFE); // http.Paths is the one rule
        http.setIdleTimeout(limits.idleTime().toMillis());
        http.setHttpCompliance(
                HttpCompliance.RFC9110.with(
                        "ABSOLUTE_FORM", HttpCompliance.Violation.MISMATCHED_AUTHORITY));
        http.addCustomizer(new HostHeaderCustomizer()); // HTTP/2 calls it :authority
        http.addCustomizer((request, _) -> withHostOfTarget(request));
        ServerConnector connector =
                new ServerConnector(
                        server, 1, 1, new HttpConnectionFactory(http), http2(http, limits)) {
                    @Override
                    protected SelectorManager newSelectorManager(
                            Executor executor, Scheduler scheduler, int selectors) {
                        return super.newSelectorManager(lookout, scheduler, selectors);
                    }
                };
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        connector.setIdleTimeout(limits.idleTime().toMillis());
        connector.setShutdownIdleTimeout(NO_SHUTDOWN_IDLE);
        server.addConnector(connector);
        return connector;
    }

    /// A target in absolute form tells the host; a Host header beside it is ignored (RFC 9112 section 3.2.2).
    private static Request withHostOfTarget(Request request) {
        String host = request.getHttpURI().getAuthority();
        String sent = request.getHeaders().get(HttpHeader.HOST);
        if (host == null || sent == null || withoutUsualPort(sent).equalsIgnoreCase(host)) {
            return request;
        }
        HttpFields headers = HttpFields.build(request.getHeaders()).put(HttpHeader.HOST, host);
        return new Request.Wrapper(request) {
            @Override
            public HttpFields getHeaders() {
                return headers;
            }
        };
    }

    /// As Jetty writes an authority.
    private static String withoutUsualPort(String host) {
        return host.endsWith(":80") ? host.substring(0, host.length() - ":80".length()) : host;
    }

    /// HTTP/2 without TLS, for clients that know it beforehand and those that ask for the upgrade: what container
    /// hosts speak. TLS is the front's.
    private static HTTP2CServerConnectionFactory http2(HttpConfiguration http, HttpLimits limits) {
        HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(http);
        http2.setMaxConcurrentStreams(limits.requestsAtOnce());
        return http2;
    }

    /// The port that is listened on.
    public int port() {
        return connector.getLocalPort();
    }

    /// Takes no more connections. What comes on those that are open is still answered until [#close], and each
    /// answer says that it is the last on its connection (`Connection: close`).
    public void stopAccepting() {
        var _ = connector.shutdown(); // close waits for it
        exchange.endSoon(connector.getConnectedEndPoints(), SHUTDOWN_IDLE_MILLIS);
    }

    /// How long the requests in progress may take to end at [#close], in place of the drain time it was started with.
    public void drainWithin(Duration time) {
        drainTime = time;
    }

    /// Takes no more connections, lets the requests in progress end within the drain time, then interrupts the rest: a
    /// handler that heeds it is answered 503, and one that does not is cut.
    @Override
    public void close() {
        try {
            stopAccepting();
            if (!exchange.drain(drainTime)) {
                List<String> late = exchange.interrupt();
                log.warn("requests over HTTP outlive the time to end, and are cut off: {}", late);
                exchange.drain(LAST_WORDS);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        stop();
    }

    private void stop() {
        try {
            server.stop();
        } catch (Exception cut) { // Jetty's word for: not all requests ended in time
            log.debug("Jetty stopped with requests in progress", cut);
        } finally {
            lookout.close();
        }
    }
}
