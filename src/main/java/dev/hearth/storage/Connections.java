package dev.hearth.storage;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// Lends connections to a database, each to one borrower at a time. Safe for many threads.
interface Connections extends AutoCloseable {

    /// Lends a connection; it is given back by [#release] or [#discard].
    Connection lend() throws SQLException;

    /// Takes back a connection that has no transaction open.
    void release(Connection connection) throws SQLException;

    /// Takes back a connection of which that is not known: it is not lent again.
    void discard(Connection connection) throws SQLException;

    /// How many are lent, and how many there may be.
    PoolFigures figures();

    /// For libraries that take their own connections.
    DataSource source();

    @Override
    void close();
}
