package dev.hearth.storage;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// The connections of a pool that is kept warm, for a process that serves for long.
record PooledConnections(HikariDataSource pool) implements Connections {
    @Override
    public Connection lend() throws SQLException {
        return pool.getConnection();
    }

    @Override
    public void release(Connection connection) throws SQLException {
        connection.close();
    }

    @Override
    public void discard(Connection connection) {
        pool.evictConnection(connection);
    }

    @Override
    public PoolFigures figures() {
        return PoolFigures.of(pool);
    }

    @Override
    public DataSource source() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
