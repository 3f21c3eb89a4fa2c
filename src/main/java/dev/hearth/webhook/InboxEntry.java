package dev.hearth.webhook;

import java.time.Instant;
import java.util.Optional;

/// A stored event as the operator sees it: everything but the body.
///
/// @param nextAt when it is due, or when the lease of its worker ends; nothing where it is over, or waits
///     behind another of its object
/// @param doneAt when it was over: done, ignored or dead
/// @param hasBody false once the retention time has passed
public record InboxEntry(
        String id,
        String source,
        String externalId,
        String type,
        Optional<String> objectType,
        Optional<String> objectId,
        Optional<Boolean> livemode,
        Instant created,
        Instant receivedAt,
        InboxState state,
        int attempts,
        Optional<Instant> nextAt,
        Optional<Instant> doneAt,
        Optional<String> lastError,
        String headersJson,
        boolean hasBody) {

    /// A try that failed.
    public record FailedAttempt(
            int number, Instant started, Instant ended, String outcome, Optional<String> error) {}
}
