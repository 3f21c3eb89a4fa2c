package dev.hearth.webhook;

import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Events whose lease ended before their handler did: mostly because the process died, perhaps of them.
///
/// After the first loss everything that the process had in hand is claimed as ever, for most processes die of
/// something else. What loses a lease once more is suspect: a worker has one such event in hand at a time, so that
/// the guilty one takes none of the others along again, and those are soon done. One that goes on losing them is
/// given up.
final class LostLeases {
    private LostLeases() {}

    /// With this loss an event is dead.
    static final int MOST = 5;

    private static final String ERROR =
            "the process that handled it ended, or was away for longer than its lease, %s times"
                    .formatted(MOST);

    private static final String GIVE_UP =
            """
            UPDATE webhook_inbox
               SET state = 'dead', next_at = NULL, lease_owner = NULL, last_error = ?, done_at = ?,
                   lost_leases = lost_leases + 1
             WHERE state = 'processing' AND lost_leases >= ? AND id\
            """;

    private record GivenUp(String id, int attempts) {}

    /// Whether an event that has lost so many leases is suspect.
    static boolean isSuspect(int lost) {
        return lost > 0;
    }

    /// Of these events whose leases have ended, marks those as dead that have lost too many, and gives their ids.
    static List<String> giveUp(Transaction tx, Collection<String> ids, Instant now)
            throws SQLException {
        List<GivenUp> given =
                tx.query(
                        GIVE_UP + tx.dialect().inCollection() + " RETURNING id, attempts",
                        LostLeases::givenUp,
                        ERROR,
                        now,
                        MOST - 1,
                        ids);
        List<String> over = new ArrayList<>();
        for (GivenUp one : given) {
            over.add(one.id);
            InboxQueue.noteAttempt(
                    tx,
                    new InboxQueue.Attempt(one.id, one.attempts, now, now, ERROR, false),
                    InboxState.DEAD);
        }
        if (!over.isEmpty()) {
            InboxQueue.lookAgainBehind(tx, over, now);
        }
        return over;
    }

    private static GivenUp givenUp(Row row) throws SQLException {
        return new GivenUp(row.text("id"), row.integer("attempts"));
    }
}
