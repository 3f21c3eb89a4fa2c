package dev.hearth.web.auth;

import dev.hearth.http.Handler;
import dev.hearth.http.Key;
import dev.hearth.http.Query;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.web.Guard;
import dev.hearth.web.Security;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/// Keeps a few values of a visitor from one request to the next, in a signed cookie: every machine can read it, and
/// no database is asked. The visitor can read the values; about 2,500 characters fit.
///
/// A session cannot be taken back before its time ends: store what must be (a login that can be revoked) by an id.
///
/// {@snippet lang=java :
/// router.with(new Sessions(cookies, Duration.ofDays(7)));
/// Sessions.Session session = Sessions.of(request);
/// session.put("basket", basketId);
/// }
public final class Sessions implements Guard {
    private static final Key<Session> KEY = Key.of("session");
    private static final String COOKIE = "session";

    private final SignedCookies cookies;
    private final Duration time;

    /// Sessions end so long after they were last changed.
    public Sessions(SignedCookies cookies, Duration time) {
        this.cookies = cookies;
        this.time = time;
    }

    /// The session of a request that came through this layer.
    ///
    /// @throws IllegalStateException if it did not: a wiring mistake
    public static Session of(Request request) {
        return request.get(KEY)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "the route has no sessions: put new Sessions(...) around it"));
    }

    /// The values of one visitor. Used by one request.
    public static final class Session {
        private final Map<String, String> values;
        private boolean changed;

        private Session(Map<String, String> values) {
            this.values = values;
        }

        public Optional<String> get(String name) {
            return Optional.ofNullable(values.get(name));
        }

        public void put(String name, String value) {
            changed |= !value.equals(values.put(name, value));
        }

        public void remove(String name) {
            changed |= values.remove(name) != null;
        }

        /// Forgets everything, as on logout, and before a login.
        public void clear() {
            changed |= !values.isEmpty();
            values.clear();
        }
    }

    @Override
    public Security security() {
        return new Security.Cookie(
                "session", COOKIE, "A visitor's session, as an answer before has set it.");
    }

    @Override
    public Handler guard(Handler next) {
        return request -> {
            Session session = new Session(read(request));
            request.put(KEY, session);
            Response response = next.handle(request);
            if (!session.changed) {
                return response;
            }
            return session.values.isEmpty()
                    ? cookies.remove(response, request, COOKIE)
                    : cookies.set(response, request, COOKIE, encode(session.values), time);
        };
    }

    private Map<String, String> read(Request request) {
        Map<String, String> values = new LinkedHashMap<>();
        Optional<String> cookie = cookies.read(request, COOKIE);
        if (cookie.isPresent()) {
            try {
                Query query = Query.parse(cookie.get());
                query.names().forEach(name -> values.put(name, query.first(name).orElse("")));
            } catch (RefusedException unreadable) {
                values.clear(); // ours, but of another version of the program: begin anew
            }
        }
        return values;
    }

    private static String encode(Map<String, String> values) {
        StringJoiner pairs = new StringJoiner("&");
        values.forEach((name, value) ->
                pairs.add(
                        URLEncoder.encode(name, StandardCharsets.UTF_8)
                                + "="
                                + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return pairs.toString();
    }
}
