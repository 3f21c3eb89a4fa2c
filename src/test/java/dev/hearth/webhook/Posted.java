package dev.hearth.webhook;

import dev.hearth.http.Headers;
import dev.hearth.http.Request;
import dev.hearth.http.RequestSource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/// A POST to a webhook route, as a gateway would bring it.
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Posted(String sourceName, Headers headers, byte[] content, long contentLength)
        implements RequestSource {

    static Request to(String source, Headers headers, byte[] body) {
        return with(source, headers, body, body.length);
    }

    static Request with(String source, Headers headers, byte[] body, long contentLength) {
        Request request = new Request(new Posted(source, headers, body, contentLength));
        request.setPathParameters(Map.of("source", source));
        return request;
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String path() {
        return "/webhooks/" + sourceName;
    }

    @Override
    public String rawQuery() {
        return "";
    }

    @Override
    public Optional<String> header(String name) {
        return headers.first(name);
    }

    @Override
    public InputStream body() {
        return new ByteArrayInputStream(content);
    }

    @Override
    public String remoteAddress() {
        return "192.0.2.7";
    }

    @Override
    public String scheme() {
        return "https";
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
