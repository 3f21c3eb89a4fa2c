package dev.hearth.storage;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// The connections of a pool that is kept warm, for a process that serves for long.
record PooledConnections(HikariDataSource pool) implements Connections {
    private static final int BORROWING_MILLIS = 5_000;

    /// What stands for a connection that was closed, which the pool weaves at run time.
    static final String WOVEN = "com.zaxxer.hikari.pool.ProxyConnection$ClosedConnection";

    /// As [Database#preparePool].
    static void prepare() {
        try {
            Class.forName(WOVEN);
        } catch (ClassNotFoundException renamed) {
            // A newer pool; it makes its own at its time.
        }
    }

    static Connections start(String name, DataSource source, int size, boolean autoCommit)
            throws SQLException {
        // Made without a HikariConfig, which would be copied by reflection.
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName(name);
        pool.setDataSource(source);
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(Math.min(size, 2));
        pool.setAutoCommit(autoCommit);
        pool.setConnectionTimeout(BORROWING_MILLIS);
        pool.setValidationTimeout(2_000);
        pool.getConnection().close(); // starts it
        return new PooledConnections(pool);
    }

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
