package dev.hearth.web;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Takes a multipart body apart while it is read (RFC 2046 section 5.1). Holds 16 KiB of it at a time.
final class MultipartReader {
    private static final int MOST_HEADER_BYTES = 8 << 10;
    private static final byte[] EMPTY_LINE = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[16 << 10];
    private int start;
    private int end;
    private boolean begun;

    MultipartReader(InputStream in, String boundary) {
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        // The first delimiter may stand at the very beginning, without the line end before it.
        System.arraycopy(LINE_END, 0, buffer, 0, 2);
        this.end = 2;
    }

    static RefusedException malformed(String detail) {
        return Problem.of(400, "malformed-multipart", "The form cannot be read. " + detail)
                .refuse();
    }

    /// The head of the next part, or nothing after the last. The part before must have been copied.
    Optional<PartHead> next() throws IOException {
        if (!begun) {
            begun = true;
            copyUntil(delimiter, OutputStream.nullOutputStream(), buffer.length);
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        if (startsWithDashes()) {
            return Optional.empty(); // the close delimiter; what follows it means nothing
        }
        copyUntil(LINE_END, line, 100);
        if (!line.toString(StandardCharsets.ISO_8859_1).isBlank()) {
            throw malformed("There is text behind a boundary.");
        }
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        copyUntil(EMPTY_LINE, headers, MOST_HEADER_BYTES);
        return Optional.of(PartHead.parse(headers.toString(StandardCharsets.UTF_8)));
    }

    /// Copies the content of the part whose head came last.
    void copyTo(OutputStream out) throws IOException {
        copyUntil(delimiter, out, Long.MAX_VALUE);
    }

    private boolean startsWithDashes() throws IOException {
        while (end - start < 2) {
            fill();
        }
        boolean dashes = buffer[start] == '-' && buffer[start + 1] == '-';
        if (dashes) {
            start += 2;
        }
        return dashes;
    }

    /// Copies up to the mark and steps behind it.
    private void copyUntil(byte[] mark, OutputStream out, long limit) throws IOException {
        long copied = 0;
        while (true) {
            int found = indexOf(mark);
            int upTo = found >= 0 ? found : Math.max(start, end - mark.length + 1);
            copied += upTo - start;
            if (copied > limit) {
                throw malformed("Its headers are too long.");
            }
            out.write(buffer, start, upTo - start);
            start = upTo;
            if (found >= 0) {
                start += mark.length;
                return;
            }
            fill();
        }
    }

    private int indexOf(byte[] mark) {
        for (int i = start; i <= end - mark.length; i++) {
            if (buffer[i] == mark[0] && matches(mark, i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean matches(byte[] mark, int at) {
        for (int i = 1; i < mark.length; i++) {
            if (buffer[at + i] != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        int count = in.read(buffer, end, buffer.length - end);
        if (count < 0) {
            throw malformed("It ends before its last boundary.");
        }
        end += count;
    }
}
