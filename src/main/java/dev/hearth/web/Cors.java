package dev.hearth.web;

import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Response;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Lets pages of other origins call these routes from a browser (Fetch standard, CORS protocol).
///
/// Origins are named whole, such as `https://shop.example`; `*` means any and cannot go with credentials. It
/// answers preflights itself, and stands outside what needs authentication: a preflight carries none.
public final class Cors implements Middleware {
    private final Set<String> origins;
    private final String methods;
    private final String headers;
    private final boolean credentials;
    private final Duration keep;

    private Cors(
            Set<String> origins,
            String methods,
            String headers,
            boolean credentials,
            Duration keep) {
        if (credentials && origins.contains("*")) {
            throw new WiringException("CORS for any origin (*) must not allow credentials");
        }
        this.origins = Set.copyOf(origins);
        this.methods = methods;
        this.headers = headers;
        this.credentials = credentials;
        this.keep = keep;
    }

    /// Pages of these origins, with GET, HEAD, POST, PUT, PATCH and DELETE and the headers Authorization and
    /// Content-Type, without credentials.
    public static Cors from(String... origins) {
        return new Cors(
                Set.of(origins),
                "GET, HEAD, POST, PUT, PATCH, DELETE",
                "Authorization, Content-Type",
                false,
                Duration.ofHours(1));
    }

    /// Also cookies and HTTP authentication.
    public Cors withCredentials() {
        return new Cors(origins, methods, headers, true, keep);
    }

    /// With exactly these request headers.
    public Cors withHeaders(String... names) {
        return new Cors(origins, methods, String.join(", ", names), credentials, keep);
    }

    /// With exactly these methods.
    public Cors withMethods(String... names) {
        return new Cors(origins, String.join(", ", names), headers, credentials, keep);
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
            Response response = preflight ? preflight(allowed) : answered.handle(request);
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
        return answer.withHeader("Access-Control-Allow-Methods", methods)
                .withHeader("Access-Control-Allow-Headers", headers)
                .withHeader("Access-Control-Max-Age", String.valueOf(keep.toSeconds()));
    }

    private Response share(Response response, String origin) {
        Response shared = response.withHeader("Access-Control-Allow-Origin", origin);
        return credentials ? shared.withHeader("Access-Control-Allow-Credentials", "true") : shared;
    }
}
