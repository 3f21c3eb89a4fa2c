package dev.hearth.web;

import dev.hearth.http.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A stream of events for a browser's `EventSource` (HTML standard, server-sent events).
///
/// {@snippet lang=java :
/// return ServerSentEvents.stream(events -> {
///     for (Price price : prices) {
///         events.send("price", price.id(), price.toJson());
///     }
/// });
/// }
///
/// Each event leaves at once. When the client is gone, the next send throws: let the exception through. A stream
/// occupies the request's thread as long as it lasts. Used by one thread.
public final class ServerSentEvents {
    private final OutputStream out;

    private ServerSentEvents(OutputStream out) {
        this.out = out;
    }

    /// Sends events.
    @FunctionalInterface
    public interface Source {
        void sendTo(ServerSentEvents events) throws IOException;
    }

    /// The answer that carries the events of a source.
    public static Response stream(Source source) {
        return Response.stream("text/event-stream", out -> source.sendTo(new ServerSentEvents(out)))
                .withHeader("Cache-Control", "no-store")
                .withHeader("X-Accel-Buffering", "no"); // nginx would hold events back
    }

    /// An event of the type `message`.
    public void send(String data) throws IOException {
        write(data(new StringBuilder(), data));
    }

    /// An event with its own type and id. After a lost connection the browser sends the last id it saw in
    /// `Last-Event-ID`.
    ///
    /// @throws IllegalArgumentException if type or id hold a line end or NUL
    public void send(String type, String id, String data) throws IOException {
        StringBuilder event = new StringBuilder();
        event.append("event: ").append(oneLine(type)).append('\n');
        event.append("id: ").append(oneLine(id)).append('\n');
        write(data(event, data));
    }

    /// How long the browser is to wait before it connects again.
    public void retryAfter(Duration pause) throws IOException {
        write(new StringBuilder().append("retry: ").append(pause.toMillis()).append("\n\n"));
    }

    /// Nothing, to keep the connection open, and to learn whether the client is still there.
    public void keepAlive() throws IOException {
        write(new StringBuilder(":\n\n"));
    }

    private static StringBuilder data(StringBuilder event, String data) {
        data.lines().forEach(line -> event.append("data: ").append(line).append('\n'));
        if (data.isEmpty()) {
            event.append("data:\n");
        }
        return event.append('\n');
    }

    private static String oneLine(String text) {
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a type or id of an event must be one line");
        }
        return text;
    }

    private void write(StringBuilder text) throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
