package dev.hearth.storage;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;

/// Transactions as JDBC has them: one begins by itself with the first statement.
record JdbcTransactions(HikariDataSource pool) implements TransactionSource {
    @Override
    public Connection begin() throws SQLException {
        return pool.getConnection();
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
    public PoolFigures figures() {
        return PoolFigures.of(pool);
    }

    @Override
    public void close() {
        pool.close();
    }
}
