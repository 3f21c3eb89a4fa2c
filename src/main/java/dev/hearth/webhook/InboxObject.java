package dev.hearth.webhook;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What events are about; those about one object are handled one after the other.
record InboxObject(String source, String id) {

    /// The object of an event, if it has one.
    static Optional<InboxObject> of(Event event) {
        return event.objectId().map(id -> new InboxObject(event.source(), id));
    }

    static Optional<InboxObject> of(NewEvent event) {
        return event.head().objectId().map(id -> new InboxObject(event.source(), id));
    }

    // Written out: the generated ones cost a CGI program milliseconds for the first of them.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InboxObject object
                && id.equals(object.id)
                && source.equals(object.source);
    }

    @Override
    public int hashCode() {
        return 31 * source.hashCode() + id.hashCode();
    }
}
