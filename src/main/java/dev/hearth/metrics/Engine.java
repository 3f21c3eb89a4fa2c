package dev.hearth.metrics;

/// What the FastCGI engine is doing and has done. The first four are of this moment, the others since it started.
///
/// @param connections open connections
/// @param running requests in handlers
/// @param waiting requests that wait for a handler
/// @param threads threads, idle ones included
/// @param accepted connections accepted
/// @param requests requests begun
/// @param aborted requests that the web server gave up or left
/// @param failed requests whose handler threw
/// @param refused requests answered by the engine itself, overload included
/// @param overloaded requests refused because too many were under way
/// @param protocolErrors connections closed because of what they sent
public record Engine(
        int connections,
        int running,
        int waiting,
        int threads,
        long accepted,
        long requests,
        long aborted,
        long failed,
        long refused,
        long overloaded,
        long protocolErrors) {}
