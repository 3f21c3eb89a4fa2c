package dev.hearth.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One row of a result, read by column name. Valid only while its reader runs.
public final class Row {
    private final ResultSet result;

    Row(ResultSet result) {
        this.result = result;
    }

    /// A text that is there.
    public String text(String column) throws SQLException {
        return present(column, result.getString(column));
    }

    /// A text, or nothing where the column is null.
    public Optional<String> optionalText(String column) throws SQLException {
        return Optional.ofNullable(result.getString(column));
    }

    /// A number; 0 where the column is null.
    public long number(String column) throws SQLException {
        return result.getLong(column);
    }

    /// A number that fits an int; 0 where the column is null.
    public int integer(String column) throws SQLException {
        return result.getInt(column);
    }

    /// A truth value; false where the column is null.
    public boolean flag(String column) throws SQLException {
        return result.getBoolean(column);
    }

    /// A truth value, or nothing where the column is null.
    public Optional<Boolean> optionalFlag(String column) throws SQLException {
        boolean value = result.getBoolean(column);
        return result.wasNull() ? Optional.empty() : Optional.of(value);
    }

    /// A time, kept as milliseconds since 1970 in UTC.
    public Instant instant(String column) throws SQLException {
        return present(column, optionalInstant(column).orElse(null));
    }

    /// A time, or nothing where the column is null.
    public Optional<Instant> optionalInstant(String column) throws SQLException {
        long millis = result.getLong(column);
        return result.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    /// Bytes that are there.
    public byte[] bytes(String column) throws SQLException {
        return present(column, result.getBytes(column));
    }

    /// Bytes, or nothing where the column is null.
    public Optional<byte[]> optionalBytes(String column) throws SQLException {
        return Optional.ofNullable(result.getBytes(column));
    }

    private static <T> T present(String column, @Nullable T value) throws SQLException {
        if (value == null) {
            throw new SQLException("column " + column + " is null, a value was expected");
        }
        return value;
    }
}
