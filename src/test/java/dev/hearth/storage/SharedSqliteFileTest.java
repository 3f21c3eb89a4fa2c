package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server and the commands beside it have one file open at the same time.
class SharedSqliteFileTest {
    @TempDir Path folder;

    @Test
    void who_is_idle_keeps_nobody_from_writing() throws Exception {
        DatabaseLocation file = new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        try (Database server = Database.open(file)) {
            server.write(tx -> tx.update("CREATE TABLE t (a INTEGER)"));
            try (Database command = Database.open(file)) {
                for (int i = 0; i < 3; i++) {
                    command.write(tx -> tx.update("INSERT INTO t VALUES (1)"));
                    server.write(tx -> tx.update("INSERT INTO t VALUES (2)"));
                }
                undone(command);
                server.write(tx -> tx.update("INSERT INTO t VALUES (2)"));
            }
            long rows =
                    server.read(tx ->
                                    tx.first("SELECT count(*) AS n FROM t", row -> row.number("n")))
                            .orElseThrow();
            assertThat(rows).isEqualTo(7);
        }
    }

    private static void undone(Database database) throws Exception {
        try {
            database.write(tx -> {
                tx.update("INSERT INTO t VALUES (3)");
                throw new IllegalStateException("undo");
            });
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("undo");
        }
    }
}
