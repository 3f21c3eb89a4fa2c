package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// Writes each request into JFR's recordings as the event `dev.hearth.Request`. Where nothing was ever recorded it costs
/// one read: the first event of a JVM loads much.
public final class FlightRecords implements Middleware {

    @Override
    public Handler wrap(Handler next) {
        return request ->
                FlightRecorder.isInitialized() ? record(request, next) : next.handle(request);
    }

    private static Response record(Request request, Handler next) throws Exception {
        RequestEvent event = new RequestEvent();
        event.begin();
        try {
            Response response = next.handle(request);
            event.status = response.status();
            return response;
        } finally {
            event.end();
            if (event.shouldCommit()) {
                event.method = request.method();
                event.route = request.route().orElse("");
                event.commit();
            }
        }
    }

    @Name("dev.hearth.Request")
    @Label("Request")
    @Category("Hearth")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // JFR reads the fields
    private static final class RequestEvent extends Event {
        @Label("Method")
        @Nullable String method;

        @Label("Route")
        @Nullable String route;

        /// 0 where there was no answer.
        @Label("Status")
        int status;
    }
}
