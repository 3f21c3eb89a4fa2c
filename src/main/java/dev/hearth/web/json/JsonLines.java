package dev.hearth.web.json;

import dev.hearth.http.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.stream.Stream;

/// Many values as one JSON value a line, made while they are sent: memory holds one at a time.
public final class JsonLines {
    /// A slow source still shows its lines.
    private static final long FLUSH_NANOS = 100_000_000;

    private JsonLines() {}

    /// 200 with the values of a stream, which is closed at the end. Taken from the stream on the request's thread.
    public static Response response(Stream<?> values) {
        return Response.stream(
                "application/jsonl",
                out -> {
                    try (values) {
                        write(values.iterator(), out);
                    }
                });
    }

    private static void write(Iterator<?> values, OutputStream out) throws IOException {
        long flushed = System.nanoTime();
        while (values.hasNext()) {
            out.write(Json.mapper().writeValueAsBytes(values.next()));
            out.write('\n');
            long now = System.nanoTime();
            if (now - flushed > FLUSH_NANOS) {
                out.flush();
                flushed = now;
            }
        }
    }
}
