package dev.hearth.http;

import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/// What a gateway knows of one request. Handlers see it as a [Request].
///
/// Everything may be computed when asked for; [Request] keeps what it has asked.
public interface RequestSource {

    /// The method as sent; case counts.
    String method();

    /// The path that routes are matched with: decoded once, absolute, without dot segments, empty segments
    /// or NUL (a gateway refuses those with 400).
    String path();

    /// The query behind the `?`, undecoded; empty where there is none.
    String rawQuery();

    /// The first value of a header. The name compares without case.
    Optional<String> header(String name);

    /// Every header.
    Headers headers();

    /// How many bytes the body has; 0 where there is none, -1 where the length is not known.
    long contentLength();

    /// The body: at most [#contentLength] bytes, then the end. Throws an [java.io.IOException] where the
    /// body stops short or the client goes away.
    InputStream body();

    /// The client's address, a literal, or `unix:`; never resolved.
    String remoteAddress();

    /// `http` or `https`, as the client used it.
    String scheme();

    /// The host and port that the client asked for, as in its Host header; empty where none is known.
    String host();

    /// The protocol of the request, such as `HTTP/1.1`.
    String protocol();

    /// The user that the front server has authenticated.
    Optional<String> user();

    /// The CGI variables of the request (RFC 3875 section 4.1); empty under a gateway that has none.
    Map<String, String> variables();
}
