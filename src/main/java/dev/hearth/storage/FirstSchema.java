package dev.hearth.storage;

import dev.hearth.storage.CannotStartException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.zip.CRC32;
import javax.sql.DataSource;

/// Makes the tables of a new SQLite file: the scripts that Flyway would run, in one transaction, and the history that
/// it would leave, so that it makes every later change.
///
/// Loading Flyway takes longer than all the rest of a first start, and it syncs the disk once for each script.
final class FirstSchema {
    /// As Flyway 13 writes it; `MigrationsTest` compares.
    private static final String HISTORY =
            """
            CREATE TABLE "flyway_schema_history" (
                "installed_rank" INT NOT NULL PRIMARY KEY,
                "version" VARCHAR(50),
                "description" VARCHAR(200) NOT NULL,
                "type" VARCHAR(20) NOT NULL,
                "script" VARCHAR(1000) NOT NULL,
                "checksum" INT,
                "installed_by" VARCHAR(100) NOT NULL,
                "installed_on" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
                "execution_time" INT NOT NULL,
                "success" BOOLEAN NOT NULL
            );
            CREATE INDEX "flyway_schema_history_s_idx" ON "flyway_schema_history" ("success");
            """;

    private static final String APPLIED =
            """
            INSERT INTO flyway_schema_history
                   (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
            VALUES (?, ?, ?, 'SQL', ?, ?, '', 0, TRUE)
            """;

    private FirstSchema() {}

    /// Makes them, unless the file holds anything already. Tells whether it did.
    static boolean makeIfEmpty(DataSource source, List<String> scripts) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            if (!isEmpty(statement)) {
                return false;
            }
            statement.executeUpdate("BEGIN IMMEDIATE");
            // Closing the connection before the commit undoes everything.
            statement.executeUpdate(HISTORY);
            for (String name : scripts) {
                String sql = read(name);
                statement.executeUpdate(sql); // all of its statements
                record(connection, scripts.indexOf(name) + 1, name, checksum(sql));
            }
            statement.executeUpdate("COMMIT");
            return true;
        }
    }

    private static boolean isEmpty(Statement statement) throws SQLException {
        try (ResultSet any = statement.executeQuery("SELECT 1 FROM sqlite_master LIMIT 1")) {
            return !any.next();
        }
    }

    private static String read(String name) {
        String resource = "/" + Migrations.FOLDER + Dialect.SQLITE.folder() + "/" + name;
        try (InputStream script = FirstSchema.class.getResourceAsStream(resource)) {
            if (script == null) {
                throw new IOException("it is not there");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new CannotStartException(
                    Kind.CONFIGURATION,
                    "Hearth's jar cannot give its script %s: %s. Install it again."
                            .formatted(name, broken.getMessage()),
                    broken);
        }
    }

    /// `V2__payments.sql` is version 2, described as `payments`.
    private static void record(Connection connection, int rank, String name, int checksum)
            throws SQLException {
        int end = name.indexOf("__");
        try (PreparedStatement applied = connection.prepareStatement(APPLIED)) {
            applied.setInt(1, rank);
            applied.setString(2, name.substring(1, end));
            applied.setString(
                    3, name.substring(end + 2, name.length() - ".sql".length()).replace('_', ' '));
            applied.setString(4, name);
            applied.setInt(5, checksum);
            applied.executeUpdate();
        }
    }

    /// Of the lines without their ends, so that it is the same however they end.
    private static int checksum(String sql) {
        CRC32 sum = new CRC32();
        sql.lines().forEach(line -> sum.update(line.getBytes(StandardCharsets.UTF_8)));
        return (int) sum.getValue();
    }
}
