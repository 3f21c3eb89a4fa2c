package dev.hearth.storage;

import java.sql.Connection;
import java.sql.SQLException;

/// Transactions of one statement: the server commits it before it answers, so nothing is left to be done.
record JdbcStatements(Connections connections) implements LentConnections {
    @Override
    public Connection begin() throws SQLException {
        Connection connection = connections.lend();
        try {
            connection.setAutoCommit(true); // the pool takes it back when the connection returns
            return connection;
        } catch (SQLException failed) {
            connections.discard(connection);
            throw failed;
        }
    }

    @Override
    public void commit(Connection connection) {
        // The statement was its own transaction.
    }

    @Override
    public void rollback(Connection connection) {
        // A statement that failed has undone itself.
    }
}
