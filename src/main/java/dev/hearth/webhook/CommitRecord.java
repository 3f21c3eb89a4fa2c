package dev.hearth.webhook;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// Writes each commit of the inbox into JFR's recordings as the event `dev.hearth.InboxCommit`. Where nothing was ever
/// recorded it costs one read: the first event of a JVM loads much.
final class CommitRecord {
    private CommitRecord() {}

    /// What ends a commit.
    @FunctionalInterface
    interface Ended extends AutoCloseable {
        @Override
        void close();
    }

    private static final Ended NOTHING = () -> {};

    /// Begins a commit of so many events.
    static Ended begin(int events) {
        return FlightRecorder.isInitialized() ? recorded(events) : NOTHING;
    }

    private static Ended recorded(int events) {
        CommitEvent event = new CommitEvent();
        event.events = events;
        event.begin();
        return event::commit;
    }

    @Name("dev.hearth.InboxCommit")
    @Label("Inbox Commit")
    @Category("Hearth")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // JFR reads the fields
    private static final class CommitEvent extends Event {
        @Label("Events")
        int events;
    }
}
