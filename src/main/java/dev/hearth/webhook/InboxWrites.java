package dev.hearth.webhook;

import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/// Puts groups of events into the inbox, each at most once.
final class InboxWrites {
    private InboxWrites() {}

    /// The headers of an event that was not sent to us but fetched.
    static final String BROUGHT = "{\"brought\":true}";

    /// For events that are to be claimed.
    static final Lease NOBODYS = new Lease("", Instant.EPOCH, Set.of());

    private static final String COLUMNS =
            """
            id, source, external_id, event_type, object_type, object_id, api_version, livemode,
            event_created, received_at, headers_json, body, body_sha256, next_at, state, attempts,
            lease_owner
            """;

    private static final String INSERT_ONE =
            "INSERT INTO webhook_inbox ("
                    + COLUMNS
                    + """
                    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (source, external_id) DO NOTHING
                    """;

    /// One statement for a group of any size, so that the server plans it once. It picks the elements of the arrays:
    /// `unnest` would first copy each of them into a table of its own.
    private static final String INSERT_MANY =
            "INSERT INTO webhook_inbox ("
                    + COLUMNS
                    + """
                    ) SELECT (?::text[])[i], (?::text[])[i], (?::text[])[i], (?::text[])[i],
                             (?::text[])[i], (?::text[])[i], (?::text[])[i], (?::boolean[])[i],
                             (?::bigint[])[i], (?::bigint[])[i], (?::text[])[i], (?::bytea[])[i],
                             (?::bytea[])[i], (?::bigint[])[i], (?::text[])[i], (?::integer[])[i],
                             (?::text[])[i]
                        FROM generate_series(1, ?) i
                    ON CONFLICT (source, external_id) DO NOTHING
                    RETURNING id
                    """;

    private static final String FIND_FIRST =
            "SELECT id, body_sha256, headers_json FROM webhook_inbox WHERE source = ? AND external_id = ?";

    /// Inserts those of the events that are new, some of them as a worker's at once, and gives their ids. On
    /// PostgreSQL this is one statement.
    static Set<String> insert(Transaction transaction, List<NewEvent> events, Lease lease)
            throws SQLException {
        boolean each =
                switch (transaction.dialect()) {
                    case SQLITE -> true;
                    case POSTGRESQL -> events.size() == 1; // arrays of one cost more than they save
                };
        return each
                ? insertEach(transaction.connection(), events, lease)
                : insertAll(transaction.connection(), events, lease);
    }

    /// What was there in place of an event that is not new.
    static Stored findFirst(Transaction transaction, NewEvent event) throws SQLException {
        return transaction
                .<Stored>first(
                        FIND_FIRST,
                        row ->
                                isSame(row, event)
                                        ? new Stored.Duplicate(row.text("id"))
                                        : new Stored.Conflicting(row.text("id")),
                        event.source(),
                        event.head().externalId())
                // Deleted between the two statements: the sender comes again, and then it is new.
                .orElseThrow(() -> new SQLException("a stored event vanished while it was read"));
    }

    /// An event that we fetched ourselves is the same whatever its bytes: the sender may write it in two ways.
    private static boolean isSame(Row row, NewEvent event) throws SQLException {
        return Arrays.equals(row.bytes("body_sha256"), event.sha256())
                || row.text("headers_json").equals(BROUGHT)
                || event.headersJson().equals(BROUGHT);
    }

    private static Set<String> insertEach(Connection connection, List<NewEvent> events, Lease lease)
            throws SQLException {
        Set<String> inserted = HashSet.newHashSet(events.size());
        try (PreparedStatement statement = connection.prepareStatement(INSERT_ONE)) {
            for (NewEvent event : events) {
                EventHead head = event.head();
                long received = event.receivedAt().toEpochMilli();
                statement.setString(1, event.id());
                statement.setString(2, event.source());
                statement.setString(3, head.externalId());
                statement.setString(4, head.type());
                statement.setString(5, head.objectType().orElse(null));
                statement.setString(6, head.objectId().orElse(null));
                statement.setString(7, head.apiVersion().orElse(null));
                statement.setObject(8, head.livemode().orElse(null), Types.BOOLEAN);
                statement.setLong(9, created(event));
                statement.setLong(10, received);
                statement.setString(11, event.headersJson());
                statement.setBytes(12, event.body());
                statement.setBytes(13, event.sha256());
                boolean leased = lease.ids().contains(event.id());
                statement.setLong(14, leased ? lease.end().toEpochMilli() : received);
                statement.setString(15, state(leased).column());
                statement.setInt(16, leased ? 1 : 0);
                statement.setString(17, leased ? lease.owner() : null);
                if (statement.executeUpdate() == 1) {
                    inserted.add(event.id());
                }
            }
        }
        return inserted;
    }

