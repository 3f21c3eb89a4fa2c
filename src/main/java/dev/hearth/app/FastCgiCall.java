package dev.hearth.app;

import dev.hearth.fastcgi.ListenAddress;
import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.RecordEncoder;
import dev.hearth.fastcgi.wire.RecordType;
import dev.hearth.fastcgi.wire.Role;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// One request to a FastCGI application, sent as a front server sends it: for commands that ask a running
/// Hearth where HTTP is off.
final class FastCgiCall {
    private static final int REQUEST_ID = 1;

    private FastCgiCall() {}

    /// Posts a body and waits for the whole answer, for so long at most.
    ///
    /// @throws IOException if nobody listens there, or the answer is cut or does not come
    static Answer post(
            ListenAddress address,
            String path,
            Map<String, String> headers,
            byte[] body,
            Duration patience)
            throws IOException {
        return call(address, request("POST", path, headers, body), patience);
    }

    /// Asks for something and waits for the whole answer, for so long at most.
    ///
    /// @throws IOException if nobody listens there, or the answer is cut or does not come
    static Answer get(
            ListenAddress address, String path, Map<String, String> headers, Duration patience)
            throws IOException {
        return call(address, request("GET", path, headers, new byte[0]), patience);
    }

    private static Answer call(ListenAddress address, ByteBuffer request, Duration patience)
            throws IOException {
        SocketAddress socket = socketOf(address);
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (SocketChannel channel =
                socket instanceof UnixDomainSocketAddress
                        ? SocketChannel.open(StandardProtocolFamily.UNIX)
                        : SocketChannel.open()) {
            // One that hangs takes connections all the same; closing the channel ends every wait.
            var _ =
                    over.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                            .exceptionally(_ -> abort(channel));
            channel.connect(socket);
            while (request.hasRemaining()) {
                channel.write(request);
            }
            return answer(new DataInputStream(Channels.newInputStream(channel)));
        } catch (IOException lost) {
            throw over.isCompletedExceptionally()
                    ? new IOException("no answer within %s s".formatted(patience.toSeconds()), lost)
                    : lost;
        } finally {
            over.complete(null);
        }
    }

    private static SocketAddress socketOf(ListenAddress address) throws IOException {
        return switch (address) {
            case ListenAddress.Unix unix -> UnixDomainSocketAddress.of(unix.path());
            case ListenAddress.Tcp tcp -> tcp.address();
            case ListenAddress.Inherited _, ListenAddress.Passed _ ->
                    throw new IOException("a socket that the server inherits has no address");
        };
    }

    private static @Nullable Void abort(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException gone) {
            LoggerFactory.getLogger(FastCgiCall.class)
                    .debug("a connection was gone before it was given up", gone);
        }
        return null;
    }

    private static ByteBuffer request(
            String method, String path, Map<String, String> headers, byte[] body) {
        ByteArrayOutputStream pairs = new ByteArrayOutputStream();
        NameValuePairs.encode(pairs, "GATEWAY_INTERFACE", "CGI/1.1");
        NameValuePairs.encode(pairs, "REQUEST_METHOD", method);
        NameValuePairs.encode(pairs, "REQUEST_URI", path);
        NameValuePairs.encode(pairs, "SCRIPT_NAME", path);
        NameValuePairs.encode(pairs, "SERVER_PROTOCOL", "HTTP/1.1");
        NameValuePairs.encode(pairs, "SERVER_NAME", "localhost");
        NameValuePairs.encode(pairs, "REMOTE_ADDR", "127.0.0.1");
        NameValuePairs.encode(pairs, "CONTENT_LENGTH", Integer.toString(body.length));
        NameValuePairs.encode(
                pairs, "CONTENT_TYPE", headers.getOrDefault("Content-Type", "application/json"));
        headers.forEach((name, value) ->
                NameValuePairs.encode(
                        pairs, "HTTP_" + name.toUpperCase(Locale.ROOT).replace('-', '_'), value));
        int headersOfRecords =
                RecordEncoder.HEADER_BYTES * (8 + body.length / RecordEncoder.MAX_CONTENT);
        ByteBuffer out =
                ByteBuffer.allocate(pairs.size() + body.length + 2 * headersOfRecords + 64);
        RecordEncoder.header(out, RecordType.BEGIN_REQUEST, REQUEST_ID, 8, 0);
        out.putShort((short) Role.RESPONDER.code()).put(new byte[6]);
        stream(out, RecordType.PARAMS, pairs.toByteArray());
        stream(out, RecordType.STDIN, body);
        return out.flip();
    }

    private static void stream(ByteBuffer out, RecordType type, byte[] content) {
        for (int from = 0; from < content.length; from += RecordEncoder.MAX_CONTENT) {
            int length = Math.min(RecordEncoder.MAX_CONTENT, content.length - from);
            RecordEncoder.header(out, type, REQUEST_ID, length, RecordEncoder.padding(length));
            out.put(content, from, length);
            RecordEncoder.pad(out, length);
        }
        RecordEncoder.endOfStream(out, type, REQUEST_ID);
    }

    private static Answer answer(DataInputStream in) throws IOException {
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        while (true) {
            in.readByte(); // version
            int type = in.readUnsignedByte();
            in.readUnsignedShort(); // request id: there is one request only
            int length = in.readUnsignedShort();
            int padding = in.readUnsignedByte();
            in.readByte();
            byte[] content = in.readNBytes(length);
            in.skipNBytes(padding);
            if (type == RecordType.STDOUT.code()) {
                response.write(content);
            } else if (type == RecordType.END_REQUEST.code()) {
                return parse(response.toString(StandardCharsets.UTF_8));
            }
        }
    }

    private static Answer parse(String response) {
        int end = response.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Answer(502, "an answer without headers");
        }
        int status =
                response.substring(0, end)
                        .lines()
                        .filter(line -> line.regionMatches(true, 0, "Status:", 0, 7))
                        .map(line -> Integer.parseInt(line.substring(7).strip().substring(0, 3)))
                        .findFirst()
                        .orElse(200);
        return new Answer(status, response.substring(end + 4));
    }
}
