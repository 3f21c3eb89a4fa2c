package dev.hearth.webhook;

import dev.hearth.storage.Database;
import dev.hearth.storage.Row;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The stored events for their operator: look, replay, forget. Needs the database only, so it works beside
/// a running server.
public final class InboxRecords {
    /// An entry of each row; `FROM` follows.
    static final String COLUMNS =
            """
            SELECT id, source, external_id, event_type, object_type, object_id, livemode,
                   event_created, received_at, state, attempts, next_at, done_at, last_error,
                   headers_json, body IS NOT NULL AS has_body
            """;

    private static final String SELECT = COLUMNS + " FROM webhook_inbox WHERE ";

    /// Source by source, for the index begins with them.
    private static final String FIND_BY_SENDERS_ID =
            """
            WITH RECURSIVE sources (name) AS (
                SELECT min(source) FROM webhook_inbox
                 UNION ALL
                SELECT (SELECT min(source) FROM webhook_inbox WHERE source > name) FROM sources
                 WHERE name IS NOT NULL)
            """
                    + COLUMNS
                    + """
                      FROM sources JOIN webhook_inbox ON source = name AND external_id = ?
                     ORDER BY id DESC
                    """;

    private static final int CHUNK = 500;

    private final Database database;
    private final InstantSource clock;

    public InboxRecords(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// The events that fit, newest first.
    public List<InboxEntry> list(InboxFilter filter) throws SQLException {
        InboxConditions where = InboxConditions.of(filter, database.dialect());
        return database.read(tx ->
                tx.query(
                        SELECT + where.sql() + " ORDER BY id DESC LIMIT ?",
                        InboxRecords::entry,
                        where.with(filter.limit())));
    }

    /// The event with this id: ours, or the sender's.
    public Optional<InboxEntry> find(String id) throws SQLException {
        return database.read(tx -> {
            Optional<InboxEntry> ours = tx.first(SELECT + "id = ?", InboxRecords::entry, id);
            return ours.isPresent() ? ours : tx.first(FIND_BY_SENDERS_ID, InboxRecords::entry, id);
        });
    }

    /// The body as it came, or nothing where there is no such event or its body was forgotten.
    public Optional<byte[]> body(String id) throws SQLException {
        return database.read(tx ->
                tx.first(
                                "SELECT body FROM webhook_inbox WHERE id = ?",
                                row -> row.optionalBytes("body"),
                                id)
                        .flatMap(body -> body));
    }

    /// The tries of an event that failed, first to last.
    public List<InboxEntry.FailedAttempt> failedAttempts(String id) throws SQLException {
        return database.read(tx ->
                tx.query(
                        """
                        SELECT n, started, ended, outcome, error FROM webhook_attempt
                         WHERE inbox_id = ? ORDER BY n
                        """,
                        row ->
                                new InboxEntry.FailedAttempt(
                                        row.integer("n"),
                                        row.instant("started"),
                                        row.instant("ended"),
                                        row.text("outcome"),
                                        row.optionalText("error")),
                        id));
    }

    /// Whether an event is due or being handled; those that wait for their next try do not count.
    public boolean isBusy() throws SQLException {
        return database.read(tx ->
                        tx.first(
                                """
                                SELECT 1 FROM webhook_inbox
                                 WHERE next_at IS NOT NULL
                                   AND (next_at <= ? OR state = 'processing')
                                 LIMIT 1
                                """,
                                _ -> true,
                                clock.instant()))
                .isPresent();
    }

    /// Puts an event that is over back into the queue; its attempts go on counting. False where there is no
    /// such event, it still waits, or its body was forgotten.
    public boolean replay(String id) throws SQLException {
        return database.write(tx -> replay(tx, List.of(id))) == 1;
    }

    /// Puts back every event that fits and is over, and tells how many.
    public int replay(InboxFilter filter) throws SQLException {
        InboxConditions where = InboxConditions.of(filter, database.dialect());
        return database.write(tx -> {
            List<String> ids =
                    tx.query(
                            "SELECT id FROM webhook_inbox WHERE "
                                    + where.sql()
                                    + " AND next_at IS NULL AND body IS NOT NULL"
                                    + " ORDER BY id LIMIT ?",
                            row -> row.text("id"),
                            where.with(filter.limit()));
            return replay(tx, ids);
        });
    }

    private int replay(Transaction tx, List<String> ids) throws SQLException {
        return tx.update(
                "UPDATE webhook_inbox SET state = 'received', next_at = ?, done_at = NULL,"
                        + " holds_back = ? WHERE next_at IS NULL AND body IS NOT NULL AND id"
                        + tx.dialect().inCollection(),
                clock.instant(),
                true,
                ids);
    }

    /// Forgets the bodies of events that came before `bodiesBefore` and are over, and whole rows from before
    /// `rowsBefore`; ids and hashes stay until then, so that a late repetition is still known. Tells how
    /// many bodies it forgot.
    public int forget(Instant bodiesBefore, Instant rowsBefore) throws SQLException {
        int forgotten = 0;
        String after = "";
        while (true) {
            String from = after;
            List<String> chunk =
                    database.write(tx -> forgetChunk(tx, from, TimeOrderedIds.first(bodiesBefore)));
            if (chunk.isEmpty()) {
                break;
            }
            forgotten += chunk.size();
            after = chunk.getLast();
        }
        while (database.write(tx -> deleteChunk(tx, TimeOrderedIds.first(rowsBefore))) > 0) {
            // a chunk at a time, so that nobody waits long for the writer
        }
        return forgotten;
    }

    private static List<String> forgetChunk(Transaction tx, String after, String before)
            throws SQLException {
        List<String> ids =
                tx.query(
                        """
                        SELECT id FROM webhook_inbox
                         WHERE id > ? AND id < ? AND next_at IS NULL AND body IS NOT NULL
                         ORDER BY id LIMIT ?
                        """,
                        row -> row.text("id"),
                        after,
                        before,
                        CHUNK);
        tx.update(
                "UPDATE webhook_inbox SET body = NULL, headers_json = '{}' WHERE id"
                        + tx.dialect().inCollection(),
                ids);
        return ids;
    }

    private static int deleteChunk(Transaction tx, String before) throws SQLException {
        List<String> ids =
                tx.query(
                        """
                        SELECT id FROM webhook_inbox WHERE id < ? AND next_at IS NULL
                         ORDER BY id LIMIT ?
                        """,
                        row -> row.text("id"),
                        before,
                        CHUNK);
        return tx.update("DELETE FROM webhook_inbox WHERE id" + tx.dialect().inCollection(), ids);
    }

    static InboxEntry entry(Row row) throws SQLException {
        return new InboxEntry(
                row.text("id"),
                row.text("source"),
                row.text("external_id"),
                row.text("event_type"),
                row.optionalText("object_type"),
                row.optionalText("object_id"),
                row.optionalFlag("livemode"),
                row.instant("event_created"),
                row.instant("received_at"),
                InboxState.parse(row.text("state")),
                row.integer("attempts"),
                row.optionalInstant("next_at"),
                row.optionalInstant("done_at"),
                row.optionalText("last_error"),
                row.text("headers_json"),
                row.flag("has_body"));
    }
}
