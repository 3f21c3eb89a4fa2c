package dev.hearth.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// Transactions as JDBC has them: one begins by itself with the first statement.
record JdbcTransactions(Connections connections) implements LentConnections {

    @Override
    public JdbcTransactions within(Duration silence) {
        return new JdbcTransactions(connections.within(silence));
    }

    @Override
    public Connection begin() throws SQLException {
        return connections.lend();
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        connection.commit();
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        connection.rollback();
    }
}
