package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;

/// Refuses bodies of more bytes with 413, below the gateway's own limit.
public record BodyLimit(long bytes) implements Middleware {
    public BodyLimit {
        if (bytes < 0) {
            throw new IllegalArgumentException("a limit must not be negative, was " + bytes);
        }
    }

    @Override
    public Handler wrap(Handler next) {
        return request -> {
            request.limitBody(bytes);
            return next.handle(request);
        };
    }
}
