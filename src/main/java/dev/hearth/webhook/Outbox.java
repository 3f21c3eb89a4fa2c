package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.storage.Database;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

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

    private static final String ID_PREFIX = "msg_";

    /// What receivers take, and what a sender may hold several of in memory.
    private static final int LARGEST_DATA = 1 << 20;

    private final Database database;
    private volatile Map<String, Endpoint> endpoints;
    private final InstantSource clock;
    private final TimeOrderedIds ids;
    private final WakeUp wakeUp = new WakeUp();
    private volatile DeliveryWatch watch = DeliveryWatch.NONE;
    private volatile @Nullable OutboxSender sender; // the one that was started, running or closed

    private Outbox(Database database, List<Endpoint> endpoints, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.ids = new TimeOrderedIds(clock);
        this.endpoints = byName(endpoints);
    }

    private static Map<String, Endpoint> byName(List<Endpoint> endpoints) {
        Map<String, Endpoint> byName = new TreeMap<>();
        for (Endpoint endpoint : endpoints) {
            if (byName.put(endpoint.name(), endpoint) != null) {
                throw new IllegalArgumentException("two endpoints are called " + endpoint.name());
            }
        }
        return byName;
    }

    /// Opens the outbox in a database. The database stays the caller's.
    public static Outbox open(Database database, List<Endpoint> endpoints, InstantSource clock) {
        return new Outbox(database, endpoints, clock);
    }

    /// Sends by these secrets and URLs from now on: how secrets change without a restart. Endpoints that it was not
    /// opened with are left out, for nobody sends to them yet; those not named here stay as they are.
    public void reload(List<Endpoint> changed) {
        Map<String, Endpoint> next = new TreeMap<>(endpoints);
        byName(changed).forEach((name, endpoint) -> next.replace(name, endpoint));
        endpoints = next;
        wakeUp.signal();
    }

    /// Writes a message to an endpoint in the caller's transaction, and gives its id. `data` is JSON; it
    /// becomes the member `data` beside `type` and `timestamp`.
    ///
    /// @throws IllegalArgumentException if there is no such endpoint, or the type has other characters than
    ///     letters, digits, `_`, `-` and `.`, or the data is not one JSON value or has more than 1 MiB in UTF-8
    public String notify(Transaction tx, String endpoint, String type, String data)
            throws SQLException {
        if (!endpoints.containsKey(endpoint)) {
            throw new IllegalArgumentException("no endpoint is called " + endpoint);
        }
        if (!TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("not a type of event: " + type);
        }
        byte[] json = requireJson(data);
        Instant now = clock.instant();
        String id = ID_PREFIX + ids.next(now.toEpochMilli());
        tx.update(
                """
                INSERT INTO outgoing_webhook
                       (id, endpoint, event_type, body, created_at, state, next_at, origin)
                VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?)
                """,
                id,
                endpoint,
                type,
                body(type, now, json),
                now,
                now,
                watch.origin());
        tx.afterCommit(wakeUp::signal);
        return id;
    }

    private static byte[] body(String type, Instant now, byte[] json) {
        byte[] head =
                "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":"
                        .formatted(type, now)
                        .getBytes(UTF_8);
        return ByteBuffer.allocate(head.length + json.length + 1)
                .put(head)
                .put(json)
                .put((byte) '}')
                .array();
    }

    /// Alone: inside the body, `1,"type":"another"` would be JSON too. Gives its bytes.
    private static byte[] requireJson(String data) {
        requireLength(data.length()); // no character has less than a byte
        byte[] bytes = data.getBytes(UTF_8);
        requireLength(bytes.length);
        JsonScanner json = new JsonScanner(bytes);
        try {
            json.skip();
        } catch (UnreadableEventException malformed) {
            throw new IllegalArgumentException("the data of a message is not JSON", malformed);
        }
        if (json.peek() >= 0) {
            throw new IllegalArgumentException("something follows the JSON value of a message");
        }
        return bytes;
    }

    private static void requireLength(int least) {
        if (least > LARGEST_DATA) {
            throw new IllegalArgumentException(
                    "the data of a message has at least %d bytes; at most %d can be sent"
                            .formatted(least, LARGEST_DATA));
        }
    }

    /// The least id that a message of this time could have.
    static String firstIdOf(Instant time) {
        return ID_PREFIX + TimeOrderedIds.first(time);
    }

    /// Starts sending, on threads of its own, until the sender is closed. Once only.
    public OutboxSender startSender() {
        return startSender(() -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /// As above, with other certificates to be trusted than the JVM's.
    OutboxSender startSender(Supplier<SSLSocketFactory> tls) {
        OutboxSender started =
                OutboxSender.start(
                        database,
                        () -> endpoints,
                        RetrySchedule.DEFAULT,
                        clock,
                        wakeUp,
                        tls,
                        this::begin);
        sender = started;
        return started;
    }

    private Consumer<String> begin(Endpoint endpoint, OutboxQueue.Message message) {
        return watch.begin(
                new DeliveryWatch.Attempt(
                        endpoint.name(),
                        endpoint.authority(),
                        message.id(),
                        message.attempt(),
                        message.origin()));
    }

    /// Has another watch the messages that are written and sent from now on.
    public void watch(DeliveryWatch other) {
        watch = other;
    }

    /// Whether there is anyone to send to.
    public boolean hasEndpoints() {
        return !endpoints.isEmpty();
    }

    /// Whether there is an endpoint of this name.
    public boolean hasEndpoint(String name) {
        return endpoints.containsKey(name);
    }

    /// Whether anything is to be sent.
    public boolean isAnyWaiting() throws SQLException {
        return hasEndpoints() && records().isAnyWaitingFor(endpoints.keySet());
    }

    /// The messages: look, send again.
    public OutboxRecords records() {
        return new OutboxRecords(database, clock);
    }

    /// How many messages wait for endpoints that are configured no more, by their names.
    public Map<String, Long> stranded() throws SQLException {
        return records().waitingForOthersThan(endpoints.keySet());
    }

    /// How each endpoint fares, by name.
    public List<EndpointHealth> endpoints() throws SQLException {
        OutboxSender running = sender;
        Map<String, EndpointHealth.Circuit> circuits =
                running == null ? Map.of() : running.circuits();
        Map<String, OutboxRecords.Backlog> backlog = records().backlog();
        return endpoints.values().stream()
                .map(endpoint ->
                        new EndpointHealth(
                                endpoint.name(),
                                endpoint.authority(),
                                Optional.ofNullable(circuits.get(endpoint.name())),
                                backlog.getOrDefault(endpoint.name(), OutboxRecords.Backlog.NONE)))
                .toList();
    }
}
