package dev.hearth.web;

import dev.hearth.http.Handler;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything that is registered under one pattern: a handler for each method, all layers around them.
///
/// Filled at start by the thread that builds the router, only read afterwards.
final class Endpoint {
    final String pattern;
    final List<String> names;

    /// Answers what no method's handler takes, inside the same layers: OPTIONS and 405.
    final Handler leftover;

    private String[] methods = {};
    private Handler[] handlers = {};
    private Route[] routes = {};

    Endpoint(String pattern, List<String> names, Handler leftover) {
        this.pattern = pattern;
        this.names = List.copyOf(names);
        this.leftover = leftover;
    }

    void add(Route route, Handler layered) {
        for (Route present : routes) {
            if (present.method().equals(route.method())) {
                throw new WiringException(
                        "%s has two handlers, one from %s, one from %s"
                                .formatted(route, present.place(), route.place()));
            }
        }
        methods = append(methods, route.method());
        handlers = append(handlers, layered);
        routes = append(routes, route);
    }

    private static <T> T[] append(T[] array, T element) {
        T[] more = Arrays.copyOf(array, array.length + 1);
        more[array.length] = element;
        return more;
    }

    Route firstRoute() {
        return routes[0];
    }

    /// The handler of a method; HEAD is answered by GET's (the gateway leaves out the body).
    @Nullable Handler handler(String method) {
        for (int i = 0; i < methods.length; i++) {
            if (methods[i].equals(method)) {
                return handlers[i];
            }
        }
        return method.equals("HEAD") ? handler("GET") : null;
    }

    void addMethodsTo(Set<String> allowed) {
        for (String method : methods) {
            allowed.add(method);
            if (method.equals("GET")) {
                allowed.add("HEAD");
            }
        }
        allowed.add("OPTIONS");
    }
}
