package dev.hearth.storage;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// Transactions that have a connection each, lent for as long as they last.
interface LentConnections extends TransactionSource {
    Connections connections();

    @Override
    default PoolFigures figures() {
        return connections().figures();
    }

    @Override
    default DataSource pool() {
        return connections().source();
    }

    @Override
    default void release(Connection connection) throws SQLException {
        connections().release(connection);
    }

    @Override
    default void close() {
        connections().close();
    }
}
