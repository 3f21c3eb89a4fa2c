package dev.hearth.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/// Begins and ends transactions.
interface TransactionSource extends AutoCloseable {

    /// The same transactions, which fail where a server says nothing for so long; zero is for ever. Where no server is
    /// asked, nothing changes.
    default TransactionSource within(Duration silence) {
        return this;
    }

    /// Lends a connection on which a transaction has begun, or begins with the first statement.
    Connection begin() throws SQLException;

    /// Commits. Where it throws the outcome is not known, and the transaction is rolled back next.
    void commit(Connection connection) throws SQLException;

    /// Undoes what was done; a connection that cannot is not lent again.
    void rollback(Connection connection) throws SQLException;

    /// How the pool stands.
    PoolFigures figures();

    /// The pool itself, or where there is none what opens connections.
    DataSource pool();

    /// Takes back a connection whose transaction is over.
    void release(Connection connection) throws SQLException;

    @Override
    void close();
}
