package dev.hearth.storage;

import java.sql.SQLException;
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

    private static final int SQLITE_TOOBIG = 18;
    private static final int SQLITE_CONSTRAINT = 19;

    private static boolean stateStartsWith(SQLException failure, String prefix) {
        String state = failure.getSQLState();
        return state != null && state.startsWith(prefix);
    }
}
