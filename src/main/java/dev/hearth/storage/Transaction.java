package dev.hearth.storage;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// One transaction. It begins with its first statement and ends when the work given to [Database#write] or
/// [Database#read] returns or throws. Used by one thread, never kept.
///
/// Because it begins so late, work that first asks another server and then writes holds no lock while it
/// waits for the answer.
///
/// Parameters, components of records that are bound by name, and components of records that rows become may be:
///
/// | Java | column on PostgreSQL | column on SQLite |
/// |---|---|---|
/// | `String`, constants of enums (their names) | `text` | `TEXT` |
/// | `long`, `int`, `short`, `byte` | `bigint`, `integer`, `smallint` | `INTEGER` |
/// | `double`, `float` | `double precision`, `real` | `REAL` |
/// | `boolean` | `boolean` | `BOOLEAN` (0 or 1) |
/// | `byte[]` | `bytea` | `BLOB` |
/// | [BigDecimal] | `numeric` | `TEXT`; `NUMERIC` keeps 15 digits |
/// | [Instant] | `bigint`: milliseconds since 1970 | `INTEGER`, the same |
/// | [java.util.UUID] | `uuid`, or `text` | `TEXT` |
/// | [java.time.LocalDate] | `date`, or `text` | `TEXT`: `2026-11-22` |
/// | [java.time.LocalDateTime] | `timestamp`, or `text` | `TEXT`: `2026-11-22T12:00:00.000000` |
/// | [java.time.OffsetDateTime] | `timestamptz`, or `text` | `TEXT`: `2026-11-22T12:00:00.000000Z` |
///
/// besides optionals of those and null. Of times the microseconds are kept, and not the offset: what was bound at another
/// offset comes back in UTC. Years have four digits. An `Instant` and an `OffsetDateTime` are read from each other's columns,
/// and, as a `LocalDateTime` is, from what SQLite's `CURRENT_TIMESTAMP` writes. Where PostgreSQL cannot find out
/// which type is meant (`date_trunc('day', ?)`), the statement says it: `?::timestamptz`. Collections of text, of whole
/// numbers, UUIDs, dates or constants of enums are bound to one `?` for [Dialect#inCollection].
public final class Transaction {

    /// Makes a value of a row.
    @FunctionalInterface
    public interface RowReader<T> {
        T read(Row row) throws SQLException;
    }

    private static final String USE_INDEXES = "SET LOCAL enable_seqscan = off";

    private final TransactionSource source;
    private final Dialect dialect;
    private final List<Runnable> afterCommit = new ArrayList<>(0);
    private @Nullable Connection connection;
    private @Nullable Handle handle;

    Transaction(TransactionSource source, Dialect dialect) {
        this.source = source;
        this.dialect = dialect;
    }

