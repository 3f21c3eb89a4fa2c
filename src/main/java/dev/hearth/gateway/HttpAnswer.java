package dev.hearth.gateway;

import dev.hearth.http.Body;
import dev.hearth.http.Headers;
import dev.hearth.http.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/// Writes one response to Jetty, and returns when the last byte is on its way to the client.
final class HttpAnswer {
    private final Request request;
    private final org.eclipse.jetty.server.Response out;
    private final HttpSink sink;

    HttpAnswer(Request request, org.eclipse.jetty.server.Response out, Lookout lookout) {
        this.request = request;
        this.out = out;
        this.sink = new HttpSink(out, lookout);
    }

    /// Whether status and headers are already sent.
    boolean isCommitted() {
        return out.isCommitted();
    }

    /// Sends the response and returns it.
    ///
    /// @throws IOException if the client is gone, or the body does not have the length it announces
    Response send(Response response) throws IOException {
        out.reset();
        out.setStatus(response.status());
        boolean bodiless = response.status() == 204 || response.status() == 304;
        putHeaders(response.headers(), bodiless);
        Body body = bodiless ? Body.NONE : response.body();
        boolean head = request.getMethod().equals("HEAD");
        switch (body) {
            case Body.None _ -> sendNothing(head, bodiless);
            case Body.Bytes(byte[] content) -> sendBytes(content, head);
            case Body.File(Path path, long offset, long length) ->
                    sendStream(to -> copy(path, offset, length, to), length, head);
            case Body.Stream(Body.Writer writer, long length) -> sendStream(writer, length, head);
        }
        return response;
    }

    private void putHeaders(Headers headers, boolean bodiless) {
        HttpFields.Mutable fields = out.getHeaders();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (mayPass(name, bodiless)) {
                fields.add(name, headers.value(i));
            }
        }
    }

    /// The connection is the gateway's business, not the handler's (C30).
    private static boolean mayPass(String name, boolean bodiless) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "connection", "transfer-encoding", "keep-alive", "upgrade", "trailer" -> false;
            case "content-type", "content-length" -> !bodiless; // C31
            default -> true;
        };
    }

    private void sendNothing(boolean head, boolean bodiless) throws IOException {
        if (!head && !bodiless) {
            out.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
        }
        // As its last write, Jetty would add a length of 0 to a 304: that of a body that the client
        // holds.
        boolean last = !bodiless;
        sink.write(last, null);
    }

    private void sendBytes(byte[] content, boolean head) throws IOException {
        requireContentType();
        out.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.length);
        sink.write(true, head ? null : ByteBuffer.wrap(content));
    }

    private void sendStream(Body.Writer writer, long length, boolean head) throws IOException {
        requireContentType();
        if (length >= 0) {
            out.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
        } else if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
            // Asked for, or Jetty ends a body before `Connection: close` by closing: a cut would
            // look whole.
            out.getHeaders().put(HttpHeader.TRANSFER_ENCODING, "chunked");
        }
        if (head) {
            sink.write(true, null);
            return;
        }
        HttpBody to = new HttpBody(sink, length);
        writer.writeTo(to);
        to.finish();
    }

    /// Never a guess of text/html (C24).
    private void requireContentType() {
        if (!out.getHeaders().contains(HttpHeader.CONTENT_TYPE)) {
            out.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/octet-stream");
        }
    }

    private static void copy(Path path, long offset, long length, OutputStream out)
            throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            WritableByteChannel to = Channels.newChannel(out);
            long at = offset;
            long end = offset + length;
            while (at < end) {
                long moved = file.transferTo(at, end - at, to);
                if (moved <= 0) {
                    throw new IOException(
                            "%s ends at %d, %d wanted".formatted(path.getFileName(), at, end));
                }
                at += moved;
            }
        }
    }
}
