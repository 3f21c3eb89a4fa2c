package dev.hearth.webhook;

import java.time.Instant;
import java.util.Optional;

/// Which stored events are meant: all that fit everything that is given.
///
/// @param object the id of the object that they are about
/// @param since received at this time or later
/// @param before received before this time
/// @param text what their body contains, byte for byte
/// @param olderThan only those before the event of this id: where the page before ended
/// @param limit at most so many
public record InboxFilter(
        Optional<InboxState> state,
        Optional<String> source,
        Optional<String> type,
        Optional<String> object,
        Optional<Instant> since,
        Optional<Instant> before,
        Optional<String> text,
        Optional<String> olderThan,
        int limit) {

    /// The newest hundred.
    public static final InboxFilter ALL =
            new InboxFilter(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    100);

    public InboxFilter {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1, was " + limit);
        }
        if (text.filter(String::isEmpty).isPresent()) {
            throw new IllegalArgumentException("a text to search for has at least one character");
        }
    }

    /// The same, in this state only.
    public InboxFilter in(InboxState one) {
        return new InboxFilter(
                Optional.of(one), source, type, object, since, before, text, olderThan, limit);
    }

    /// The same, of this source only.
    public InboxFilter from(String one) {
        return new InboxFilter(
                state, Optional.of(one), type, object, since, before, text, olderThan, limit);
    }

    /// The same, of this type only.
    public InboxFilter ofType(String one) {
        return new InboxFilter(
                state, source, Optional.of(one), object, since, before, text, olderThan, limit);
    }

    /// The same, about this object only.
    public InboxFilter about(String objectId) {
        return new InboxFilter(
                state, source, type, Optional.of(objectId), since, before, text, olderThan, limit);
    }

    /// The same, received in this time: `start` included, `end` not.
    public InboxFilter between(Optional<Instant> start, Optional<Instant> end) {
        return new InboxFilter(state, source, type, object, start, end, text, olderThan, limit);
    }

    /// The same, with this in the body.
    public InboxFilter containing(String part) {
        return new InboxFilter(
                state, source, type, object, since, before, Optional.of(part), olderThan, limit);
    }

    /// The same, from where the page before ended.
    public InboxFilter after(String cursor) {
        return new InboxFilter(
                state, source, type, object, since, before, text, Optional.of(cursor), limit);
    }

    /// The same, at most so many.
    public InboxFilter atMost(int many) {
        return new InboxFilter(state, source, type, object, since, before, text, olderThan, many);
    }
}
