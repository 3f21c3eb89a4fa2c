package dev.hearth.web;

import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Headers;
import dev.hearth.http.Middleware;
import dev.hearth.http.Response;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Lets pages of other origins call these routes from a browser (Fetch standard, CORS protocol).
///
/// Origins are named whole, such as `https://shop.example`, without a path; `*` means any and cannot go with credentials. It
/// answers preflights itself, and stands outside what needs authentication: a preflight carries none.
///
/// A page sees the answer's body and the headers Cache-Control, Content-Language, Content-Length, Content-Type,
/// Expires, Last-Modified and Pragma. What else it is to read must be named:
///
/// {@snippet lang=java :
/// app.with(Cors.from("https://shop.example").withExposedHeaders("Location", "ETag", "X-Request-Id"));
/// }
public final class Cors implements Middleware {
    private final Set<String> origins;
    private final List<String> methods;
    private final List<String> headers;
    private final List<String> exposed;
    private final boolean credentials;
    private final Duration keep;

    private Cors(
            Set<String> origins,
            List<String> methods,
            List<String> headers,
            List<String> exposed,
            boolean credentials,
            Duration keep) {
        if (credentials && origins.contains("*")) {
            throw new WiringException("CORS for any origin (*) must not allow credentials");
        }
        // To a browser that sends credentials, * is the name of a header, not all of them.
        if (credentials && exposed.contains("*")) {
            throw new WiringException(
                    "CORS with credentials must name the headers it exposes, not *");
        }
        this.origins = Set.copyOf(origins);
        this.methods = List.copyOf(methods);
        this.headers = List.copyOf(headers);
        this.exposed = List.copyOf(exposed);
        this.credentials = credentials;
        this.keep = keep;
    }

    /// Pages of these origins, with GET, HEAD, POST, PUT, PATCH and DELETE and the headers Authorization and
    /// Content-Type, without credentials.
    ///
    /// @throws WiringException if one is no origin: it has a path, or no scheme
    public static Cors from(String... origins) {
        return new Cors(
                Arrays.stream(origins).map(Cors::origin).collect(Collectors.toUnmodifiableSet()),
                List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
                List.of("Authorization", "Content-Type"),
                List.of(),
                false,
                Duration.ofHours(1));
    }

    /// Any, or `null`, which sandboxed pages send, or one by its name.
    private static String origin(String named) {
        return named.equals("*") || named.equals("null") ? named : Origins.parse(named);
    }

    /// Also cookies and HTTP authentication.
    public Cors withCredentials() {
        return new Cors(origins, methods, headers, exposed, true, keep);
    }

    /// With exactly these request headers.
    ///
    /// @throws WiringException if one is no name of a header
    public Cors withHeaders(String... names) {
        return new Cors(origins, methods, tokens(names), exposed, credentials, keep);
    }

    /// With exactly these methods.
    ///
    /// @throws WiringException if one is no name of a method
    public Cors withMethods(String... names) {
        return new Cors(origins, tokens(names), headers, exposed, credentials, keep);
    }

    /// With exactly these headers of answers for pages to read, besides those that every page may. `*` means all, and
    /// cannot go with credentials.
    ///
    /// @throws WiringException if one is no name of a header
    public Cors withExposedHeaders(String... names) {
        return new Cors(origins, methods, headers, tokens(names), credentials, keep);
    }

    private static List<String> tokens(String... names) {
        for (String name : names) {
            if (!Headers.isToken(name)) {
                throw new WiringException(
                        "CORS takes names one by one, and \"%s\" is none".formatted(name));
            }
        }
        return Arrays.asList(names);
    }

    @Override
    public Handler wrap(Handler next) {
        Handler answered = Errors.refusals(next);
        return request -> {
            Optional<String> origin = request.header("Origin");
            Optional<String> allowed = origin.flatMap(this::allowed);
            boolean preflight =
                    origin.isPresent()
                            && request.method().equals("OPTIONS")
                            && request.header("Access-Control-Request-Method").isPresent();
            Response response =
                    preflight ? preflight(allowed) : exposing(answered.handle(request), allowed);
            return allowed.map(each -> share(response, each))
                    .orElse(response)
                    .withHeader("Vary", "Origin");
        };
    }

    private Optional<String> allowed(String origin) {
        if (origins.contains("*")) {
            return Optional.of("*");
        }
        return origins.contains(origin.toLowerCase(Locale.ROOT))
                ? Optional.of(origin)
                : Optional.empty();
    }

    private Response preflight(Optional<String> allowed) {
        Response answer = Response.status(204);
        if (allowed.isEmpty()) {
            return answer; // without permission: the browser tells the page so
        }
        return answer.withHeader("Access-Control-Allow-Methods", String.join(", ", methods))
                .withHeader("Access-Control-Allow-Headers", String.join(", ", headers))
                .withHeader("Access-Control-Max-Age", String.valueOf(keep.toSeconds()));
    }

    private Response exposing(Response response, Optional<String> allowed) {
        return allowed.isEmpty() || exposed.isEmpty()
                ? response
                : response.withHeader("Access-Control-Expose-Headers", String.join(", ", exposed));
    }

    private Response share(Response response, String origin) {
        Response shared = response.withHeader("Access-Control-Allow-Origin", origin);
        return credentials ? shared.withHeader("Access-Control-Allow-Credentials", "true") : shared;
    }
}
