package dev.hearth.app;

import dev.hearth.http.Handler;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.metrics.RouteTraffic;
import dev.hearth.web.json.Json;
import java.util.List;
import java.util.function.Supplier;

/// `GET /control/routes`: the routes with what was counted on them, for `hearth routes`, and so for holders of the
/// [ControlKey].
record RouteListRoute(ControlKey key, Supplier<List<RouteTraffic>> routes) implements Handler {
    static final String PATH = "/control/routes";

    @Override
    public Response handle(Request request) {
        key.require(request);
        return Json.response(routes.get()).withHeader("Cache-Control", "no-store");
    }
}