    /// The plain JDBC connection, in this transaction. Never commit, roll back or close it.
    public Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = source.begin();
            connection = open;
        }
        return open;
    }

    /// Which SQL it speaks.
    public Dialect dialect() {
        return dialect;
    }

    /// Whether anything was asked of the database yet.
    public boolean begun() {
        return connection != null;
    }

    /// Every row of a query, in order. What parameters may be stands in the table above.
    public <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet result = statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            Row row = new Row(result);
            while (result.next()) {
                rows.add(reader.read(row));
            }
            return rows;
        }
    }

    /// The first row of a query, if there is one.
    public <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet result = statement.executeQuery()) {
            return result.next() ? Optional.of(reader.read(new Row(result))) : Optional.empty();
        }
    }

    /// Every row as a record (or text, number, instant, enum where there is one column). A component takes the
    /// column of its name: `dueAt` also `due_at`. A statement that writes may end in RETURNING.
    ///
    /// {@snippet lang=java :
    /// List<Cake> cakes = transaction.query(Cake.class, "SELECT * FROM cake WHERE price < ?", 2_000);
    /// }
    public <T> List<T> query(Class<T> type, String sql, @Nullable Object... parameters)
            throws SQLException {
        return TypedRows.list(jdbi(), this::bindAll, type, sql, parameters);
    }

    /// The first row as a record, if there is one; as [#query(Class, String, Object...)].
    public <T> Optional<T> first(Class<T> type, String sql, @Nullable Object... parameters)
            throws SQLException {
        return TypedRows.first(jdbi(), this::bindAll, type, sql, parameters);
    }

    /// As [#update(String, Object...)], with the components of a record for `:name`. The methods that give
    /// records take one as their only parameter, too.
    ///
    /// {@snippet lang=java :
    /// transaction.update("INSERT INTO cake (id, name) VALUES (:id, :name)", cake);
    /// }
    public int update(String sql, Record named) throws SQLException {
        return TypedRows.update(jdbi(), sql, named);
    }

    /// JDBI in this transaction, for lists, joins and batches. Records are mapped without being registered;
    /// instants are milliseconds. The handle ends with the transaction; its own `begin`, `commit` and `close`
    /// do nothing to it.
    public Handle jdbi() throws SQLException {
        Handle open = handle;
        if (open == null || open.isClosed()) {
            open = TypedRows.on(connection());
            handle = open;
        }
        return open;
    }

    /// Runs an INSERT, UPDATE or DELETE and tells how many rows it changed.
    public int update(String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    /// As [#update(String, Object...)], by a plan that uses indexes, whatever PostgreSQL believes of its tables; what
    /// follows in this transaction is planned so too.
    ///
    /// It keeps the plan of a statement until it learns something new of the table. One that was made while the table was
    /// short reads it as a whole, for a minute or more, however long it grows meanwhile. Forbidding such plans costs less
    /// than planning each time, and takes no way to the server of its own.
    public int updateByIndex(String sql, @Nullable Object... parameters) throws SQLException {
        return switch (dialect) {
            case POSTGRESQL -> updateAfter(USE_INDEXES, sql, parameters);
            case SQLITE ->
                    update(sql, parameters); // its plans do not depend on how long a table is
        };
    }

    /// Two statements on one way to the server; tells how many rows the second changed.
    private int updateAfter(String first, String second, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement both = prepare(first + ";" + second, parameters)) {
            both.execute(); // its result is that of the first
            both.getMoreResults();
            return both.getUpdateCount();
        }
    }

    /// Runs `task` on this thread once the transaction is committed; not if it is rolled back. What it
    /// throws reaches the caller of [Database#write], whose data is safe by then.
    public void afterCommit(Runnable task) {
        afterCommit.add(task);
    }

    private PreparedStatement prepare(String sql, @Nullable Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection().prepareStatement(sql);
        try {
            for (int i = 0; i < parameters.length; i++) {
                bind(statement, i + 1, parameters[i]);
            }
            return statement;
        } catch (SQLException | RuntimeException failed) {
            statement.close();
            throw failed;
        }
    }

    private void bind(PreparedStatement statement, int index, @Nullable Object value)
            throws SQLException {
        // No pattern switch for the usual kinds: its class would be spun within the start, or
        // within a CGI request.
        if (value instanceof String text) {
            statement.setString(index, text);
        } else if (value == null) {
            statement.setObject(index, null);
        } else if (value instanceof Long number) {
            statement.setLong(index, number);
        } else if (value instanceof Instant instant) {
            statement.setLong(index, instant.toEpochMilli());
        } else if (value instanceof Integer number) {
            statement.setInt(index, number);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else if (value instanceof Optional<?> optional) {
            bind(statement, index, optional.orElse(null));
        } else if (value instanceof Collection<?> texts) {
            bindAll(statement, index, texts);
        } else {
            bindSeldom(statement, index, value);
        }
    }

    private static void bindSeldom(PreparedStatement statement, int index, Object value)
            throws SQLException {
        switch (value) {
            case Boolean flag -> statement.setBoolean(index, flag);
            case Double number -> statement.setDouble(index, number);
            case BigDecimal number -> statement.setBigDecimal(index, number);
            case Float number -> statement.setFloat(index, number);
            case Short number -> statement.setShort(index, number);
            case Byte number -> statement.setByte(index, number);
            case Enum<?> constant -> statement.setString(index, constant.name());
            default -> bindAsText(statement, index, value);
        }
    }

    private static void bindAsText(PreparedStatement statement, int index, Object value)
            throws SQLException {
        String text =
                TextColumns.written(value)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "parameter %d is a %s; what can be bound is listed in the documentation of Transaction"
                                                .formatted(index, value.getClass().getName())));
        statement.setObject(index, text, Types.OTHER); // PostgreSQL finds the type by itself
    }

    private void bindAll(PreparedStatement statement, int index, Collection<?> elements)
            throws SQLException {
        if (dialect == Dialect.SQLITE) {
            statement.setString(index, jsonArray(elements));
            return;
        }
        String[] texts = elements.stream().map(Transaction::element).toArray(String[]::new);
        Array array = connection().createArrayOf("text", texts);
        if (texts.length > 0 && elements.iterator().next() instanceof String) {
            statement.setArray(index, array);
        } else { // of the type that stands on the other side, which an empty one does not tell
            statement.setObject(index, array.toString(), Types.OTHER);
        }
    }

    /// An element as text.
    private static String element(Object element) {
        if (element instanceof String text) {
            return text; // before the switch, as in bind
        }
        return switch (element) {
            case Enum<?> constant -> constant.name();
            case Long number -> number.toString();
            case Integer number -> number.toString();
            default ->
                    TextColumns.written(element)
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "an element of a bound collection is a %s; bind text, whole numbers, UUIDs, dates or constants of enums"
                                                    .formatted(element.getClass().getName())));
        };
    }

    private static String jsonArray(Collection<?> elements) {
        StringJoiner json = new StringJoiner(",", "[", "]");
        for (Object each : elements) {
            String element = element(each);
            if (element.chars().anyMatch(c -> c < 0x20 || c == '"' || c == '\\')) {
                throw new IllegalArgumentException(
                        "elements of a bound collection have no quotes, backslashes or control"
                                + " characters");
            }
            json.add(each instanceof Number ? element : '"' + element + '"');
        }
        return json.toString();
    }

    /// Runs work in a transaction that somebody else has begun, and ends.
    <T, X extends Exception> T within(Connection begun, Database.Work<T, X> work)
            throws X, SQLException {
        connection = begun;
        try {
            return work.run(this);
        } finally {
            closeHandle();
        }
    }

    void commit() throws SQLException {
        closeHandle(); // once it is committed the connection may be another's
        if (connection != null) {
            source.commit(connection);
        }
    }

    void runAfterCommit() {
        afterCommit.forEach(Runnable::run);
    }

    void rollback() throws SQLException {
        closeHandle();
        if (connection != null) {
            source.rollback(connection);
        }
    }

    private void closeHandle() {
        Handle open = handle;
        if (open != null) {
            open.close(); // its statements; the connection is ours
        }
    }

    void release() throws SQLException {
        if (connection != null) {
            source.release(connection);
        }
    }
}
