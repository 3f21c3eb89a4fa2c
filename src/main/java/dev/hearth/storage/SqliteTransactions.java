package dev.hearth.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Transactions of SQLite in plain SQL.
///
/// Its JDBC driver begins the next transaction as soon as one is committed, and an idle connection would
/// keep the lock that every other process waits for.
record SqliteTransactions(Connections connections, String beginning) implements LentConnections {
    @Override
    public Connection begin() throws SQLException {
        Connection connection = connections.lend();
        try {
            execute(connection, beginning);
            return connection;
        } catch (SQLException failed) {
            connections.release(connection);
            throw failed;
        }
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        execute(connection, "COMMIT");
    }

    /// After some failures, such as a full disk, SQLite has rolled back by itself and refuses to do it
    /// again; a fresh connection is the surest way to be back at the beginning.
    @Override
    public void rollback(Connection connection) throws SQLException {
        try {
            execute(connection, "ROLLBACK");
        } catch (SQLException failed) {
            connections.discard(connection);
            throw failed;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }
}
