package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.Role;

/// The application behind a [FastCgiServer].
@FunctionalInterface
public interface FastCgiHandler {

    /// Serves one request. Called on a thread of the request's own, by many at once; may block.
    ///
    /// What it writes to [FastCgiRequest#stdout] is a CGI response (RFC 3875 section 6). When it throws before
    /// any of that has left, the client gets a 500; when it throws later, the response is visibly cut.
    ///
    /// @return the application status: what a CGI program would have returned as its exit code
    /// @throws RequestAbortedException when the client is gone: not logged
    /// @throws BodyCutException and its like, from reading the body: the client gets 400, 408 or 413
    /// @throws Exception any other: a bug, logged with its stack trace
    int handle(FastCgiRequest request) throws Exception;

    /// What the engine's log calls a request with these variables, such as `GET /orders`: nothing secret, and no control
    /// character. Nothing, unless a handler says otherwise.
    default String name(NameValuePairs params) {
        return "";
    }

    /// Whether requests of this role are served; others are answered with UNKNOWN_ROLE. All, unless a handler
    /// says otherwise.
    default boolean serves(Role role) {
        return true;
    }
}
