package dev.hearth.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Writes to one client, and waits until it has taken what was written.
final class HttpSink {
    private final Content.Sink out;
    private final Lookout lookout;

    HttpSink(Content.Sink out, Lookout lookout) {
        this.out = out;
        this.lookout = lookout;
    }

    /// Returns when the content is on its way; the last write ends the answer.
    ///
    /// @throws IOException if the client is gone or takes nothing for too long
    void write(boolean last, @Nullable ByteBuffer content) throws IOException {
        try (Blocker.Callback written = Blocker.callback()) {
            Outcome outcome = new Outcome(written);
            out.write(last, content, outcome);
            if (!outcome.isKnown) {
                lookout.relieve(); // or nobody would see that the client takes bytes again
            }
            written.block();
        }
    }

    private static final class Outcome extends Callback.Nested {
        private volatile boolean isKnown;

        Outcome(Callback callback) {
            super(callback);
        }

        @Override
        public void succeeded() {
            isKnown = true;
            super.succeeded();
        }

        @Override
        public void failed(Throwable failure) {
            isKnown = true;
            super.failed(failure);
        }
    }
}
