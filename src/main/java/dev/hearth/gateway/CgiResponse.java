package dev.hearth.gateway;

import dev.hearth.http.Body;
import dev.hearth.http.Headers;
import dev.hearth.http.Response;
import dev.hearth.http.Status;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Writes a response as a CGI program does (RFC 3875 section 6): a Status line always, each header on one line, an
/// empty line, the body.
///
/// The framing is the front server's: headers that belong to one connection (Connection, Transfer-Encoding …) are
/// left out, Content-Length is that of the body that follows, and 204 and 304 have neither body nor length.
final class CgiResponse {
    private CgiResponse() {}

    /// Takes the header block as text of which each character is one byte.
    interface Output {
        void header(String text) throws IOException;

        OutputStream body();
    }

    /// Writes all of a response; of the answer to HEAD, the headers.
    static void write(Response response, boolean head, Output out) throws IOException {
        Body body = response.body();
        boolean bodiless = response.status() == 204 || response.status() == 304;
        long length = bodiless ? -1 : body.length();
        writeStatus(response, out);
        writeHeaders(response.headers(), bodiless, body instanceof Body.None, out);
        if (length >= 0) {
            out.header("Content-Length: ");
            out.header(Long.toString(length));
            out.header("\r\n");
        }
        out.header("\r\n");
        if (!head && !bodiless) {
            writeBody(body, out.body());
        }
    }

    // Location before Status: HAProxy takes the later of the two at its word, and a Location for a
    // 302.
    private static void writeStatus(Response response, Output out) throws IOException {
        List<String> locations = response.headers().all("Location");
        if (!locations.isEmpty()) {
            out.header("Location: ");
            out.header(locations.getLast());
            out.header("\r\n");
        }
        out.header(statusLine(response.status()));
    }

    private static String statusLine(int status) {
        return switch (status) {
            case 200 -> "Status: 200 OK\r\n";
            case 201 -> "Status: 201 Created\r\n";
            default -> "Status: " + status + " " + Status.reason(status) + "\r\n";
        };
    }

    private static void writeHeaders(Headers headers, boolean bodiless, boolean empty, Output out)
            throws IOException {
        boolean typed = bodiless || empty;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (isFraming(name)
                    || (bodiless && name.equalsIgnoreCase("Content-Type"))
                    || name.equalsIgnoreCase("Location")
                    || isReplaced(headers, i)) {
                continue;
            }
            typed |= name.equalsIgnoreCase("Content-Type");
            out.header(name);
            out.header(": ");
            out.header(headers.value(i));
            out.header("\r\n");
        }
        if (!typed) {
            // Never a guess, and never text/html: a browser would run what is in it.
            out.header("Content-Type: application/octet-stream\r\n");
        }
    }

    /// Whether a later line takes the place of this one: a CGI field stands once at most (section 6.3).
    private static boolean isReplaced(Headers headers, int index) {
        String name = headers.name(index);
        if (!name.equalsIgnoreCase("Content-Type")) {
            return false;
        }
        for (int i = index + 1; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFraming(String name) {
        return switch (name.length()) {
            case 6 -> name.equalsIgnoreCase("Status");
            case 7 -> name.equalsIgnoreCase("Upgrade") || name.equalsIgnoreCase("Trailer");
            case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
            case 14 -> name.equalsIgnoreCase("Content-Length");
            case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
            default -> false;
        };
    }

    private static void writeBody(Body body, OutputStream out) throws IOException {
        if (body instanceof Body.Bytes(byte[] content)) {
            out.write(content); // before the switch: see CgiProgram
            return;
        }
        switch (body) {
            case Body.None _ -> {
                // Nothing follows the headers.
            }
            case Body.Bytes(byte[] content) -> out.write(content);
            case Body.File file -> copy(file, out);
            case Body.Stream(Body.Writer writer, long length) -> stream(writer, length, out);
        }
    }

    private static void copy(Body.File file, OutputStream out) throws IOException {
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
            channel.position(file.offset());
            InputStream in = Channels.newInputStream(channel);
            byte[] chunk = new byte[64 * 1024];
            long left = file.length();
            while (left > 0) {
                int count = in.read(chunk, 0, (int) Math.min(chunk.length, left));
                if (count < 0) {
                    throw new IOException(
                            "%s ended %d bytes early".formatted(file.path().getFileName(), left));
                }
                out.write(chunk, 0, count);
                left -= count;
            }
        }
    }

    private static void stream(Body.Writer writer, long length, OutputStream out)
            throws IOException {
        if (length < 0) {
            writer.writeTo(new CountingStream(out, Long.MAX_VALUE));
            return;
        }
        CountingStream counted = new CountingStream(out, length);
        writer.writeTo(counted);
        if (counted.count < length) {
            throw new IOException(
                    "the body was announced with %d bytes and has %d"
                            .formatted(length, counted.count));
        }
    }

    /// Counts, lets nothing pass that was not announced, and keeps a writer from closing what is not its own.
    private static final class CountingStream extends FilterOutputStream {
        private final long most;
        private long count;

        private CountingStream(OutputStream out, long most) {
            super(out);
            this.most = most;
        }

        @Override
        public void write(int b) throws IOException {
            count(1);
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            count(length);
            out.write(bytes, offset, length);
        }

        private void count(int more) throws IOException {
            if (more > most - count) {
                throw new IOException(
                        "the body was announced with %d bytes and has more".formatted(most));
            }
            count += more;
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
