package dev.hearth.webhook;

import java.time.Instant;
import java.util.Set;

/// Events that are a worker's from the moment they are stored: so they need not be claimed afterwards.
///
/// @param ids the inbox's ids of those events
record Lease(String owner, Instant end, Set<String> ids) {
    Lease {
        ids = Set.copyOf(ids);
    }
}
