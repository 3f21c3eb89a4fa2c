package dev.hearth.webhook;

import java.util.Optional;
import java.util.Set;

/// Which of our messages are meant: all that fit everything that is given, newest first.
///
/// @param state waiting, sending, delivered or dead
/// @param olderThan only those before the message of this id: the last of the page before
/// @param limit at most so many
public record OutboxFilter(
        Optional<String> endpoint, Optional<String> state, Optional<String> olderThan, int limit) {
    private static final Set<String> STATES = Set.of("waiting", "sending", "delivered", "dead");

    /// The newest hundred.
    public static final OutboxFilter ALL =
            new OutboxFilter(Optional.empty(), Optional.empty(), Optional.empty(), 100);

    public OutboxFilter {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1, was " + limit);
        }
        if (state.isPresent() && !STATES.contains(state.get())) {
            throw new IllegalArgumentException(
                    "a message is waiting, sending, delivered or dead, never " + state.get());
        }
    }

    /// The same, to this endpoint only.
    public OutboxFilter to(String name) {
        return new OutboxFilter(Optional.of(name), state, olderThan, limit);
    }

    /// The same, in this state only.
    public OutboxFilter in(String one) {
        return new OutboxFilter(endpoint, Optional.of(one), olderThan, limit);
    }

    /// The same, from where the page before ended.
    public OutboxFilter after(String id) {
        return new OutboxFilter(endpoint, state, Optional.of(id), limit);
    }

    /// The same, at most so many.
    public OutboxFilter atMost(int many) {
        return new OutboxFilter(endpoint, state, olderThan, many);
    }
}
