package dev.hearth.webhook;

import dev.hearth.storage.Database;
import dev.hearth.storage.Row;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The stored events for their operator: look, replay, forget. Needs the database only, so it works beside
/// a running server.
public final class InboxRecords {
    private static final String COLUMNS =
            """
            SELECT id, source, external_id, event_type, object_type, object_id, livemode,
                   event_created, received_at, state, attempts, next_at, done_at, last_error,
                   headers_json, body IS NOT NULL AS has_body
              FROM webhook_inbox
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
        Where where = Where.of(filter);
        return database.read(tx ->
                tx.query(
                        COLUMNS + where.sql + " ORDER BY id DESC LIMIT ?",
                        InboxRecords::entry,
                        where.with(filter.limit())));
    }

    /// The event with this id: ours, or the sender's.
    public Optional<InboxEntry> find(String id) throws SQLException {
        return database.read(tx -> {
            Optional<InboxEntry> ours =
                    tx.first(COLUMNS + " WHERE id = ?", InboxRecords::entry, id);
            return ours.isPresent()
                    ? ours
                    : tx.first(
                            COLUMNS + " WHERE external_id = ? ORDER BY id DESC",
                            InboxRecords::entry,
                            id);
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

    /// How many events wait, are being handled, or are dead. What is over is not counted: there may be
    /// millions.
    public Map<InboxState, Long> backlog() throws SQLException {
        Map<InboxState, Long> backlog = new EnumMap<>(InboxState.class);
        database.read(tx ->
                tx.query(
                        """
                        SELECT state, count(*) AS n FROM webhook_inbox
                         WHERE next_at IS NOT NULL GROUP BY state
                         UNION ALL
                        SELECT 'dead', count(*) FROM webhook_inbox WHERE state = 'dead'
                        """,
                        row -> backlog.put(InboxState.parse(row.text("state")), row.number("n"))));
        return backlog;
    }

    /// When the event came that waits longest, if any waits.
    public Optional<Instant> oldestWaiting() throws SQLException {
        return database.read(tx ->
                tx.first(
                                """
                                SELECT MIN(received_at) AS oldest FROM webhook_inbox
                                 WHERE next_at IS NOT NULL
                                """,
                                row -> row.optionalInstant("oldest"))
                        .flatMap(oldest -> oldest));
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
        Where where = Where.of(filter);
        return database.write(tx -> {
            List<String> ids =
                    tx.query(
                            "SELECT id FROM webhook_inbox"
                                    + where.sql
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

    private static InboxEntry entry(Row row) throws SQLException {
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

    /// A filter as SQL. Times become ranges of ids, which are in the order of reception.
    record Where(String sql, List<Object> parameters) {
        static Where of(InboxFilter filter) {
            StringBuilder sql = new StringBuilder(" WHERE 1 = 1");
            List<Object> parameters = new ArrayList<>();
            filter.state().ifPresent(state -> add(sql, "state = ?", parameters, state.column()));
            filter.source().ifPresent(source -> add(sql, "source = ?", parameters, source));
            filter.type().ifPresent(type -> add(sql, "event_type = ?", parameters, type));
            filter.since()
                    .ifPresent(time -> add(sql, "id >= ?", parameters, TimeOrderedIds.first(time)));
            filter.before()
                    .ifPresent(time -> add(sql, "id < ?", parameters, TimeOrderedIds.first(time)));
            return new Where(sql.toString(), parameters);
        }

        private static void add(
                StringBuilder sql, String condition, List<Object> parameters, Object value) {
            sql.append(" AND ").append(condition);
            parameters.add(value);
        }

        @Nullable Object[] with(Object last) {
            List<Object> all = new ArrayList<>(parameters);
            all.add(last);
            return all.toArray();
        }
    }
}
