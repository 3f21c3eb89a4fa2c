package dev.hearth.web;

import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Headers;
import dev.hearth.http.Middleware;
import dev.hearth.http.Request;
import dev.hearth.http.Response;

/// Adds the headers that tell a browser to trust an answer no further than it must. A header that the handler
/// has set itself stays as it is.
///
/// The default: `X-Content-Type-Options: nosniff`, `Referrer-Policy: strict-origin-when-cross-origin`,
/// `X-Frame-Options: DENY`, and over https `Strict-Transport-Security` for a year.
public final class SecurityHeaders implements Middleware {
    private static final Headers DEFAULT =
            Headers.of("X-Content-Type-Options", "nosniff")
                    .with("Referrer-Policy", "strict-origin-when-cross-origin")
                    .with("X-Frame-Options", "DENY");
    private static final String TRANSPORT = "Strict-Transport-Security";

    private final Headers always;
    private final Headers overHttps;

    public SecurityHeaders() {
        this(DEFAULT);
    }

    private SecurityHeaders(Headers always) {
        this.always = always;
        this.overHttps = always.with(TRANSPORT, "max-age=31536000");
    }

    /// The same with another header, or another value for one, such as a `Content-Security-Policy`.
    public SecurityHeaders with(String name, String value) {
        return new SecurityHeaders(always.replace(name, value));
    }

    @Override
    public Handler wrap(Handler next) {
        Handler answered = Errors.refusals(next);
        return request -> add(request, answered.handle(request));
    }

    private Response add(Request request, Response response) {
        Headers wanted = request.scheme().equals("https") ? overHttps : always;
        Headers present = response.headers();
        for (int i = 0; i < wanted.size(); i++) {
            if (present.contains(wanted.name(i))) {
                return addMissing(response, wanted);
            }
        }
        return response.withHeaders(present.with(wanted));
    }

    private static Response addMissing(Response response, Headers wanted) {
        Headers headers = response.headers();
        for (int i = 0; i < wanted.size(); i++) {
            if (!headers.contains(wanted.name(i))) {
                headers = headers.with(wanted.name(i), wanted.value(i));
            }
        }
        return response.withHeaders(headers);
    }
}
