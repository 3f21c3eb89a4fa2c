package dev.hearth.storage;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// Transactions as JDBC has them: one begins by itself with the first statement.
record JdbcTransactions(Connections connections) implements TransactionSource {
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

    @Override
    public DataSource pool() {
        return connections.source();
    }

    @Override
    public PoolFigures figures() {
        return connections.figures();
    }

    @Override
    public void release(Connection connection) throws SQLException {
        connections.release(connection);
    }

    @Override
    public void close() {
        connections.close();
    }
}
