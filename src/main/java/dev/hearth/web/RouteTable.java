package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Finds the handler of a request. The cost depends on the length of the path, not on the number of routes: one hash
/// for a path without parameters, else one step in a tree for each segment.
///
/// The most specific pattern that takes the method wins, segment by segment: literal before `{name}` before
/// `{name...}`. Built at start, only read afterwards.
final class RouteTable {
    private static final String[] NO_VALUES = {};

    private final Map<String, Endpoint> literal = new HashMap<>();
    private final Node root = new Node();
    private int mostParameters;

    private static final class Node {
        final Map<String, Node> literal = new HashMap<>();
        @Nullable Node parameter;
        @Nullable Endpoint end;
        @Nullable Endpoint rest;
    }

    /// Where the route's pattern leads, made if it is new.
    Endpoint endpoint(PathPattern pattern, Handler leftover, Route route) {
        Node node = root;
        boolean toRest = false;
        for (PathPattern.Segment segment : pattern.segments()) {
            // No pattern switch, here and wherever a CGI request comes along: see CgiProgram.
            if (segment instanceof PathPattern.Segment.Literal(String text)) {
                node = node.literal.computeIfAbsent(text, _ -> new Node());
            } else if (segment instanceof PathPattern.Segment.Parameter) {
                if (node.parameter == null) {
                    node.parameter = new Node();
                }
                node = node.parameter;
            } else {
                toRest = true;
            }
        }
        Endpoint present = toRest ? node.rest : node.end;
        if (present != null) {
            requireSameNames(present, pattern, route);
            return present;
        }
        Endpoint made = new Endpoint(pattern.text(), pattern.names(), leftover);
        if (toRest) {
            node.rest = made;
        } else {
            node.end = made;
        }
        if (made.names.isEmpty()) {
            literal.put(made.pattern, made);
        }
        mostParameters = Math.max(mostParameters, made.names.size());
        return made;
    }

    private static void requireSameNames(Endpoint present, PathPattern pattern, Route route) {
        if (!present.names.equals(pattern.names())) {
            Route first = present.firstRoute();
            throw new WiringException(
                    "%s (%s) and %s (%s) match the same paths with parameters of different names"
                            .formatted(first, first.place(), route, route.place()));
        }
    }

    /// Answers with the handler of the request's route.
    Response dispatch(Request request) throws Exception {
        Endpoint exact = literal.get(request.path());
        if (exact != null) {
            Handler handler = exact.handler(request.method());
            if (handler != null) {
                request.setRoute(exact.pattern);
                return handler.handle(request);
            }
        }
        return search(request);
    }

    private Response search(Request request) throws Exception {
        Search search = new Search(request.path(), request.method(), null, newValues());
        search.in(root, 1, 0);
        Endpoint found = search.found != null ? search.found : search.firstFitting;
        if (found == null) {
            throw Problem.of(404, "not-found", "There is nothing at this path.").refuse();
        }
        request.setRoute(found.pattern);
        Handler handler = search.found != null ? found.handler(request.method()) : null;
        if (handler == null) {
            return found.leftover.handle(request);
        }
        request.setPathParameters(parameters(found, search.values));
        return handler.handle(request);
    }

    /// OPTIONS, and 405 for every other method: what a path answers that has no handler for the method.
    Response withoutHandler(Request request) {
        Set<String> allowed = new TreeSet<>();
        new Search(request.path(), request.method(), allowed, newValues()).in(root, 1, 0);
        String list = String.join(", ", allowed);
        if (request.method().equals("OPTIONS")) {
            return Response.status(204).withHeader("Allow", list);
        }
        throw Problem.of(405, "method-not-allowed", "This path answers " + list + ".")
                .refuse("Allow", list);
    }

    private String[] newValues() {
        return mostParameters == 0 ? NO_VALUES : new String[mostParameters];
    }

    private static Map<String, String> parameters(Endpoint endpoint, String[] values) {
        return switch (endpoint.names.size()) {
            case 0 -> Map.of();
            case 1 -> Map.of(endpoint.names.getFirst(), values[0]);
            default -> {
                Map<String, String> parameters = new HashMap<>();
                for (int i = 0; i < endpoint.names.size(); i++) {
                    parameters.put(endpoint.names.get(i), values[i]);
                }
                yield Map.copyOf(parameters);
            }
        };
    }

    /// One walk through the tree, from the most specific pattern to the least. It visits a node at most once.
    private static final class Search {
        private final String path;
        private final String method;
        private final @Nullable Set<String> allowed; // where to gather the methods of all that fit
        final String[] values;
        @Nullable Endpoint found;
        @Nullable Endpoint firstFitting;

        Search(String path, String method, @Nullable Set<String> allowed, String[] values) {
            this.path = path;
            this.method = method;
            this.allowed = allowed;
            this.values = values;
        }

        /// Whether the search is over. `start` is where the next segment begins.
        boolean in(Node node, int start, int depth) {
            if (start > path.length()) {
                return node.end != null && stopsAt(node.end);
            }
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            String segment = path.substring(start, end);
            Node next = node.literal.get(segment);
            if (next != null && in(next, end + 1, depth)) {
                return true;
            }
            if (node.parameter != null && end > start) {
                values[depth] = segment;
                if (in(node.parameter, end + 1, depth + 1)) {
                    return true;
                }
            }
            if (node.rest != null) {
                values[depth] = path.substring(start);
                return stopsAt(node.rest);
            }
            return false;
        }

        private boolean stopsAt(Endpoint fitting) {
            if (firstFitting == null) {
                firstFitting = fitting;
            }
            if (allowed != null) {
                fitting.addMethodsTo(allowed);
                return false;
            }
            if (fitting.handler(method) == null) {
                return false;
            }
            found = fitting;
            return true;
        }
    }
}
