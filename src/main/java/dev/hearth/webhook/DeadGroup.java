package dev.hearth.webhook;

import java.time.Instant;

/// Dead events that failed alike.
///
/// @param oldestId the inbox's id of the oldest of them
/// @param newestId that of the newest
/// @param oldest when the oldest of them was received
/// @param newest when the newest was
public record DeadGroup(
        Likeness likeness,
        long count,
        String oldestId,
        String newestId,
        Instant oldest,
        Instant newest) {

    /// What they have in common: source and type, and an error that differs in numbers and ids only.
    ///
    /// @param error the error, with `#` where numbers and ids stood
    public record Likeness(String source, String type, String error) {}

    public String source() {
        return likeness.source();
    }

    public String type() {
        return likeness.type();
    }

    public String error() {
        return likeness.error();
    }

    DeadGroup with(DeadGroup older) {
        return new DeadGroup(
                likeness, count + older.count, older.oldestId, newestId, older.oldest, newest);
    }
}
