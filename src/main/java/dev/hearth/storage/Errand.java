package dev.hearth.storage;

import dev.hearth.storage.Database.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Work in a transaction that another thread may do than the one that wants it, which waits. Owned by who does it
/// until the other is told.
final class Errand<T, X extends Exception> {
    private final Work<T, X> work;
    private final Transaction transaction;
    private @Nullable T result;
    private @Nullable Throwable failure;

    Errand(Work<T, X> work, Transaction transaction) {
        this.work = work;
        this.transaction = transaction;
    }

    /// Does the work on a connection whose transaction has begun, and leaves that open. What the work throws is kept for
    /// who wants it.
    ///
    /// @return whether what was written is to stay
    boolean run(Connection connection) {
        try {
            result = transaction.within(connection, work);
            return true;
        } catch (Throwable failed) {
            failure = failed;
            return false;
        }
    }

    /// Nothing of it is committed, for this reason unless it has one of its own.
    void fail(Throwable why) {
        if (failure == null) {
            failure = why;
        } else if (!failure.equals(why)) {
            failure.addSuppressed(why);
        }
    }

    /// What came of it, once it is committed or undone; on the thread that wanted it.
    T outcome() throws X, SQLException {
        if (failure != null) {
            throw thrown(failure);
        }
        transaction.runAfterCommit();
        return Objects.requireNonNull(result);
    }

    @SuppressWarnings("unchecked") // what else could the work have thrown
    private X thrown(Throwable why) throws SQLException {
        return switch (why) {
            case SQLException database -> throw database;
            case RuntimeException bug -> throw bug;
            case Error serious -> throw serious;
            default -> (X) why;
        };
    }
}
