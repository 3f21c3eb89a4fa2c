package dev.hearth.storage;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One row of a result, read by column name, from the columns that [Transaction] lists. Valid only while its reader runs.
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

    /// A whole number, or nothing where the column is null.
    public OptionalLong optionalNumber(String column) throws SQLException {
        long value = result.getLong(column);
        return result.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /// A decimal, with the digits behind the point that the column keeps.
    public BigDecimal decimal(String column) throws SQLException {
        return present(column, result.getBigDecimal(column));
    }

    /// A decimal, or nothing where the column is null.
    public Optional<BigDecimal> optionalDecimal(String column) throws SQLException {
        return Optional.ofNullable(result.getBigDecimal(column));
    }

    /// A floating-point number; 0 where the column is null.
    public double real(String column) throws SQLException {
        return result.getDouble(column);
    }

    /// A UUID that is there.
    public UUID uuid(String column) throws SQLException {
        return present(column, TextColumns.uuid(result, result.findColumn(column)));
    }

    /// A UUID, or nothing where the column is null.
    public Optional<UUID> optionalUuid(String column) throws SQLException {
        return Optional.ofNullable(TextColumns.uuid(result, result.findColumn(column)));
    }

    /// A day that is there.
    public LocalDate date(String column) throws SQLException {
        return present(column, TextColumns.date(result, result.findColumn(column)));
    }

    /// A day, or nothing where the column is null.
    public Optional<LocalDate> optionalDate(String column) throws SQLException {
        return Optional.ofNullable(TextColumns.date(result, result.findColumn(column)));
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
