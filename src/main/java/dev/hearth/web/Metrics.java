package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Request;
import dev.hearth.http.Response;

/// Tells a recorder of each request. Put it outside [dev.hearth.http.Errors].
public record Metrics(Recorder recorder) implements Middleware {

    /// Counts requests. Called on the request's thread, by many at once: it must be quick and not block.
    @FunctionalInterface
    public interface Recorder {
        /// `route` is the pattern that matched, or empty: paths themselves would be endless. `status` is 0 where
        /// there was no answer.
        void record(String method, String route, int status, long nanos);
    }

    @Override
    public Handler wrap(Handler next) {
        return request -> {
            long began = System.nanoTime();
            int status = 0;
            try {
                Response response = next.handle(request);
                status = response.status();
                return response;
            } finally {
                recorder.record(
                        method(request),
                        request.route().orElse(""),
                        status,
                        System.nanoTime() - began);
            }
        };
    }

    /// Anyone can make up methods; a counter for each would grow without end.
    private static String method(Request request) {
        return switch (request.method()) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> request.method();
            default -> "other";
        };
    }
}
