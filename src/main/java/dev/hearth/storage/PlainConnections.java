package dev.hearth.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connections opened when they are asked for and kept until the end: for a process that answers one request
/// and is gone before a pool would be ready. One borrower at a time means one connection in all.
final class PlainConnections implements Connections {
    private static final Logger log = LoggerFactory.getLogger(PlainConnections.class);

    private final DataSource source;
    private final Deque<Connection> idle = new ArrayDeque<>(); // guarded by this
    private int lent; // guarded by this

    PlainConnections(DataSource source) {
        this.source = source;
    }

    @Override
    public Connection lend() throws SQLException {
        Connection kept = takeIdle();
        Connection open = kept == null ? source.getConnection() : kept;
        count(1);
        return open;
    }

    private synchronized @Nullable Connection takeIdle() {
        return idle.pollLast();
    }

    private synchronized void count(int more) {
        lent += more;
    }

    @Override
    public synchronized void release(Connection connection) throws SQLException {
        if (!connection.isClosed()) {
            lent--;
            idle.addLast(connection);
        }
    }

    @Override
    public void discard(Connection connection) throws SQLException {
        count(-1);
        connection.close();
    }

    @Override
    public synchronized PoolFigures figures() {
        return new PoolFigures("hearth-one-request", lent, idle.size(), 0, Integer.MAX_VALUE);
    }

    @Override
    public DataSource source() {
        return source;
    }

    @Override
    public synchronized void close() {
        for (Connection connection : idle) {
            try {
                connection.close();
            } catch (SQLException failed) {
                log.warn("a connection to the database could not be closed", failed);
            }
        }
        idle.clear();
    }
}
