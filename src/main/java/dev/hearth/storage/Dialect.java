package dev.hearth.storage;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.sqlite.SQLiteException;

/// The two kinds of SQL that Hearth speaks, and every difference that its code must know of.
public enum Dialect {
    SQLITE("sqlite"),
    POSTGRESQL("postgresql");

    private final String folder;

    Dialect(String folder) {
        this.folder = folder;
    }

    /// The name of the folder of its migrations.
    String folder() {
        return folder;
    }

    /// What stands behind a SELECT that locks the rows it finds until the transaction ends. On SQLite there
    /// is one writer at a time, so nothing is needed.
    public String forUpdate() {
        return this == POSTGRESQL ? " FOR UPDATE" : "";
    }

    /// As [#forUpdate], passing over rows that others have locked.
    public String forUpdateSkipLocked() {
        return this == POSTGRESQL ? " FOR UPDATE SKIP LOCKED" : "";
    }

    /// What stands behind the name of a table to have SQLite use this index and no other: where a user has had it gather
    /// statistics, it prefers an index that was long then to one that was empty, and reads all of it. PostgreSQL knows how
    /// long an index is now.
    public String byIndex(String index) {
        return this == POSTGRESQL ? "" : " INDEXED BY " + index;
    }

    /// Asks, as `it`, whether transactions can only read: `on` or `off`. A SQLite file that is open can be written.
    String selectReadOnly() {
        return this == POSTGRESQL
                ? "SELECT current_setting('transaction_read_only') AS it"
                : "SELECT 'off' AS it";
    }

    /// What stands behind a column to compare it with every element of a collection bound to one `?`.
    public String inCollection() {
        return this == POSTGRESQL ? " = ANY (?)" : " IN (SELECT value FROM json_each(?))";
    }

    /// An expression for where the bytes bound to one `?` begin in a column of bytes, from 1; 0 where they
    /// are not in it.
    public String positionInBytes(String column) {
        return this == POSTGRESQL
                ? "position(? IN %s)".formatted(column)
                : "instr(%s, ?)".formatted(column);
    }

    /// Whether the database refused the row for a constraint: a unique value, a check, a reference.
    public boolean isConstraintViolation(SQLException failure) {
        return switch (this) {
            case SQLITE ->
                    failure instanceof SQLiteException sqlite
                            && (sqlite.getResultCode().code & 0xff) == SQLITE_CONSTRAINT;
            case POSTGRESQL -> stateStartsWith(failure, "23");
        };
    }

    /// Whether the data itself was refused, so that trying again can never help.
    public boolean isAboutTheData(SQLException failure) {
        return isConstraintViolation(failure)
                || (this == POSTGRESQL && stateStartsWith(failure, "22"))
                || (failure instanceof SQLiteException sqlite
                        && (sqlite.getResultCode().code & 0xff) == SQLITE_TOOBIG);
    }

    /// Whether the database could not be reached, had no hand free or no room left, or takes no writes now: the same
    /// work can succeed later. A commit that ends so may have happened all the same.
    public boolean isAway(SQLException failure) {
        if (failure instanceof SQLTransientConnectionException) { // the pool waited in vain
            return true;
        }
        return switch (this) {
            case SQLITE ->
                    failure instanceof SQLiteException sqlite
                            && SQLITE_AWAY.contains(sqlite.getResultCode().code & 0xff);
            // Connection lost, too many of them, shutting down or starting, another in its place.
            case POSTGRESQL ->
                    stateStartsWith(failure, "08")
                            || stateStartsWith(failure, "53")
                            || stateStartsWith(failure, "57P")
                            || stateStartsWith(failure, READ_ONLY);
        };
    }

    private static final String READ_ONLY = "25006";

    // Busy, locked, full.
    private static final Set<Integer> SQLITE_AWAY = Set.of(5, 6, 13);
    private static final int SQLITE_TOOBIG = 18;
    private static final int SQLITE_CONSTRAINT = 19;

    private static boolean stateStartsWith(SQLException failure, String prefix) {
        String state = failure.getSQLState();
        return state != null && state.startsWith(prefix);
    }
}
