package dev.hearth.web.auth;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.web.Origins;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Refuses requests that another site makes a visitor's browser send (CSRF), with 403.
///
/// Browsers say where a request comes from: `Sec-Fetch-Site`, or in older ones `Origin`. A request that changes
/// something passes if that is this site, the visitor himself, or one of the origins named. Where neither header is
/// there, no browser of this decade sent it, and there are no cookies to abuse. No tokens in forms are needed.
public final class SameOrigin implements Middleware {
    private final Set<String> others;

    /// `others` are further origins that may send, such as `https://admin.shop.example`.
    ///
    /// @throws dev.hearth.web.WiringException if one is no origin: it has a path, or no scheme
    public SameOrigin(String... others) {
        this.others =
                Arrays.stream(others).map(Origins::parse).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Handler wrap(Handler next) {
        return request -> {
            if (!isRead(request) && !isOurs(request)) {
                throw Problem.of(
                                403,
                                "cross-site-request",
                                "This request was made by a page of another site.")
                        .refuse();
            }
            return next.handle(request);
        };
    }

    private static boolean isRead(Request request) {
        return switch (request.method()) {
            case "GET", "HEAD", "OPTIONS" -> true;
            default -> false;
        };
    }

    private boolean isOurs(Request request) {
        Optional<String> origin = request.header("Origin");
        if (origin.isPresent() && others.contains(origin.get())) {
            return true;
        }
        Optional<String> site = request.header("Sec-Fetch-Site");
        if (site.isPresent()) {
            return site.get().equals("same-origin") || site.get().equals("none");
        }
        return origin.isEmpty() || isHost(origin.get(), request.host());
    }

    /// Not the scheme: a front server that ends https may not tell it.
    private static boolean isHost(String origin, String host) {
        int authority = origin.indexOf("://");
        return authority >= 0
                && origin.substring(authority + 3)
                        .toLowerCase(Locale.ROOT)
                        .equals(host.toLowerCase(Locale.ROOT));
    }
}
