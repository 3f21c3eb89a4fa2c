package dev.hearth.storage;

import dev.hearth.storage.CannotStartException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the schema to the version that this program knows.
///
/// One query finds out whether there is anything to do: Flyway itself costs some 400 ms of start-up even
/// when there is not. A new SQLite file gets its tables from [FirstSchema].
final class Migrations {
    private Migrations() {}

    private static final Logger log = LoggerFactory.getLogger(Migrations.class);

    /// The scripts in each of the two folders; a test holds them together.
    static final List<String> SCRIPTS =
            List.of(
                    "V1__inbox.sql",
                    "V2__payments.sql",
                    "V3__billing.sql",
                    "V4__jobs.sql",
                    "V5__operator.sql",
                    "V6__inbox_order.sql",
                    "V7__inbox_lost_leases.sql",
                    "V8__outgoing_origin.sql",
                    "V9__outgoing_turn.sql",
                    "V10__conversion.sql");

    /// The version of the newest of them.
    static final int NEWEST = SCRIPTS.size();

    static final String VERSION =
            """
            SELECT MAX(CAST(version AS INTEGER)) AS newest
              FROM flyway_schema_history
             WHERE version IS NOT NULL AND success
            """;

    static final String FOLDER = "dev/hearth/storage/migration/";

    /// Migrates where the schema is older.
    ///
    /// @throws CannotStartException if the schema is newer than this program, or a script fails
    static void apply(DataSource source, Dialect dialect) throws SQLException {
        OptionalInt present = version(source, dialect);
        if (present.isPresent() && present.getAsInt() == NEWEST) {
            return;
        }
        if (present.isPresent() && present.getAsInt() > NEWEST) {
            throw new CannotStartException(
                    Kind.CONFIGURATION,
                    "The database has schema version %d, this Hearth knows up to %d: run the newer Hearth that wrote it."
                            .formatted(present.getAsInt(), NEWEST));
        }
        if (present.isEmpty()
                && dialect == Dialect.SQLITE
                && FirstSchema.makeIfEmpty(source, SCRIPTS)) {
            log.info("made a new database, at schema version {}", NEWEST);
            return;
        }
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:" + FOLDER + dialect.folder())
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayException failed) {
            throw new CannotStartException(
                    isAway(failed, dialect) ? Kind.TEMPORARY : Kind.CONFIGURATION,
                    "The database could not be brought to schema version %d: %s"
                            .formatted(NEWEST, firstLine(failed)),
                    failed);
        }
        OptionalInt reached = version(source, dialect);
        if (reached.isEmpty()
                || reached.getAsInt() != NEWEST) { // Flyway finds no scripts in some odd jars
            throw new CannotStartException(
                    Kind.CONFIGURATION,
                    "The database should be at schema version %d by now and is not: the scripts in Hearth's jar were not found. Install it again."
                            .formatted(NEWEST));
        }
        log.info("database is at schema version {}", NEWEST);
    }

    private static boolean isAway(Throwable failed, Dialect dialect) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof SQLException said && dialect.isAway(said)) {
                return true;
            }
        }
        return false;
    }

    /// The version of the newest script that was applied, or nothing in an empty database.
    static OptionalInt version(DataSource source, Dialect dialect) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return version(connection, dialect);
        }
    }

    /// As above, on a connection that stays open.
    static OptionalInt version(Connection connection, Dialect dialect) throws SQLException {
        if (!hasHistory(connection, dialect)) {
            return OptionalInt.empty();
        }
        try (Statement statement = connection.createStatement();
                ResultSet newest = statement.executeQuery(VERSION)) {
            boolean any = newest.next() && newest.getInt(1) > 0;
            return any ? OptionalInt.of(newest.getInt(1)) : OptionalInt.empty();
        }
    }

    private static boolean hasHistory(Connection connection, Dialect dialect) throws SQLException {
        String query =
                dialect == Dialect.SQLITE
                        ? "SELECT 1 FROM sqlite_master WHERE name = 'flyway_schema_history'"
                        : "SELECT 1 WHERE to_regclass('flyway_schema_history') IS NOT NULL";
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            return found.next();
        }
    }

    private static String firstLine(FlywayException failed) {
        return String.valueOf(failed.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
