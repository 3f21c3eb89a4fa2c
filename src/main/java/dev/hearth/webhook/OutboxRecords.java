package dev.hearth.webhook;

import dev.hearth.storage.Database;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The webhooks that we send, for their operator: look, send again. Needs the database only, so it works
/// beside a running server.
public final class OutboxRecords {
    private static final String WAITING = "next_at IS NOT NULL ORDER BY endpoint, next_at";

    private final Database database;
    private final InstantSource clock;

    public OutboxRecords(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// How many messages of an endpoint wait or are being sent, and how many were given up; each at most
    /// [InboxSearch#MOST_COUNTED].
    public record Backlog(long waiting, long dead) {
        static final Backlog NONE = new Backlog(0, 0);

        Backlog plus(Backlog more) {
            return new Backlog(waiting + more.waiting, dead + more.dead);
        }
    }

    /// The messages that fit, newest first, with what was tried.
    public List<OutboxEntry> list(OutboxFilter filter) throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT * FROM outgoing_webhook WHERE 1 = 1");
        List<Object> parameters = new ArrayList<>();
        filter.endpoint().ifPresent(name -> add(sql, parameters, "endpoint = ?", name));
        filter.olderThan().ifPresent(id -> add(sql, parameters, "id < ?", id));
        filter.state()
                .ifPresent(state -> {
                    // Said in the words of the index, which knows no parameters.
                    switch (state) {
                        case "dead" -> sql.append(" AND state = 'dead'");
                        case "delivered" -> sql.append(" AND state = 'delivered'");
                        default -> add(sql, parameters, "next_at IS NOT NULL AND state = ?", state);
                    }
                });
        sql.append(" ORDER BY id DESC LIMIT ?");
        parameters.add(filter.limit());
        return database.read(tx -> {
            List<OutboxEntry> entries = new ArrayList<>();
            for (OutboxEntry entry :
                    tx.query(
                            sql.toString(),
                            row -> OutboxQueue.entry(row, List.of()),
                            parameters.toArray())) {
                entries.add(OutboxQueue.withTries(tx, entry));
            }
            return entries;
        });
    }

    private static void add(
            StringBuilder sql, List<Object> parameters, String condition, Object value) {
        sql.append(" AND ").append(condition);
        parameters.add(value);
    }

    /// The message with this id, with what was tried.
    public Optional<OutboxEntry> find(String id) throws SQLException {
        return database.read(tx -> {
            Optional<OutboxEntry> entry =
                    tx.first(
                            "SELECT * FROM outgoing_webhook WHERE id = ?",
                            row -> OutboxQueue.entry(row, List.of()),
                            id);
            return entry.isEmpty() ? entry : Optional.of(OutboxQueue.withTries(tx, entry.get()));
        });
    }

    /// What was written or is to be written into the request, or nothing where there is no such message.
    public Optional<byte[]> body(String id) throws SQLException {
        return database.read(tx ->
                tx.first(
                        "SELECT body FROM outgoing_webhook WHERE id = ?",
                        row -> row.bytes("body"),
                        id));
    }

    /// What waits and what was given up, by endpoint; those without any are left out.
    public Map<String, Backlog> backlog() throws SQLException {
        Map<String, Backlog> backlog = new TreeMap<>();
        database.<Boolean, SQLException>read(tx -> {
            count(tx, WAITING).forEach((name, n) -> backlog.put(name, new Backlog(n, 0)));
            count(tx, "state = 'dead' ORDER BY id")
                    .forEach((name, n) -> backlog.merge(name, new Backlog(0, n), Backlog::plus));
            return true;
        });
        return backlog;
    }

    /// Whether a message to one of these endpoints waits or is being sent.
    boolean isAnyWaitingFor(Set<String> endpoints) throws SQLException {
        return database.read(tx ->
                        tx.first(
                                "SELECT id FROM outgoing_webhook WHERE next_at IS NOT NULL AND endpoint"
                                        + database.dialect().inCollection()
                                        + " LIMIT 1",
                                row -> row.text("id"),
                                endpoints))
                .isPresent();
    }

    /// How many messages wait for endpoints that are not among these, and so for nobody: of the first
    /// [InboxSearch#MOST_COUNTED] that wait for anybody.
    public Map<String, Long> waitingForOthersThan(Set<String> endpoints) throws SQLException {
        Map<String, Long> waiting = database.read(tx -> count(tx, WAITING));
        waiting.keySet().removeAll(endpoints);
        return waiting;
    }

    private static Map<String, Long> count(Transaction tx, String condition) throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        tx.query(
                """
                SELECT endpoint, count(*) AS n
                  FROM (SELECT endpoint FROM outgoing_webhook WHERE %s LIMIT ?) o
                 GROUP BY endpoint
                """
                        .formatted(condition),
                row -> counts.put(row.text("endpoint"), row.number("n")),
                InboxSearch.MOST_COUNTED);
        return counts;
    }

    /// Has a message sent again that was delivered or given up; its attempts go on counting. False where
    /// there is none such.
    public boolean retry(String id) throws SQLException {
        return database.write(tx ->
                tx.update(
                                """
                                UPDATE outgoing_webhook
                                   SET state = 'waiting', next_at = ?, done_at = NULL
                                 WHERE id = ? AND next_at IS NULL
                                """,
                                clock.instant(),
                                id)
                        == 1);
    }

    /// Gives up a message that waits: it is sent no more, unless it is retried. False where there is none such, or where
    /// it is being sent at this moment.
    public boolean giveUp(String id) throws SQLException {
        return database.write(tx -> giveUp(tx, "id = ?", id)) == 1;
    }

    /// Gives up all that waits for an endpoint, and tells how many.
    public long giveUpAll(String endpoint) throws SQLException {
        long all = 0;
        int some;
        do {
            some = database.write(tx -> giveUp(tx, "endpoint = ?", endpoint));
            all += some;
        } while (some > 0);
        return all;
    }

    /// Whose lease has ended is in nobody's hands either.
    private int giveUp(Transaction tx, String condition, String value) throws SQLException {
        Instant now = clock.instant();
        List<String> ids =
                tx.query(
                        """
                        SELECT id FROM outgoing_webhook
                         WHERE next_at IS NOT NULL AND (state = 'waiting' OR next_at <= ?) AND %s LIMIT 500
                        """
                                        .formatted(condition)
                                + tx.dialect().forUpdate(),
                        row -> row.text("id"),
                        now,
                        value);
        return tx.update(
                """
                UPDATE outgoing_webhook
                   SET state = 'dead', next_at = NULL, lease_owner = NULL, last_error = 'given up by hand',
                       done_at = ?
                 WHERE id\
                """
                        + tx.dialect().inCollection(),
                now,
                ids);
    }

    /// Deletes the messages from before this time that were delivered or given up, with what was tried, and
    /// tells how many.
    public int forget(Instant before) throws SQLException {
        int forgotten = 0;
        int deleted;
        do {
            deleted =
                    database.write(tx -> {
                        List<String> ids =
                                tx.query(
                                        """
                                        SELECT id FROM outgoing_webhook
                                         WHERE id < ? AND next_at IS NULL ORDER BY id LIMIT 500
                                        """,
                                        row -> row.text("id"),
                                        Outbox.firstIdOf(before));
                        return tx.update(
                                "DELETE FROM outgoing_webhook WHERE id"
                                        + tx.dialect().inCollection(),
                                ids);
                    });
            forgotten += deleted;
        } while (deleted > 0);
        return forgotten;
    }
}
