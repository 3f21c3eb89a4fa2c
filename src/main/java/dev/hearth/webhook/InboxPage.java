package dev.hearth.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A part of what a search found, newest first.
///
/// A search looks at a bounded number of events, so a page may hold fewer than were asked for, even none,
/// and still have a next one.
///
/// @param next what [InboxFilter#after] takes for the next page; nothing once all was looked at
/// @param lookedBackTo when the last event was received that was looked at; nothing where there was none
public record InboxPage(
        List<InboxEntry> entries, Optional<String> next, Optional<Instant> lookedBackTo) {
    public InboxPage {
        entries = List.copyOf(entries);
    }
}
