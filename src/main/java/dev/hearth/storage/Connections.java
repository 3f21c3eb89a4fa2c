package dev.hearth.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/// Lends connections to a database, each to one borrower at a time. Safe for many threads.
interface Connections extends AutoCloseable {

    /// The same connections, lent so that they break where the server says nothing for so long; zero is for ever. A
    /// shorter time of their own stays. Where no server is asked, nothing changes.
    default Connections within(Duration silence) {
        return this;
    }

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
