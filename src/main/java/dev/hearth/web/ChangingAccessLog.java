package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.util.Optional;

/// An access log that another can take the place of, or none, while requests are answered. A request is logged by the
/// one that held when it came. Safe for many threads.
public final class ChangingAccessLog implements Middleware {
    private volatile Optional<AccessLog> now;

    /// Begins with this log, or with none.
    public ChangingAccessLog(Optional<AccessLog> log) {
        this.now = log;
    }

    /// From here on this one, or none.
    public void change(Optional<AccessLog> log) {
        now = log;
    }

    @Override
    public Handler wrap(Handler next) {
        return request -> answer(next, request);
    }

    private Response answer(Handler next, Request request) throws Exception {
        Optional<AccessLog> log = now;
        return log.isPresent() ? log.get().logged(next, request) : next.handle(request);
    }
}
