package dev.hearth.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An answer: status, headers, body, and what is to be done after the client has it. A value: the `with…`
/// methods give new ones.
///
/// {@snippet lang=java :
/// return Response.text("Hello, world!");
/// return Response.status(204);
/// return Response.bytes(200, "image/png", png).withHeader("Cache-Control", "max-age=60");
/// }
public record Response(int status, Headers headers, Body body, List<Runnable> afterwards) {

    private static final Headers TEXT = Headers.of("Content-Type", "text/plain; charset=utf-8");
    private static final Headers JSON = Headers.of("Content-Type", "application/json");
    private static final Headers HTML = Headers.of("Content-Type", "text/html; charset=utf-8");

    /// @throws IllegalArgumentException if the status is not 200 to 599: interim answers are the front
    ///     server's business
    public Response {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("a response's status is 200 to 599, was " + status);
        }
        afterwards = List.copyOf(afterwards);
    }

    private static Response of(int status, Headers headers, byte[] content) {
        return new Response(status, headers, new Body.Bytes(content), List.of());
    }

    /// 200 with text in UTF-8.
    public static Response text(String text) {
        return text(200, text);
    }

    /// Text in UTF-8.
    public static Response text(int status, String text) {
        return of(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /// JSON that is already written.
    public static Response json(int status, String json) {
        return of(status, JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    /// 200 with a page. The markup must be escaped already.
    public static Response html(String markup) {
        return html(200, markup);
    }

    /// A page. The markup must be escaped already.
    public static Response html(int status, String markup) {
        return of(status, HTML, markup.getBytes(StandardCharsets.UTF_8));
    }

    /// Bytes of the given media type. The array is not copied.
    public static Response bytes(int status, String contentType, byte[] content) {
        return of(status, Headers.of("Content-Type", contentType), content);
    }

    /// A status without a body.
    public static Response status(int status) {
        return new Response(status, Headers.EMPTY, Body.NONE, List.of());
    }

    /// A body written while it is made; its length is not known.
    public static Response stream(String contentType, Body.Writer writer) {
        return new Response(
                200,
                Headers.of("Content-Type", contentType),
                new Body.Stream(writer, -1),
                List.of());
    }

    /// A whole file of `length` bytes.
    public static Response file(String contentType, Path path, long length) {
        return new Response(
                200,
                Headers.of("Content-Type", contentType),
                new Body.File(path, 0, length),
                List.of());
    }

    /// Sends the client elsewhere, with 303: it follows with GET.
    public static Response seeOther(String location) {
        return status(303).withHeader("Location", location);
    }

    /// The same answer with another status.
    public Response withStatus(int other) {
        return new Response(other, headers, body, afterwards);
    }

    /// The same answer with one more header.
    public Response withHeader(String name, String value) {
        return new Response(status, headers.with(name, value), body, afterwards);
    }

    /// The same answer with these headers in place of its own.
    public Response withHeaders(Headers others) {
        return new Response(status, others, body, afterwards);
    }

    /// The same answer with another body.
    public Response withBody(Body other) {
        return new Response(status, headers, other, afterwards);
    }

    /// The same answer, after which `task` runs: on the request's thread, once the client has the whole
    /// answer (what PHP calls `fastcgi_finish_request`). What it throws is logged. Not run when the answer
    /// could not be sent.
    public Response afterwards(Runnable task) {
        List<Runnable> more = new ArrayList<>(afterwards);
        more.add(task);
        return new Response(status, headers, body, more);
    }
}
