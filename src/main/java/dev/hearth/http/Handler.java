package dev.hearth.http;

/// Answers a request. Everything that Hearth serves is one of these, wrapped in [Middleware].
///
/// One handler serves many threads at once. It may block: it runs on a platform thread of its own.
@FunctionalInterface
public interface Handler {

    /// Answers one request.
    ///
    /// @throws RefusedException when the client asked for something wrong: becomes its problem response
    /// @throws java.io.IOException when the client went away while its body was read
    /// @throws Exception any other: our bug, answered with 500 and logged once
    Response handle(Request request) throws Exception;
}
