package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.hearth.http.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Posts one message over one connection, to an address that was looked at before. Follows no redirect and
/// reads no more of the answer than its head.
///
/// The JDK's client resolves the host by itself and cannot be told which address to use.
final class OutgoingHttp {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration WHOLE = Duration.ofSeconds(15);
    private static final int MAX_HEAD = 16 * 1024;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");
    private static final Pattern RETRY_AFTER =
            Pattern.compile("(?m)^retry-after:[ \\t]*([0-9]{1,6})[ \\t]*\\r?$");

    private OutgoingHttp() {}

    /// What the receiver said.
    ///
    /// @param retryAfter the seconds after which it wants to be asked again
    record Answer(int status, OptionalLong retryAfter) {}

    /// @param tls how `https` is spoken; asked only where it is
    static Answer post(
            Endpoint endpoint, Headers headers, byte[] body, Supplier<SSLSocketFactory> tls)
            throws IOException {
        InetAddress address =
                PublicAddress.resolve(endpoint.url().getHost(), endpoint.allowPrivate());
        long deadline = System.nanoTime() + WHOLE.toNanos();
        try (Socket plain = new Socket()) {
            plain.connect(
                    new InetSocketAddress(address, endpoint.port()), (int) CONNECT.toMillis());
            plain.setSoTimeout((int) CONNECT.toMillis());
            try (Socket socket =
                    endpoint.isSecure() ? secured(plain, endpoint, tls.get()) : plain) {
                OutputStream out = socket.getOutputStream();
                out.write(request(endpoint, headers, body));
                out.flush();
                return read(socket, deadline);
            }
        }
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

    private static Answer read(Socket socket, long deadline) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream(512);
        byte[] buffer = new byte[2048];
        String text = "";
        while (!text.contains("\r\n\r\n") && !text.contains("\n\n")) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw new IOException("no answer within " + WHOLE);
            }
            socket.setSoTimeout((int) left);
            int read = in.read(buffer);
            if (read < 0 || head.size() + read > MAX_HEAD) {
                break;
            }
            head.write(buffer, 0, read);
            text = head.toString(ISO_8859_1);
        }
        Matcher status = STATUS.matcher(text.lines().findFirst().orElse(""));
        if (!status.matches()) {
            throw new IOException("the answer is not HTTP");
        }
        Matcher retryAfter = RETRY_AFTER.matcher(text.toLowerCase(Locale.ROOT));
        return new Answer(
                Integer.parseInt(status.group(1)),
                retryAfter.find()
                        ? OptionalLong.of(Long.parseLong(retryAfter.group(1)))
                        : OptionalLong.empty());
    }
}
