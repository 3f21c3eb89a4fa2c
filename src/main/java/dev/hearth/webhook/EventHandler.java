package dev.hearth.webhook;

import dev.hearth.storage.Transaction;

/// Acts on one type of event.
///
/// What it writes through the transaction is committed together with the mark that the event is done: both
/// happen or neither. What it does elsewhere may happen again after a crash, so make that safe to repeat.
/// The transaction begins with its first statement; ask other servers before that, since on SQLite everyone
/// else waits while it is open.
@FunctionalInterface
public interface EventHandler {

    /// Handles the event. Runs on a thread of the worker; events of one object come one at a time.
    ///
    /// @throws PermanentFailureException if trying again can never help: the event is dead at once
    /// @throws Exception any other: the event is tried again later
    void handle(Event event, Transaction transaction) throws Exception;
}
