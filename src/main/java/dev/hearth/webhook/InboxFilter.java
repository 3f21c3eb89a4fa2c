package dev.hearth.webhook;

import java.time.Instant;
import java.util.Optional;

/// Which stored events are meant: all that fit everything that is given.
///
/// @param since received at this time or later
/// @param before received before this time
/// @param limit at most so many
public record InboxFilter(
        Optional<InboxState> state,
        Optional<String> source,
        Optional<String> type,
        Optional<Instant> since,
        Optional<Instant> before,
        int limit) {

    /// The newest hundred.
    public static final InboxFilter ALL =
            new InboxFilter(
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
    }

    /// The same, in this state only.
    public InboxFilter in(InboxState one) {
        return new InboxFilter(Optional.of(one), source, type, since, before, limit);
    }

    /// The same, of this source only.
    public InboxFilter from(String one) {
        return new InboxFilter(state, Optional.of(one), type, since, before, limit);
    }

    /// The same, of this type only.
    public InboxFilter ofType(String one) {
        return new InboxFilter(state, source, Optional.of(one), since, before, limit);
    }

    /// The same, received in this time: `start` included, `end` not.
    public InboxFilter between(Optional<Instant> start, Optional<Instant> end) {
        return new InboxFilter(state, source, type, start, end, limit);
    }

    /// The same, at most so many.
    public InboxFilter atMost(int many) {
        return new InboxFilter(state, source, type, since, before, many);
    }
}
