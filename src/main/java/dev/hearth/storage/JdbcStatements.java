package dev.hearth.storage;

import java.sql.Connection;
import java.sql.SQLException;

/// Transactions of one statement: the server commits it before it answers, so nothing is left to be done.
///
/// A server that says nothing for [#LONGEST_MILLIS] costs the connection. Whether the statement was committed is not
/// known then, as after any lost connection.
record JdbcStatements(Connections connections) implements LentConnections {
    /// A server that was frozen, or whose machine went away without a word, would keep its client for as long as TCP
    /// tries, a quarter of an hour.
    private static final int LONGEST_MILLIS = 10_000;

    @Override
    public Connection begin() throws SQLException {
        Connection connection = connections.lend();
        try {
            // The pool takes both back when the connection returns.
            connection.setAutoCommit(true);
            int configured = connection.getNetworkTimeout();
            if (configured == 0 || configured > LONGEST_MILLIS) {
                connection.setNetworkTimeout(Runnable::run, LONGEST_MILLIS);
            }
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
