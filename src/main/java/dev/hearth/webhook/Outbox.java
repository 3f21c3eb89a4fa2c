package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.storage.Database;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Webhooks that we send. A message is written in the transaction of what it tells of, so it is sent if and
/// only if that is committed; then it is tried until it is delivered or given up.
///
/// {@snippet lang=java :
/// database.write(tx -> {
///     ship(order, tx);
///     return outbox.notify(tx, "warehouse", "order.shipped", "{\"order\":\"A-17\"}");
/// });
/// }
///
/// Safe for many threads. Opening starts no thread.
public final class Outbox {
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.-]{1,255}");

    private final Database database;
    private final Map<String, Endpoint> endpoints = new HashMap<>();
    private final InstantSource clock;
    private final TimeOrderedIds ids;
    private final WakeUp wakeUp = new WakeUp();

    private Outbox(Database database, List<Endpoint> endpoints, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.ids = new TimeOrderedIds(clock);
        for (Endpoint endpoint : endpoints) {
            if (this.endpoints.put(endpoint.name(), endpoint) != null) {
                throw new IllegalArgumentException("two endpoints are called " + endpoint.name());
            }
        }
    }

    /// Opens the outbox in a database. The database stays the caller's.
    public static Outbox open(Database database, List<Endpoint> endpoints, InstantSource clock) {
        return new Outbox(database, endpoints, clock);
    }

    /// Writes a message to an endpoint in the caller's transaction, and gives its id. `data` is JSON; it
    /// becomes the member `data` beside `type` and `timestamp`.
    ///
    /// @throws IllegalArgumentException if there is no such endpoint, or the type has other characters than
    ///     letters, digits, `_`, `-` and `.`
    public String notify(Transaction tx, String endpoint, String type, String data)
            throws SQLException {
        if (!endpoints.containsKey(endpoint)) {
            throw new IllegalArgumentException("no endpoint is called " + endpoint);
        }
        if (!TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("not a type of event: " + type);
        }
        Instant now = clock.instant();
        String id = "msg_" + ids.next(now.toEpochMilli());
        String body =
                "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":%s}".formatted(type, now, data);
        JsonFields.of("/type").read(body.getBytes(UTF_8)); // refuses data that is no JSON
        tx.update(
                """
                INSERT INTO outgoing_webhook (id, endpoint, event_type, body, created_at, state, next_at)
                VALUES (?, ?, ?, ?, ?, 'waiting', ?)
                """,
                id,
                endpoint,
                type,
                body.getBytes(UTF_8),
                now,
                now);
        tx.afterCommit(wakeUp::signal);
        return id;
    }

    /// Starts sending, on threads of its own, until the sender is closed.
    public OutboxSender startSender() {
        return OutboxSender.start(
                database, Map.copyOf(endpoints), RetrySchedule.DEFAULT, clock, wakeUp);
    }

    /// The newest messages, with what was tried.
    public List<OutboxEntry> list(int limit) throws SQLException {
        return database.read(tx -> {
            List<OutboxEntry> entries = new ArrayList<>();
            for (OutboxEntry entry :
                    tx.query(
                            "SELECT * FROM outgoing_webhook ORDER BY id DESC LIMIT ?",
                            row -> OutboxQueue.entry(row, List.of()),
                            limit)) {
                entries.add(OutboxQueue.withTries(tx, entry));
            }
            return entries;
        });
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

    /// Sends a message again that was delivered or given up. False where there is none such.
    public boolean replay(String id) throws SQLException {
        boolean found =
                database.write(tx ->
                        tx.update(
                                """
                                UPDATE outgoing_webhook
                                   SET state = 'waiting', next_at = ?, done_at = NULL
                                 WHERE id = ? AND next_at IS NULL
                                """,
                                clock.instant(),
                                id))
                        == 1;
        wakeUp.signal();
        return found;
    }
}