    private static Set<String> insertAll(Connection connection, List<NewEvent> events, Lease lease)
            throws SQLException {
        // In one order everywhere: two processes that insert the same events must not wait for each
        // other.
        List<NewEvent> sorted =
                events.stream()
                        .sorted(
                                Comparator.comparing(NewEvent::source)
                                        .thenComparing(event -> event.head().externalId()))
                        .toList();
        Set<String> inserted = HashSet.newHashSet(events.size());
        try (PreparedStatement statement = connection.prepareStatement(INSERT_MANY)) {
            Columns columns = new Columns(statement, sorted);
            columns.bind("text", String[]::new, NewEvent::id);
            columns.bind("text", String[]::new, NewEvent::source);
            columns.bind("text", String[]::new, event -> event.head().externalId());
            columns.bind("text", String[]::new, event -> event.head().type());
            columns.bindNullable("text", String[]::new, event -> event.head().objectType());
            columns.bindNullable("text", String[]::new, event -> event.head().objectId());
            columns.bindNullable("text", String[]::new, event -> event.head().apiVersion());
            columns.bindNullable("boolean", Boolean[]::new, event -> event.head().livemode());
            columns.bind("bigint", Long[]::new, InboxWrites::created);
            columns.bind("bigint", Long[]::new, event -> event.receivedAt().toEpochMilli());
            columns.bind("text", String[]::new, NewEvent::headersJson);
            columns.bind("bytea", byte[][]::new, NewEvent::body);
            columns.bind("bytea", byte[][]::new, NewEvent::sha256);
            Predicate<NewEvent> leased = event -> lease.ids().contains(event.id());
            columns.bind(
                    "bigint",
                    Long[]::new,
                    event ->
                            (leased.test(event) ? lease.end() : event.receivedAt()).toEpochMilli());
            columns.bind("text", String[]::new, event -> state(leased.test(event)).column());
            columns.bind("integer", Integer[]::new, event -> leased.test(event) ? 1 : 0);
            columns.bindNullable(
                    "text",
                    String[]::new,
                    event -> Optional.of(lease.owner()).filter(_ -> leased.test(event)));
            statement.setInt(columns.index + 1, sorted.size());
            try (ResultSet ids = statement.executeQuery()) {
                while (ids.next()) {
                    inserted.add(ids.getString(1));
                }
            }
        }
        return inserted;
    }

    private static InboxState state(boolean leased) {
        return leased ? InboxState.PROCESSING : InboxState.RECEIVED;
    }

    private static long created(NewEvent event) {
        return event.created().toEpochMilli();
    }

    /// Binds one column after the other, each an array over all events.
    private static final class Columns {
        private final PreparedStatement statement;
        private final List<NewEvent> events;
        private int index;

        Columns(PreparedStatement statement, List<NewEvent> events) {
            this.statement = statement;
            this.events = events;
        }

        <T> void bind(String type, IntFunction<T[]> array, Function<NewEvent, T> value)
                throws SQLException {
            T[] values = events.stream().map(value).toArray(array);
            statement.setArray(++index, statement.getConnection().createArrayOf(type, values));
        }

        <T> void bindNullable(
                String type, IntFunction<T[]> array, Function<NewEvent, Optional<T>> value)
                throws SQLException {
            T[] values = array.apply(events.size());
            for (int i = 0; i < values.length; i++) {
                int at = i;
                value.apply(events.get(i)).ifPresent(present -> values[at] = present);
            }
            statement.setArray(++index, statement.getConnection().createArrayOf(type, values));
        }
    }
}
