package dev.hearth.web.auth;

import dev.hearth.http.Handler;
import dev.hearth.http.Key;
import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.web.Guard;
import dev.hearth.web.Security;
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
    public static Guard requireScope(String scope) {
        return new RequiredScope(scope);
    }

    private record RequiredScope(String scope) implements Guard {
        @Override
        public Security security() {
            return new Security.Scope(scope);
        }

        @Override
        public Handler guard(Handler next) {
            return request -> {
                if (!required(request).scopes().contains(scope)) {
                    throw Problem.of(403, "forbidden", "This needs the scope " + scope + ".")
                            .refuse();
                }
                return next.handle(request);
            };
        }
    }

    /// Says that this one sends the request: for a layer of your own, which has found out by a session, say. It counts for
    /// the layers further in.
    ///
    /// {@snippet lang=java :
    /// record SignedIn(Users users) implements Guard {
    ///     public Security security() {
    ///         return new Security.Cookie("session", "session", "As set by POST /login.");
    ///     }
    ///
    ///     public Handler guard(Handler next) {
    ///         return request -> {
    ///             User user = Sessions.of(request).get("user").flatMap(users::find)
    ///                     .orElseThrow(() -> Problem.of(401, "unauthorized", "Sign in.").refuse());
    ///             new Principal(user.name(), user.scopes()).enter(request);
    ///             return next.handle(request);
    ///         };
    ///     }
    /// }
    /// }
    public void enter(Request request) {
        request.put(KEY, this);
    }

    /// 401, with the scheme by which to come again.
    static RefusedException unauthorized(String challenge, String detail) {
        return Problem.of(401, "unauthorized", detail).refuse("WWW-Authenticate", challenge);
    }
}
