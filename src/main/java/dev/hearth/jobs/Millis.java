package dev.hearth.jobs;

import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.SqliteJdbcCustomization;
import dev.hearth.storage.Dialect;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Keeps the scheduler's times as milliseconds, as all others of Hearth's are.
final class Millis {
    private Millis() {}

    static JdbcCustomization on(Dialect dialect) {
        return switch (dialect) {
            case SQLITE -> new OnSqlite();
            case POSTGRESQL -> new OnPostgres();
        };
    }

    private static final class OnSqlite extends SqliteJdbcCustomization {
        @Override
        public void setInstant(PreparedStatement statement, int index, @Nullable Instant time)
                throws SQLException {
            set(statement, index, time);
        }

        @Override
        public @Nullable Instant getInstant(ResultSet row, String column) throws SQLException {
            return get(row, column);
        }
    }

    private static final class OnPostgres extends PostgreSqlJdbcCustomization {
        OnPostgres() {
            super(false, false); // one statement that locks and fetches
        }

        @Override
        public void setInstant(PreparedStatement statement, int index, @Nullable Instant time)
                throws SQLException {
            set(statement, index, time);
        }

        @Override
        public @Nullable Instant getInstant(ResultSet row, String column) throws SQLException {
            return get(row, column);
        }
    }

    private static void set(PreparedStatement statement, int index, @Nullable Instant time)
            throws SQLException {
        if (time == null) {
            statement.setNull(index, Types.BIGINT);
        } else {
            statement.setLong(index, time.toEpochMilli());
        }
    }

    private static @Nullable Instant get(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }
}
