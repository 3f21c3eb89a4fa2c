package dev.hearth.web;

import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Request;
import dev.hearth.http.Response;

/// Sends requests through one layer.
final class Layered {
    static final Handler OK = _ -> Response.text("ok");

    private Layered() {}

    static Response through(Middleware layer, Handler handler, Request request) throws Exception {
        return Errors.answer(layer.wrap(handler), request);
    }

    static Response through(Middleware layer, Request request) throws Exception {
        return through(layer, OK, request);
    }

    static int status(Handler handler, Request request) {
        try {
            return Errors.answer(handler, request).status();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
