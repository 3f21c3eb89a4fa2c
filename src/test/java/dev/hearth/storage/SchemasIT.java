package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One schema, two databases.
class SchemasIT {
    @TempDir Path folder;

    /// Every column as `table.column type null?`, types by what they hold.
    private static Set<String> columns(DatabaseLocation location, String schema) throws Exception {
        try (Database database = Database.open(location)) {
            return database.read(tx -> {
                Set<String> columns = new TreeSet<>();
                ResultSet found =
                        tx.connection().getMetaData().getColumns(null, schema, null, null);
                while (found.next()) {
                    String table = found.getString("TABLE_NAME");
                    if (!table.startsWith("flyway") && !table.startsWith("sqlite")) {
                        columns.add(
                                "%s.%s %s %s"
                                        .formatted(
                                                table,
                                                found.getString("COLUMN_NAME"),
                                                type(found.getString("TYPE_NAME")),
                                                found.getInt("NULLABLE")));
                    }
                }
                return columns;
            });
        }
    }

    private static String type(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "int8", "bigint" -> "bigint";
            case "int4", "integer", "serial" -> "integer";
            case "bytea", "blob" -> "bytes";
            case "bool", "boolean" -> "boolean";
            case "timestamptz", "timestamp with time zone" -> "timestamp";
            default -> name.toLowerCase(Locale.ROOT);
        };
    }

    @Test
    void both_databases_have_the_same_tables_and_columns() throws Exception {
        Set<String> sqlite =
                columns(new DatabaseLocation.SqliteFile(folder.resolve("hearth.db")), null);
        Set<String> postgres = columns(PostgresServer.shared().newDatabase(), "public");

        postgres.removeIf(column -> column.startsWith("pg_") || column.contains("_idx."));
        assertThat(sqlite).isNotEmpty();
        assertThat(postgres).containsAll(sqlite);
        assertThat(postgres)
                .filteredOn(column -> !column.startsWith("webhook_inbox_"))
                .allSatisfy(column -> assertThat(sqlite).contains(column));
    }
}
