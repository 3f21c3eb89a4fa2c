package dev.hearth.storage;

import java.lang.reflect.Type;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMappers;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.Update;
import org.jdbi.v3.core.transaction.CMTTransactionHandler;
import org.jspecify.annotations.Nullable;

/// JDBI on transactions of ours. It costs some 180 ms to load, so nothing names this class until a program
/// asks for rows as records.
final class TypedRows {
    private static final ScopedValue<Connection> LENT = ScopedValue.newInstance();
    private static final Jdbi JDBI = configured();

    private TypedRows() {}

    /// A handle on the connection of a transaction, which goes on to own it.
    static Handle on(Connection connection) {
        return ScopedValue.where(LENT, connection).call(JDBI::open);
    }

    static <T> List<T> list(
            Handle handle,
            CollectionBinder lists,
            Class<T> type,
            String sql,
            @Nullable Object... parameters)
            throws SQLException {
        try (Query query = handle.createQuery(sql)) {
            return bind(query, lists, parameters).mapTo(type).list();
        } catch (JdbiException failed) {
            throw cause(failed);
        }
    }

    static <T> Optional<T> first(
            Handle handle,
            CollectionBinder lists,
            Class<T> type,
            String sql,
            @Nullable Object... parameters)
            throws SQLException {
        try (Query query = handle.createQuery(sql)) {
            return bind(query, lists, parameters).mapTo(type).findFirst();
        } catch (JdbiException failed) {
            throw cause(failed);
        }
    }

    static int update(Handle handle, String sql, Record named) throws SQLException {
        try (Update update = handle.createUpdate(sql)) {
            return update.bindNamedArgumentFinder(new RecordArguments(named)).execute();
        } catch (JdbiException failed) {
            throw cause(failed);
        }
    }

    /// Binds a collection in the way of the database.
    @FunctionalInterface
    interface CollectionBinder {
        void bind(PreparedStatement statement, int index, Collection<?> elements)
                throws SQLException;
    }

    private static <S extends SqlStatement<S>> S bind(
            S statement, CollectionBinder lists, @Nullable Object... parameters) {
        if (parameters.length == 1 && parameters[0] instanceof Record named) {
            return statement.bindNamedArgumentFinder(new RecordArguments(named));
        }
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value instanceof Collection<?> elements) {
                statement.bind(
                        i,
                        (Argument)
                                (position, prepared, _) ->
                                        lists.bind(prepared, position, elements));
            } else {
                statement.bind(i, value instanceof Optional<?> some ? some.orElse(null) : value);
            }
        }
        return statement;
    }

    /// What the database said, for callers who tell a taken name from a full disk.
    private static SQLException cause(JdbiException failed) {
        return failed.getCause() instanceof SQLException cause
                ? cause
                : new SQLException(failed.getMessage(), failed);
    }

    private static Jdbi configured() {
        Jdbi jdbi = Jdbi.create(new Lent());
        jdbi.setTransactionHandler(new CMTTransactionHandler()); // begin and commit are Database's
        jdbi.getConfig(Handles.class).setForceEndTransactions(false);
        // A message must not carry what was bound into the log.
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        jdbi.getConfig(ColumnMappers.class).setCoalesceNullPrimitivesToDefaults(false);
        jdbi.registerRowMapper(TypedRows::recordMapper);
        jdbi.registerColumnMapper(
                Instant.class, (row, column, _) -> TextColumns.instant(row, column));
        jdbi.registerArgument(new InstantArgument());
        jdbi.registerColumnMapper(UUID.class, (row, column, _) -> TextColumns.uuid(row, column));
        jdbi.registerArgument(new TextArgument<UUID>() {});
        jdbi.registerColumnMapper(
                LocalDate.class, (row, column, _) -> TextColumns.date(row, column));
        jdbi.registerArgument(new TextArgument<LocalDate>() {});
        jdbi.registerColumnMapper(
                LocalDateTime.class, (row, column, _) -> TextColumns.dateTime(row, column));
        jdbi.registerArgument(new TextArgument<LocalDateTime>() {});
        jdbi.registerColumnMapper(
                OffsetDateTime.class, (row, column, _) -> TextColumns.offsetDateTime(row, column));
        jdbi.registerArgument(new TextArgument<OffsetDateTime>() {});
        return jdbi;
    }

    private static Optional<RowMapper<?>> recordMapper(Type type, ConfigRegistry config) {
        return type instanceof Class<?> wanted && wanted.isRecord()
                ? Optional.of(ConstructorMapper.of(wanted))
                : Optional.empty();
    }

    /// The connection comes from the transaction and goes back to it.
    private static final class Lent implements ConnectionFactory {
        @Override
        public Connection openConnection() {
            return LENT.get();
        }

        @Override
        public void closeConnection(Connection connection) {
            // the transaction still needs it
        }
    }

    private static final class InstantArgument extends AbstractArgumentFactory<Instant> {
        InstantArgument() {
            super(Types.BIGINT);
        }

        @Override
        protected Argument build(Instant time, ConfigRegistry config) {
            return (position, statement, _) -> statement.setLong(position, time.toEpochMilli());
        }
    }

    private abstract static class TextArgument<T> extends AbstractArgumentFactory<T> {
        TextArgument() {
            super(Types.OTHER); // PostgreSQL finds the type by itself
        }

        @Override
        protected Argument build(T value, ConfigRegistry config) {
            String text = TextColumns.written(value).orElseThrow();
            return (position, statement, _) -> statement.setObject(position, text, Types.OTHER);
        }
    }
}
