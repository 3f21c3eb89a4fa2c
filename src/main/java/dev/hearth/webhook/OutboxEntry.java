package dev.hearth.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A webhook of ours, as the operator sees it.
///
/// @param state waiting, sending, delivered or dead
/// @param tries each attempt that was made, first to last
public record OutboxEntry(
        String id,
        String endpoint,
        String type,
        Instant createdAt,
        String state,
        int attempts,
        Optional<Instant> nextAt,
        Optional<String> lastError,
        List<Try> tries) {

    /// One attempt.
    ///
    /// @param status the receiver's answer; 0 where there was none
    public record Try(
            int number, Instant started, Instant ended, int status, Optional<String> error) {}
}
