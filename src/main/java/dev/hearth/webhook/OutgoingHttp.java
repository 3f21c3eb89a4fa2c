package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.hearth.http.Headers;
import dev.hearth.http.RetryAfter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Posts one message over one connection, to an address that was looked at before. Follows no redirect and
/// reads no more of the answer than its head.
///
/// The JDK's client resolves the host by itself and cannot be told which address to use.
final class OutgoingHttp {
    private static final Logger log = LoggerFactory.getLogger(OutgoingHttp.class);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration WHOLE = Duration.ofSeconds(15);
    private static final int MAX_HEAD = 16 * 1024;
    private static final int FIRST_FINAL = 200;
    private static final Pattern END_OF_HEAD = Pattern.compile("\\r?\\n\\r?\\n");
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");
    private static final Pattern RETRY_AFTER = field("retry-after");
    private static final Pattern DATE = field("date");

    private OutgoingHttp() {}

    /// What the receiver said.
    ///
    /// @param retryAfter how long it wants to be left alone
    record Answer(int status, Optional<Duration> retryAfter) {}

    /// @param tls how `https` is spoken; asked only where it is
    static Answer post(
            Endpoint endpoint, Headers headers, byte[] body, Supplier<SSLSocketFactory> tls)
            throws IOException {
        return post(endpoint, headers, body, tls, WHOLE);
    }

    /// @param whole how long all of it may take, also where the receiver takes nothing or answers byte by byte
    static Answer post(
            Endpoint endpoint,
            Headers headers,
            byte[] body,
            Supplier<SSLSocketFactory> tls,
            Duration whole)
            throws IOException {
        InetAddress address =
                PublicAddress.resolve(endpoint.url().getHost(), endpoint.allowPrivate());
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (Socket plain = new Socket()) {
            // A write to a socket has no timeout; closing it ends the write.
            var _ =
                    over.orTimeout(whole.toMillis(), TimeUnit.MILLISECONDS)
                            .exceptionally(_ -> abort(plain));
            plain.connect(
                    new InetSocketAddress(address, endpoint.port()), (int) CONNECT.toMillis());
            plain.setSoTimeout((int) CONNECT.toMillis());
            try (Socket socket =
                    endpoint.isSecure() ? secured(plain, endpoint, tls.get()) : plain) {
                plain.setSoTimeout(0);
                OutputStream out = socket.getOutputStream();
                out.write(request(endpoint, headers, body));
                out.flush();
                return read(socket.getInputStream());
            }
        } catch (IOException lost) {
            throw over.isCompletedExceptionally()
                    ? new IOException("no answer within " + whole, lost)
                    : lost;
        } finally {
            over.complete(null);
        }
    }

    private static @Nullable Void abort(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            log.debug("a connection was gone before it was given up", gone);
        }
        return null;
    }

    private static Socket secured(Socket plain, Endpoint endpoint, SSLSocketFactory factory)
            throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        factory.createSocket(
                                plain, endpoint.url().getHost(), endpoint.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate is this host's
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static byte[] request(Endpoint endpoint, Headers headers, byte[] body) {
        StringBuilder head = new StringBuilder(500);
        head.append("POST ").append(endpoint.target()).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(endpoint.authority()).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Type: application/json\r\nUser-Agent: hearth\r\n");
        head.append("Content-Length: ").append(body.length).append("\r\n");
        head.append("Connection: close\r\n\r\n");
        ByteArrayOutputStream whole = new ByteArrayOutputStream(head.length() + body.length);
        whole.writeBytes(head.toString().getBytes(ISO_8859_1));
        whole.writeBytes(body);
        return whole.toByteArray();
    }

    /// Reads the head of the answer, and passes over those that only announce it (RFC 9110 section 15.2).
    private static Answer read(InputStream in) throws IOException {
        byte[] buffer = new byte[2048];
        int received = 0;
        String text = "";
        while (true) {
            Matcher end = END_OF_HEAD.matcher(text);
            if (end.find()) {
                Answer answer = answer(text.substring(0, end.start()));
                if (answer.status >= FIRST_FINAL) {
                    return answer;
                }
                text = text.substring(end.end());
                continue;
            }
            int read = in.read(buffer);
            received += read;
            if (read < 0 || received > MAX_HEAD) {
                return answer(text);
            }
            text += new String(buffer, 0, read, ISO_8859_1);
        }
    }

    private static Answer answer(String head) throws IOException {
        Matcher status = STATUS.matcher(head.lines().findFirst().orElse(""));
        if (!status.matches()) {
            throw new IOException("the answer is not HTTP");
        }
        return new Answer(Integer.parseInt(status.group(1)), retryAfter(head));
    }

    private static Pattern field(String name) {
        return Pattern.compile("(?im)^" + name + ":[ \\t]*(.*?)[ \\t]*\\r?$");
    }

    private static Optional<Duration> retryAfter(String head) {
        return field(RETRY_AFTER, head)
                .flatMap(asked -> RetryAfter.parse(asked, field(DATE, head).orElse("")));
    }

    private static Optional<String> field(Pattern field, String head) {
        Matcher found = field.matcher(head);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }
}
