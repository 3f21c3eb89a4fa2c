package dev.hearth.metrics;

import dev.hearth.storage.Database;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// What waits in the database: events in the inbox, webhooks of our own, calls to Stripe.
///
/// @param waiting events that were not tried yet, or are in a worker's hands
/// @param retrying events that failed and will be tried again
/// @param dead events that were given up
/// @param oldest when the event came that waits longest
/// @param outgoing webhooks of ours that are to be delivered
/// @param outgoingDead webhooks of ours that were given up
/// @param unknownCalls calls to Stripe whose outcome is not known yet
public record Backlog(
        long waiting,
        long retrying,
        long dead,
        Optional<Instant> oldest,
        long outgoing,
        long outgoingDead,
        long unknownCalls) {

    // Everything here is answered from partial indexes: what is over costs nothing, but for the
    // dead. The events that wait are asked for by a range of times, into which all of them fall:
    // PostgreSQL takes a range for narrow where it knows nothing of a new table yet, and does not
    // read all of it.
    private static final String QUERY =
            """
            SELECT i.waiting, i.retrying, i.oldest,
                   (SELECT count(*) FROM webhook_inbox WHERE state = 'dead') AS dead,
                   (SELECT count(*) FROM outgoing_webhook WHERE next_at IS NOT NULL) AS outgoing,
                   (SELECT count(*) FROM outgoing_webhook WHERE state = 'dead') AS outgoing_dead,
                   (SELECT count(*) FROM api_call WHERE next_at IS NOT NULL) AS unknown_calls
              FROM (SELECT count(*) FILTER (WHERE state <> 'retry') AS waiting,
                           count(*) FILTER (WHERE state = 'retry') AS retrying,
                           min(received_at) AS oldest
                      FROM webhook_inbox
                     WHERE next_at BETWEEN 0 AND 9223372036854775807) i
            """;

    /// Asks the database.
    public static Backlog read(Database database) throws SQLException {
        return database.read(tx ->
                        tx.first(
                                QUERY,
                                row ->
                                        new Backlog(
                                                row.number("waiting"),
                                                row.number("retrying"),
                                                row.number("dead"),
                                                row.optionalInstant("oldest"),
                                                row.number("outgoing"),
                                                row.number("outgoing_dead"),
                                                row.number("unknown_calls"))))
                .orElseThrow();
    }

    /// How long the oldest event has waited, in seconds; 0 where none waits.
    public double oldestSeconds(Instant now) {
        return oldest.map(came -> Math.max(0, now.toEpochMilli() - came.toEpochMilli()) / 1e3)
                .orElse(0.0);
    }
}
