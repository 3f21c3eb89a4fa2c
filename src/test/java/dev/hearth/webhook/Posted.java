package dev.hearth.webhook;

import dev.hearth.http.Headers;
import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import java.io.ByteArrayInputStream;
import java.util.Map;

/// A POST to a webhook route, as a gateway would bring it.
final class Posted {
    private Posted() {}

    static Request to(String source, Headers headers, byte[] body) {
        return with(source, headers, body, body.length);
    }

    static Request with(String source, Headers headers, byte[] body, long contentLength) {
        Requests posted =
                new Requests(
                        "POST",
                        "/webhooks/" + source,
                        "",
                        headers,
                        new ByteArrayInputStream(body),
                        contentLength,
                        "192.0.2.7",
                        "https");
        Request request = posted.request();
        request.setPathParameters(Map.of("source", source));
        return request;
    }
}
