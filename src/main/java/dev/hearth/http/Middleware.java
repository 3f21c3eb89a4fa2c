package dev.hearth.http;

import java.util.List;

/// Wraps a handler in something that every request through it meets: a log, a limit, a check.
@FunctionalInterface
public interface Middleware {

    /// The handler that does this layer's work around `next`. Called when the routes are built, once for each
    /// handler it is put around: what all of them share (a counter, a limit) belongs to the middleware.
    Handler wrap(Handler next);

    /// One handler of all the layers around the innermost; the first in the list meets the request first.
    static Handler stack(List<? extends Middleware> outermostFirst, Handler innermost) {
        Handler handler = innermost;
        for (Middleware layer : outermostFirst.reversed()) {
            handler = layer.wrap(handler);
        }
        return handler;
    }
}
