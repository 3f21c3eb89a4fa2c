package dev.hearth.webhook;

import dev.hearth.storage.Database;
import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The events that were given up, by what they died of; a group of them can be put back as a whole.
public final class DeadLetters {
    private static final int MOST_GROUPED = 10_000;

    /// Events that are put back in a transaction: others wait for the writer no longer than that.
    private static final int CHUNK = 500;

    private static final Pattern VARIABLE =
            Pattern.compile(
                    "[A-Za-z_-]*[0-9][A-Za-z0-9_-]*"
                            // One id in sixty has no digit: there, mixed case tells.
                            + "|[a-z]+_(?=[A-Za-z]*[A-Z])(?=[A-Za-z]*[a-z])[A-Za-z]{14,}");

    private final Database database;
    private final InboxRecords records;

    public DeadLetters(Database database) {
        this.database = database;
        this.records = new InboxRecords(database, database.clock());
    }

    /// Groups that failed alike, the largest first; of the newest ten thousand events.
    public List<DeadGroup> groups() throws SQLException {
        Map<DeadGroup.Likeness, DeadGroup> groups = new LinkedHashMap<>();
        database.read(tx ->
                tx.query(
                        """
                        SELECT id, source, event_type, last_error, received_at FROM webhook_inbox
                         WHERE state = 'dead' ORDER BY id DESC LIMIT ?
                        """,
                        row -> {
                            DeadGroup one = ofOne(row);
                            return groups.merge(one.likeness(), one, DeadGroup::with);
                        },
                        MOST_GROUPED));
        return groups.values().stream()
                .sorted(Comparator.comparingLong(DeadGroup::count).reversed())
                .toList();
    }

    private static DeadGroup ofOne(Row row) throws SQLException {
        String id = row.text("id");
        Instant received = row.instant("received_at");
        return new DeadGroup(likeness(row), 1, id, id, received, received);
    }

    private static DeadGroup.Likeness likeness(Row row) throws SQLException {
        String error = row.optionalText("last_error").orElse("");
        return new DeadGroup.Likeness(
                row.text("source"),
                row.text("event_type"),
                // Forms send line ends as they like.
                VARIABLE.matcher(error).replaceAll("#").replaceAll("\\s+", " ").strip());
    }

    /// The group that an event belongs to, if it is dead and among the newest.
    public Optional<DeadGroup> groupOf(String id) throws SQLException {
        Optional<DeadGroup.Likeness> likeness =
                database.read(tx ->
                        tx.first(
                                """
                                SELECT source, event_type, last_error FROM webhook_inbox
                                 WHERE id = ? AND state = 'dead'
                                """,
                                DeadLetters::likeness,
                                id));
        return likeness.isEmpty()
                ? Optional.empty()
                : groups().stream()
                        .filter(group -> group.likeness().equals(likeness.get()))
                        .findFirst();
    }

    /// Puts back the events between two ids, both included, that are dead of this, and tells how many. What has
    /// been replayed meanwhile, died of something else or came later stays as it is.
    public int replay(DeadGroup.Likeness likeness, String oldestId, String newestId)
            throws SQLException {
        int replayed = 0;
        List<String> ids;
        for (String after = ""; ; after = ids.getLast()) {
            String from = after;
            ids =
                    database.read(tx ->
                            tx.query(
                                    """
                                    SELECT id FROM webhook_inbox
                                     WHERE state = 'dead' AND source = ? AND event_type = ?
                                       AND id >= ? AND id <= ? AND id > ? ORDER BY id LIMIT ?
                                    """,
                                    row -> row.text("id"),
                                    likeness.source(),
                                    likeness.type(),
                                    oldestId,
                                    newestId,
                                    from,
                                    CHUNK));
            if (ids.isEmpty()) {
                return replayed;
            }
            List<String> seen = ids;
            replayed += database.write(tx -> replay(tx, likeness, seen));
        }
    }

    private int replay(Transaction tx, DeadGroup.Likeness likeness, List<String> ids)
            throws SQLException {
        List<String> alike =
                tx
                        .query(
                                "SELECT id, source, event_type, last_error FROM webhook_inbox"
                                        + " WHERE state = 'dead' AND id"
                                        + tx.dialect().inCollection(),
                                row ->
                                        likeness(row).equals(likeness)
                                                ? Optional.of(row.text("id"))
                                                : Optional.<String>empty(),
                                ids)
                        .stream()
                        .flatMap(Optional::stream)
                        .toList();
        return alike.isEmpty() ? 0 : records.replay(tx, alike);
    }
}
