package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.storage.DatabaseLocation.SqliteFile;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The database as a CGI program opens it.
class OneRequestDatabaseTest {
    @TempDir Path folder;

    private SqliteFile location;

    @BeforeEach
    void locate() {
        location = new SqliteFile(folder.resolve("data/hearth.db"));
    }

    private static List<String> notes(Database database) throws SQLException {
        return database.read(tx -> tx.query("SELECT text FROM note", row -> row.text("text")));
    }

    @Test
    void brings_the_schema_up_to_date_and_keeps_what_is_written() throws Exception {
        try (Database database = Database.openForOneRequest(location)) {
            database.write(tx -> tx.update("CREATE TABLE note (text TEXT)"));
            database.write(tx -> tx.update("INSERT INTO note VALUES (?)", "kept"));
        }
        try (Database database = Database.open(location)) {
            assertThat(notes(database)).containsExactly("kept");
            List<String> events =
                    database.read(
                            tx -> tx.query("SELECT id FROM webhook_inbox", r -> r.text("id")));
            assertThat(events).isEmpty();
        }
    }

    @Test
    void a_failed_transaction_leaves_nothing_and_the_next_one_works() throws Exception {
        try (Database database = Database.openForOneRequest(location)) {
            database.write(tx -> tx.update("CREATE TABLE note (text TEXT UNIQUE)"));
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() ->
                            database.write(tx -> {
                                tx.update("INSERT INTO note VALUES (?)", "twice");
                                return tx.update("INSERT INTO note VALUES (?)", "twice");
                            }));
            assertThat(notes(database)).isEmpty();
            database.write(tx -> tx.update("INSERT INTO note VALUES (?)", "once"));
            assertThat(notes(database)).containsExactly("once");
        }
    }

    @Test
    void a_read_within_a_write_sees_the_moment_before() throws Exception {
        try (Database database = Database.openForOneRequest(location)) {
            database.write(tx -> tx.update("CREATE TABLE note (text TEXT)"));
            List<String> seenWithin =
                    database.write(tx -> {
                        tx.update("INSERT INTO note VALUES (?)", "not yet");
                        return notes(database);
                    });
            assertThat(seenWithin).isEmpty();
        }
    }
}
