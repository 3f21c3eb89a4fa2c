package dev.hearth.webhook;

import java.util.Locale;

/// Where an event stands: `received → processing → done | ignored | retry → … | dead`.
public enum InboxState {
    /// Stored, not tried yet.
    RECEIVED,
    /// A worker has it, under a lease.
    PROCESSING,
    /// Failed, will be tried again.
    RETRY,
    /// Handled; what the handler wrote was committed together with this.
    DONE,
    /// Nobody has a handler for its type.
    IGNORED,
    /// Given up. It can be replayed.
    DEAD;

    private final String column = name().toLowerCase(Locale.ROOT);

    /// As it stands in the table and in output.
    public String column() {
        return column;
    }

    /// The state of this name, in lower case.
    ///
    /// @throws IllegalArgumentException if there is none
    public static InboxState parse(String name) {
        for (InboxState state : values()) {
            if (state.column.equals(name)) {
                return state;
            }
        }
        throw new IllegalArgumentException(
                "no inbox state is called %s; there are received, processing, retry, done, ignored, dead"
                        .formatted(name));
    }
}
