package dev.hearth.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// Requests as a gateway would bring them, for tests that need no gateway.
public record Requests(
        String method,
        String path,
        String rawQuery,
        Headers headers,
        InputStream body,
        long contentLength,
        String remoteAddress,
        String scheme)
        implements RequestSource {

    private static final InputStream NOTHING = InputStream.nullInputStream();

    /// Begins with a method and a target such as `/a?b=c`.
    public static Requests of(String method, String target) {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : target.substring(question + 1);
        return new Requests(method, path, query, Headers.EMPTY, NOTHING, 0, "192.0.2.1", "https");
    }

    public static Request get(String target) {
        return of("GET", target).request();
    }

    public static Request post(String target, String contentType, String body) {
        return of("POST", target)
                .with("Content-Type", contentType)
                .body(body.getBytes(StandardCharsets.UTF_8))
                .request();
    }

    public Requests with(String header, String value) {
        return new Requests(
                method,
                path,
                rawQuery,
                headers.with(header, value),
                body,
                contentLength,
                remoteAddress,
                scheme);
    }

    public Requests body(byte[] content) {
        return body(new ByteArrayInputStream(content), content.length);
    }

    public Requests body(InputStream stream, long length) {
        return new Requests(method, path, rawQuery, headers, stream, length, remoteAddress, scheme);
    }

    public Requests from(String address) {
        return new Requests(method, path, rawQuery, headers, body, contentLength, address, scheme);
    }

    public Requests by(String scheme) {
        return new Requests(
                method, path, rawQuery, headers, body, contentLength, remoteAddress, scheme);
    }

    public Request request() {
        return new Request(this);
    }

    @Override
    public Optional<String> header(String name) {
        return headers.first(name);
    }

    @Override
    public String host() {
        return "shop.example";
    }

    @Override
    public String protocol() {
        return "HTTP/1.1";
    }

    @Override
    public Optional<String> user() {
        return Optional.empty();
    }

    @Override
    public Map<String, String> variables() {
        return Map.of();
    }
}
