package dev.hearth.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.hearth.http.Body;
import dev.hearth.http.Response;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Several parts of a whole in one answer: `multipart/byteranges` (RFC 9110 section 14.6).
final class ByteRangeParts {
    private final Body whole;
    private final List<ByteRange> ranges;
    private final List<byte[]> heads = new ArrayList<>();
    private final byte[] end;

    private ByteRangeParts(
            Body whole, List<ByteRange> ranges, String type, long length, String boundary) {
        this.whole = whole;
        this.ranges = List.copyOf(ranges);
        for (ByteRange range : ranges) {
            heads.add(
                    "\r\n--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n"
                            .formatted(boundary, type, range.of(length))
                            .getBytes(ISO_8859_1));
        }
        end = "\r\n--%s--\r\n".formatted(boundary).getBytes(ISO_8859_1);
    }

    static Response of(Response whole, List<ByteRange> ranges, long length) {
        String boundary = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        String type = whole.headers().first("Content-Type").orElse("application/octet-stream");
        ByteRangeParts parts = new ByteRangeParts(whole.body(), ranges, type, length, boundary);
        return whole.withStatus(206)
                .withHeaders(
                        whole.headers()
                                .replace(
                                        "Content-Type",
                                        "multipart/byteranges; boundary=" + boundary))
                .withBody(new Body.Stream(parts::writeTo, parts.length()));
    }

    private long length() {
        return ranges.stream().mapToLong(ByteRange::length).sum()
                + heads.stream().mapToLong(head -> head.length).sum()
                + end.length;
    }

    private void writeTo(OutputStream out) throws IOException {
        for (int i = 0; i < ranges.size(); i++) {
            out.write(heads.get(i));
            write(Ranges.cut(whole, ranges.get(i)), out);
        }
        out.write(end);
    }

    private static void write(Body part, OutputStream out) throws IOException {
        switch (part) {
            case Body.Bytes(byte[] content) -> out.write(content);
            case Body.File file -> copy(file, out);
            case Body.None _, Body.Stream _ -> throw new IllegalStateException("it has no parts");
        }
    }

    private static void copy(Body.File file, OutputStream out) throws IOException {
        WritableByteChannel to = Channels.newChannel(out);
        try (FileChannel from = FileChannel.open(file.path())) {
            long end = file.offset() + file.length();
            for (long at = file.offset(); at < end; ) {
                long copied = from.transferTo(at, end - at, to);
                if (copied == 0) {
                    throw new EOFException(file.path() + " became shorter while it was sent");
                }
                at += copied;
            }
        }
    }
}
