package dev.hearth.webhook;

/// What became of an event that was brought: it is in the inbox, now or since before.
sealed interface Stored {
    /// The inbox's id of it.
    String id();

    /// It is new.
    record New(String id) implements Stored {}

    /// It was there already, byte for byte.
    record Duplicate(String id) implements Stored {}

    /// An event of the same source and id was there already, with another body. The first is kept.
    record Conflicting(String id) implements Stored {}
}
