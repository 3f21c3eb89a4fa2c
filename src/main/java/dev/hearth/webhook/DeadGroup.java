package dev.hearth.webhook;

import java.time.Instant;

/// Dead events that failed alike: same source and type, and an error that differs in numbers and ids only.
///
/// @param error the error, with `#` where numbers and ids stood
/// @param newestId the inbox's id of the newest of them
/// @param oldest when the oldest of them was received
/// @param newest when the newest was
public record DeadGroup(
        String source,
        String type,
        String error,
        long count,
        String newestId,
        Instant oldest,
        Instant newest) {}
