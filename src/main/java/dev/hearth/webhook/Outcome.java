package dev.hearth.webhook;

import dev.hearth.webhook.InboxClaims.Claimed;
import java.time.Instant;

/// What became of a step of a task, on its way from the thread that handled it to the dispatcher.
sealed interface Outcome {
    InboxTask task();

    Claimed step();

    /// Over, and to be marked so.
    record Finished(InboxTask task, Claimed step, InboxState state) implements Outcome {}

    /// Over and marked so, in the handler's own transaction; or lost to another worker.
    record Settled(InboxTask task, Claimed step) implements Outcome {}

    /// Not handled.
    record Failed(
            InboxTask task,
            Claimed step,
            Instant started,
            Instant ended,
            String error,
            boolean permanent)
            implements Outcome {}

    /// Not begun: this worker ends, or one before it failed.
    record Released(InboxTask task, Claimed step) implements Outcome {}
}
