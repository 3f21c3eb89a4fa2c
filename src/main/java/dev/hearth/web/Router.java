package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import java.util.ArrayList;
import java.util.List;

/// Says which handler answers which method and path.
///
/// {@snippet lang=java :
/// Router orders = new Router()
///         .with(apiKeys)
///         .get("/", request -> list())
///         .get("/{id}", request -> show(request.pathParameter("id")))
///         .post("/", request -> create(request));
/// Handler site = new Router()
///         .with(StandardLayers.with(AccessLog.json()))
///         .get("/hello", request -> Response.text("Hello, world!"))
///         .get("/files/{path...}", files)
///         .mount("/orders", orders)
///         .build();
/// }
///
/// A segment is a literal, `{name}` (one segment, never empty), or as the last `{name...}` (all that is left, slashes
/// included, perhaps empty). Of several patterns that fit, the most specific that takes the method answers,
/// whatever the order of registration: literal before `{name}` before `{name...}`. `/a` and `/a/` differ.
///
/// HEAD is answered by GET's handler, OPTIONS by itself, a method without handler with 405 and `Allow`, a path
/// without route with 404. A handler of one's own for HEAD or OPTIONS comes before these.
///
/// Layers given to [#with] stand around every route of the router, in the order given (the first meets the
/// request first), whether the routes came before or after. Those of the outermost router also see what matches
/// no route.
///
/// Not for several threads; [#build] gives the handler that is.
public final class Router {
    private final List<Middleware> layers = new ArrayList<>();
    private final List<Registered> registered = new ArrayList<>();
    private final List<Mounted> mounted = new ArrayList<>();

    private record Registered(String method, PathPattern pattern, Handler handler, Place place) {}

    private record Mounted(String prefix, Router router) {}

    public Router get(String pattern, Handler handler) {
        return on("GET", pattern, handler);
    }

    public Router post(String pattern, Handler handler) {
        return on("POST", pattern, handler);
    }

    public Router put(String pattern, Handler handler) {
        return on("PUT", pattern, handler);
    }

    public Router patch(String pattern, Handler handler) {
        return on("PATCH", pattern, handler);
    }

    public Router delete(String pattern, Handler handler) {
        return on("DELETE", pattern, handler);
    }

    /// A route for any method. Case counts.
    ///
    /// @throws WiringException if the pattern cannot be read
    public Router on(String method, String pattern, Handler handler) {
        Place place = new Place();
        registered.add(new Registered(method, PathPattern.parse(pattern, place), handler, place));
        return this;
    }

    /// Puts a layer around every route of this router, inside the layers given before.
    public Router with(Middleware layer) {
        layers.add(layer);
        return this;
    }

    /// Puts several layers around every route; the first of the list meets the request first.
    public Router with(List<Middleware> outermostFirst) {
        layers.addAll(outermostFirst);
        return this;
    }

    /// Takes in another router's routes under a prefix, inside this router's layers and around them its own.
    /// Its route `/` is then the prefix itself. Routes may be added to it until [#build].
    ///
    /// @throws WiringException if the prefix is not literal or ends with a slash
    public Router mount(String prefix, Router router) {
        Place place = new Place();
        boolean literal = PathPattern.parse(prefix, place).names().isEmpty();
        if (!literal || (prefix.length() > 1 && prefix.endsWith("/"))) {
            throw new WiringException(
                    "the prefix \"%s\" (%s) must be literal, without a slash at its end"
                            .formatted(prefix, place));
        }
        mounted.add(new Mounted(prefix.equals("/") ? "" : prefix, router));
        return this;
    }

    /// Every route with its whole pattern, those of mounted routers included, in the order of registration.
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        visit("", List.of(), guards(layers), (route, _, _) -> routes.add(route));
        return List.copyOf(routes);
    }

    /// The handler that answers by these routes. Later changes to the router do not reach it.
    ///
    /// @throws WiringException if two routes are for the same method and path, or two patterns that match the
    ///     same paths name their parameters differently (the message says where both are), or an operation
    ///     describes a path parameter that its route does not have
    public Handler build() {
        RouteTable table = new RouteTable();
        visit(
                "",
                List.of(),
                guards(layers),
                (route, pattern, around) -> {
                    requireKnownParameters(route, pattern);
                    Handler leftover = Middleware.stack(around, table::withoutHandler);
                    Endpoint endpoint = table.endpoint(pattern, leftover, route);
                    endpoint.add(route, Middleware.stack(around, route.handler()));
                });
        return Middleware.stack(layers, table::dispatch);
    }

    private static void requireKnownParameters(Route route, PathPattern pattern) {
        for (Operation.Parameter parameter : Operation.of(route.handler()).parameters()) {
            if (parameter.in().equals("path") && !pattern.names().contains(parameter.name())) {
                throw new WiringException(
                        "%s (%s) describes a path parameter {%s}, but its path has %s"
                                .formatted(
                                        route, route.place(), parameter.name(), pattern.names()));
            }
        }
    }

    private interface Visitor {
        void visit(Route route, PathPattern pattern, List<Middleware> around);
    }

    private static List<Security> guards(List<Middleware> layers) {
        List<Security> asked = new ArrayList<>();
        for (Middleware layer : layers) {
            if (layer instanceof Guard guard) {
                asked.add(guard.security());
            }
        }
        return asked;
    }

    /// `around` are the layers between the outermost router's own and the route; `asked` is what those want, and the
    /// outermost router's own.
    private void visit(
            String prefix, List<Middleware> around, List<Security> asked, Visitor visitor) {
        for (Registered one : registered) {
            String own = one.pattern.text();
            String whole = own.equals("/") && !prefix.isEmpty() ? prefix : prefix + own;
            List<Security> wanted = new ArrayList<>(asked);
            wanted.addAll(Operation.of(one.handler).security());
            visitor.visit(
                    new Route(one.method, whole, one.handler, one.place, wanted),
                    PathPattern.parse(whole, one.place),
                    around);
        }
        for (Mounted mount : mounted) {
            List<Middleware> further = new ArrayList<>(around);
            further.addAll(mount.router.layers);
            List<Security> wanted = new ArrayList<>(asked);
            wanted.addAll(guards(mount.router.layers));
            mount.router.visit(prefix + mount.prefix, further, wanted, visitor);
        }
    }
}
