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
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final String CAN_BE_IGNORED = "state IN ('received', 'retry', 'dead')";

    private static final int CHUNK = 500;

    /// As [KeptHeaders] writes it, unlike any other value: quotes within those are escaped.
    private static final Pattern TRACEPARENT =
            Pattern.compile("\"" + KeptHeaders.TRACEPARENT + "\":\"([0-9a-f-]{55})\"");

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

    /// Where the request that brought an event stood in its trace, if it was traced.
    public Optional<String> traceparent(String id) throws SQLException {
        return database.read(tx ->
                        tx.first(
                                "SELECT headers_json FROM webhook_inbox WHERE id = ?",
                                row -> row.text("headers_json"),
                                id))
                .map(TRACEPARENT::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1));
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
        return (int) replay(filter, _ -> {});
    }

    /// As above, telling from time to time how many they are so far.
    public long replay(InboxFilter filter, LongConsumer progress) throws SQLException {
        return change(filter, "next_at IS NULL AND body IS NOT NULL", this::replay, progress);
    }

    /// Gives an event up that waits or is dead: it is handled no more, unless it is replayed. False where
    /// there is none such.
    public boolean ignore(String id) throws SQLException {
        return database.write(tx -> ignore(tx, List.of(id))) == 1;
    }

    /// Gives up every event that fits and waits or is dead, and tells how many.
    public long ignore(InboxFilter filter, LongConsumer progress) throws SQLException {
        return change(filter, CAN_BE_IGNORED, this::ignore, progress);
    }

    private int ignore(Transaction tx, List<String> ids) throws SQLException {
        int ignored =
                tx.update(
                        "UPDATE webhook_inbox SET state = 'ignored', next_at = NULL,"
                                + " lease_owner = NULL, done_at = ? WHERE "
                                + CAN_BE_IGNORED
                                + " AND id"
                                + tx.dialect().inCollection(),
                        clock.instant(),
                        ids);
        InboxQueue.lookAgainBehind(tx, ids, clock.instant());
        return ignored;
    }

    /// Changes some events in a transaction, and tells how many it did change.
    private interface Change {
        int apply(Transaction tx, List<String> ids) throws SQLException;
    }

    /// Walks through the events that fit, oldest first, a chunk in a transaction.
    private long change(InboxFilter filter, String condition, Change change, LongConsumer progress)
            throws SQLException {
        InboxConditions where = InboxConditions.of(filter, database.dialect());
        String sql =
                "SELECT id FROM webhook_inbox WHERE %s AND %s AND id > ? ORDER BY id LIMIT ?"
                        .formatted(where.sql(), condition);
        long seen = 0;
        long changed = 0;
        for (String after = ""; seen < filter.limit(); ) {
            String from = after;
            long most = Math.min(CHUNK, filter.limit() - seen);
            List<String> ids =
                    database.read(
                            tx -> tx.query(sql, row -> row.text("id"), where.with(from, most)));
            if (ids.isEmpty()) {
                break;
            }
            changed += database.write(tx -> change.apply(tx, ids));
            seen += ids.size();
            after = ids.getLast();
            progress.accept(changed);
        }
        return changed;
    }

    int replay(Transaction tx, List<String> ids) throws SQLException {
        return tx.update(
                "UPDATE webhook_inbox SET state = 'received', next_at = ?, done_at = NULL,"
                        + " lost_leases = 0, holds_back = ? WHERE next_at IS NULL AND body IS NOT NULL AND id"
                        + tx.dialect().inCollection(),
                clock.instant(),
                true,
                ids);
    }

    /// Forgets the bodies of events that came before `bodiesBefore` and are over, and whole rows from before
    /// `rowsBefore`; ids and hashes stay until then, so that a late repetition is still known. Tells how
    /// many bodies it forgot.
    ///
    /// Looks without holding the writer up, and writes a chunk at a time.
    public int forget(Instant bodiesBefore, Instant rowsBefore) throws SQLException {
        int forgotten = 0;
        String before = TimeOrderedIds.first(bodiesBefore);
        for (String after = ""; ; ) {
            String from = after;
            List<Kept> stretch = database.read(tx -> stretch(tx, from, before));
            if (stretch.isEmpty()) {
                break;
            }
            List<String> ids =
                    stretch.stream().filter(kept -> kept.hasBody).map(kept -> kept.id).toList();
            if (!ids.isEmpty()) {
                forgotten += database.write(tx -> forgetBodies(tx, ids));
            }
            after = stretch.getLast().id;
        }
        while (database.write(tx -> deleteChunk(tx, TimeOrderedIds.first(rowsBefore))) > 0) {
            // a chunk at a time, so that nobody waits long for the writer
        }
        return forgotten;
    }

    private record Kept(String id, boolean hasBody) {}

    private static List<Kept> stretch(Transaction tx, String after, String before)
            throws SQLException {
        return tx.query(
                """
                SELECT id, body IS NOT NULL AS has_body FROM webhook_inbox
                 WHERE id > ? AND id < ? ORDER BY id LIMIT ?
                """,
                row -> new Kept(row.text("id"), row.flag("has_body")),
                after,
                before,
                CHUNK);
    }

    private static int forgetBodies(Transaction tx, List<String> ids) throws SQLException {
        return tx.update(
                "UPDATE webhook_inbox SET body = NULL, headers_json = '{}'"
                        + " WHERE next_at IS NULL AND body IS NOT NULL AND id"
                        + tx.dialect().inCollection(),
                ids);
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
                row.optionalInstant("next_at").filter(at -> !at.equals(InboxQueue.BEHIND)),
                row.optionalInstant("done_at"),
                row.optionalText("last_error"),
                row.text("headers_json"),
                row.flag("has_body"));
    }
}
