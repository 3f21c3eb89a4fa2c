package dev.hearth.storage;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/// The connections of a pool that is kept warm, for a process that serves for long.
///
/// @param silence how long a lent connection waits for the server's next word; nothing: as it was opened
record PooledConnections(HikariDataSource pool, Optional<Duration> silence) implements Connections {
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
        return new PooledConnections(pool, Optional.empty());
    }

    @Override
    public Connections within(Duration longest) {
        return new PooledConnections(pool, Optional.of(longest));
    }

    @Override
    public Connection lend() throws SQLException {
        Connection connection = pool.getConnection();
        if (silence.isPresent()) {
            try {
                limit(connection, silence.get());
            } catch (SQLException failed) {
                discard(connection);
                throw failed;
            }
        }
        return connection;
    }

    /// Until the connection returns to the pool, which takes it back.
    private static void limit(Connection connection, Duration longest) throws SQLException {
        // JDBC's 0 is for ever: less than a millisecond is one.
        int millis = longest.isZero() ? 0 : Math.clamp(longest.toMillis(), 1, Integer.MAX_VALUE);
        int own = connection.getNetworkTimeout();
        if (millis == 0 ? own != 0 : own == 0 || own > millis) {
            connection.setNetworkTimeout(Runnable::run, millis);
        }
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
