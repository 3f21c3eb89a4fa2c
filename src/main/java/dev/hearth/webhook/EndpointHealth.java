package dev.hearth.webhook;

import java.time.Instant;
import java.util.Optional;

/// How an endpoint that we send to fares.
///
/// @param address its host and port; never its path, which may hold a token
/// @param circuit how this process treats it; nothing where this process sends nothing
public record EndpointHealth(
        String name, String address, Optional<Circuit> circuit, OutboxRecords.Backlog backlog) {

    /// Whether messages go out.
    public enum State {
        /// All goes well.
        CLOSED,
        /// It failed too often in a row: nothing is sent for a while.
        OPEN,
        /// The while is over: one message tries it out, or will.
        TRYING
    }

    /// The circuit breaker of an endpoint.
    ///
    /// @param failures in a row
    /// @param openUntil when the next message tries it out
    public record Circuit(State state, int failures, Optional<Instant> openUntil) {}
}
