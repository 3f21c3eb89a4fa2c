package dev.hearth.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.hearth.fastcgi.FastCgiServer;
import dev.hearth.fastcgi.Limits;
import dev.hearth.fastcgi.ListenAddress;
import dev.hearth.fastcgi.Listener;
import dev.hearth.http.Handler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A gateway of a test's own, and what sends it [BadInput] as it is, which no client would.
sealed interface BadInputFront extends AutoCloseable {
    int BODY_BYTES = 1 << 20;

    /// The answer: its first line begins with `HTTP/1.1 ` or `Status: `, and the status.
    String ask(BadInput input) throws IOException;

    @Override
    void close() throws IOException;

    static BadInputFront of(BadInput.Way way, Handler site, Path folder) throws IOException {
        return switch (way) {
            case HTTP -> new OverHttp(site);
            case FASTCGI -> new OverFastCgi(site, folder.resolve("raw"), false);
            case FASTCGI_DECODED -> new OverFastCgi(site, folder.resolve("decoded"), true);
            case CGI -> new OverCgi(site);
        };
    }

    final class OverHttp implements BadInputFront {
        private final HttpGateway gateway;

        private OverHttp(Handler site) throws IOException {
            Duration time = Duration.ofSeconds(5);
            gateway =
                    HttpGateway.start(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            site,
                            HttpLimits.DEFAULT.withBodyBytes(BODY_BYTES).withTimes(time, time));
        }

        @Override
        public String ask(BadInput input) throws IOException {
            StringBuilder request = new StringBuilder();
            request.append(input.method()).append(' ').append(input.target()).append(" HTTP/1.1");
            request.append("\r\nHost: h\r\nConnection: close\r\n");
            for (BadInput.Line line : input.allLines()) {
                request.append(line.name()).append(": ").append(line.value()).append("\r\n");
            }
            String all = request.append("\r\n").append(input.body()).toString();
            try (RawHttp client = new RawHttp(gateway.port())) {
                try (var _ = Sending.of(() -> client.send(all).endOutput())) {
                    return client.response();
                }
            }
        }

        @Override
        public void close() {
            gateway.close();
        }
    }

    final class OverFastCgi implements BadInputFront {
        private final Path socket;
        private final boolean decoded;
        private final Listener listener;
        private final FastCgiServer server;

        private OverFastCgi(Handler site, Path socket, boolean decoded) throws IOException {
            this.socket = socket;
            this.decoded = decoded;
            listener = ListenAddress.parse("unix:" + socket).open();
            server =
                    FastCgiServer.start(
                            List.of(listener.channel()),
                            new FastCgiGateway(site),
                            Limits.DEFAULT.with(changes -> changes.bodyBytes = BODY_BYTES));
        }

        @Override
        public String ask(BadInput input) throws IOException {
            CgiVariables variables = new CgiVariables().with("REQUEST_METHOD", input.method());
            String path = input.target().split("\\?", 2)[0];
            if (decoded) {
                variables.with("SCRIPT_NAME", CgiVariables.percentDecoded(path));
            }
            variables.with("REQUEST_URI", input.target());
            variables.with("QUERY_STRING", CgiVariables.query(input.target()));
            variables.with("SERVER_PROTOCOL", "HTTP/1.1");
            for (BadInput.Line line : input.allLines()) {
                variables.with(CgiVariables.ofHeader(line.name()), line.value());
            }
            byte[] request = FastCgiBytes.responder(variables.bytes(), input.body());
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                try (var _ = Sending.of(() -> FastCgiBytes.write(channel, request))) {
                    return FastCgiBytes.answer(channel);
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            listener.close();
        }
    }

    final class OverCgi implements BadInputFront {
        private final Handler site;

        private OverCgi(Handler site) {
            this.site = site;
        }

        @Override
        public String ask(BadInput input) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayInputStream in = new ByteArrayInputStream(input.body().getBytes(ISO_8859_1));
            CgiGateway.serve(site, BODY_BYTES, List.of(), environment(input), in, out);
            return out.toString(ISO_8859_1);
        }

        /// What a web server gives a program that answers for everything below its own name.
        static Map<String, String> environment(BadInput input) {
            Map<String, String> environment = new LinkedHashMap<>();
            String path = input.target().split("\\?", 2)[0];
            environment.put("GATEWAY_INTERFACE", "CGI/1.1");
            environment.put("REQUEST_METHOD", input.method());
            environment.put("SCRIPT_NAME", "/cgi-bin/site.cgi");
            environment.put("PATH_INFO", CgiVariables.percentDecoded(path));
            environment.put("QUERY_STRING", CgiVariables.query(input.target()));
            environment.put("REQUEST_URI", "/cgi-bin/site.cgi" + input.target());
            environment.put("SERVER_PROTOCOL", "HTTP/1.1");
            for (BadInput.Line line : input.allLines()) {
                environment.put(CgiVariables.ofHeader(line.name()), line.value());
            }
            return environment;
        }

        @Override
        public void close() {
            // nothing runs between two requests
        }
    }

    /// Sends while the answer is read: one that comes early leaves the rest of the request unread.
    final class Sending implements AutoCloseable {
        private final Thread thread;

        private interface Work {
            void run() throws IOException;
        }

        private Sending(Thread thread) {
            this.thread = thread;
        }

        private static Sending of(Work work) {
            return new Sending(
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    work.run();
                                } catch (IOException answeredAlready) {
                                    // the answer tells
                                }
                            }));
        }

        @Override
        public void close() throws IOException {
            try {
                thread.join();
            } catch (InterruptedException stopped) {
                throw new IOException(stopped);
            }
        }
    }
}
