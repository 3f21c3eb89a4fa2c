package dev.hearth.web.auth;

import dev.hearth.http.Key;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import java.util.Optional;
import java.util.Set;

/// Who sends the request, as a layer of this package has found out, and what it may do.
public record Principal(String name, Set<String> scopes) {
    private static final Key<Principal> KEY = Key.of("principal");

    public Principal {
        scopes = Set.copyOf(scopes);
    }

    /// Who sends this request, if a layer has found out.
    public static Optional<Principal> of(Request request) {
        return request.get(KEY);
    }

    /// Who sends this request, behind a layer that lets no one else through.
    ///
    /// @throws RefusedException with 401 if no layer has found out
    public static Principal required(Request request) {
        return of(request).orElseThrow(() -> unauthorized("Bearer", "Say who you are."));
    }

    /// Lets only those through who have the scope; the others get 403. Put it inside the layer that finds out who
    /// sends the request.
    public static Middleware requireScope(String scope) {
        return next ->
                request -> {
                    if (!required(request).scopes().contains(scope)) {
                        throw Problem.of(403, "forbidden", "This needs the scope " + scope + ".")
                                .refuse();
                    }
                    return next.handle(request);
                };
    }

    void enter(Request request) {
        request.put(KEY, this);
    }

    /// 401, with the scheme by which to come again.
    static RefusedException unauthorized(String challenge, String detail) {
        return Problem.of(401, "unauthorized", detail).refuse("WWW-Authenticate", challenge);
    }
}
