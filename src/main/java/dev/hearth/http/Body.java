package dev.hearth.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/// What follows the headers of a response.
public sealed interface Body {

    /// No body at all.
    Body NONE = new None();

    /// How many bytes it has, or -1 where that is not known.
    long length();

    /// No body: 204, 304, the answer to HEAD.
    record None() implements Body {
        @Override
        public long length() {
            return 0;
        }
    }

    /// A body that is in memory. The array is not copied: leave it alone once it is handed over.
    @SuppressWarnings(
            "ArrayRecordComponent") // compared by nobody, and a copy would cost every response
    record Bytes(byte[] content) implements Body {
        @Override
        public long length() {
            return content.length;
        }
    }

    /// A file. Sent by the front server itself where `X-Accel-Redirect` or `X-Sendfile` is configured,
    /// else read by the gateway. `offset` and `length` are in bytes.
    record File(Path path, long offset, long length) implements Body {}

    /// A body that is written while it is made. `length` is in bytes, or -1 where it is not known.
    record Stream(Writer writer, long length) implements Body {}

    /// Writes a streamed body.
    @FunctionalInterface
    interface Writer {
        /// Called once, after the headers, on the thread of the request. `flush()` sends what is there at
        /// once; every write may block until the client has read enough, and throws when it is gone.
        void writeTo(OutputStream out) throws IOException;
    }
}
