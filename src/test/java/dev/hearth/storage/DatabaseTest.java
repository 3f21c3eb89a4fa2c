package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.storage.CannotStartException.Kind;
import dev.hearth.storage.DatabaseLocation.SqliteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {
    @TempDir Path folder;

    private Database open() {
        return Database.open(new SqliteFile(folder.resolve("data/hearth.db")));
    }

    private static void create(Database database) throws SQLException {
        database.write(tx ->
                tx.update("CREATE TABLE thing (name TEXT, at BIGINT, flag BOOLEAN, bytes BLOB)"));
    }

    private static List<String> names(Database database) throws SQLException {
        return database.read(
                tx -> tx.query("SELECT name FROM thing ORDER BY name", row -> row.text("name")));
    }

    @Test
    void what_the_pool_weaves_is_known_by_its_name() {
        assertThatCode(() -> Class.forName(PooledConnections.WOVEN)).doesNotThrowAnyException();
        Database.preparePool();
    }

    @Test
    void work_that_returns_is_committed_and_work_that_throws_is_undone() throws Exception {
        try (Database database = open()) {
            create(database);
            database.write(tx -> tx.update("INSERT INTO thing (name) VALUES (?)", "kept"));
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() ->
                            database.write(tx -> {
                                tx.update("INSERT INTO thing (name) VALUES (?)", "undone");
                                throw new IllegalStateException();
                            }));

            assertThat(names(database)).containsExactly("kept");
        }
    }

    @Test
    void what_a_savepoint_could_bring_back_makes_no_file_and_what_a_reader_sorts_may()
            throws Exception {
        Database.Work<Optional<Integer>, SQLException> store =
                tx -> tx.first("PRAGMA temp_store", row -> row.integer("temp_store"));
        int asBuilt = 0;
        int inMemory = 2;
        try (Database database = open()) {
            assertThat(database.write(store).orElseThrow()).isEqualTo(inMemory);
            assertThat(database.read(store).orElseThrow()).isEqualTo(asBuilt);
        }
    }

    @Test
    void what_is_bound_comes_back() throws Exception {
        Instant at = Instant.parse("2026-11-21T10:00:00.123Z");
        byte[] bytes = {0, 1, (byte) 0xff};
        try (Database database = open()) {
            create(database);
            database.write(tx ->
                    tx.update(
                            "INSERT INTO thing VALUES (?, ?, ?, ?)", "Zürich €", at, true, bytes));
            database.write(tx ->
                    tx.update(
                            "INSERT INTO thing VALUES (?, ?, ?, ?)",
                            Optional.empty(),
                            null,
                            null,
                            null));

            List<String> rows =
                    database.read(tx ->
                            tx.query(
                                    "SELECT * FROM thing",
                                    row ->
                                            "%s %s %s %s"
                                                    .formatted(
                                                            row.optionalText("name"),
                                                            row.optionalInstant("at"),
                                                            row.optionalFlag("flag"),
                                                            row.optionalBytes("bytes")
                                                                    .map(b -> b.length))));
            assertThat(rows)
                    .containsExactly(
                            "Optional[Zürich €] Optional[2026-11-21T10:00:00.123Z] Optional[true] Optional[3]",
                            "Optional.empty Optional.empty Optional.empty Optional.empty");
        }
    }

    @Test
    void a_collection_is_bound_to_one_place() throws Exception {
        try (Database database = open()) {
            create(database);
            for (String name : List.of("a", "b", "c")) {
                database.write(tx -> tx.update("INSERT INTO thing (name) VALUES (?)", name));
            }
            int deleted =
                    database.write(tx ->
                            tx.update(
                                    "DELETE FROM thing WHERE name" + tx.dialect().inCollection(),
                                    List.of("a", "c", "x")));

            assertThat(deleted).isEqualTo(2);
            assertThat(names(database)).containsExactly("b");
        }
    }

    @Test
    void a_transaction_begins_with_its_first_statement() throws Exception {
        try (Database database = open();
                Database other = open()) {
            create(database);
            database.write(tx -> {
                assertThat(tx.begun()).isFalse();
                other.write(o -> o.update("INSERT INTO thing (name) VALUES ('other')"));
                return tx.update("INSERT INTO thing (name) VALUES ('own')");
            });

            assertThat(names(database)).containsExactly("other", "own");
        }
    }

    @Test
    void a_second_process_may_write_while_the_first_is_idle() throws Exception {
        try (Database first = open();
                Database second = open()) {
            create(first);
            first.write(tx -> tx.update("INSERT INTO thing (name) VALUES ('first')"));
            second.write(tx -> tx.update("INSERT INTO thing (name) VALUES ('second')"));

            assertThat(names(first)).containsExactly("first", "second");
        }
    }

    @Test
    void what_is_to_follow_the_commit_does_and_only_then() throws Exception {
        List<String> order = new ArrayList<>();
        try (Database database = open()) {
            create(database);
            database.write(tx -> {
                tx.afterCommit(() -> order.add("after"));
                tx.update("INSERT INTO thing (name) VALUES ('a')");
                return order.add("work");
            });
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() ->
                            database.write(tx -> {
                                tx.afterCommit(() -> order.add("never"));
                                throw new IllegalStateException();
                            }));
        }

        assertThat(order).containsExactly("work", "after");
    }

    @Test
    void only_one_process_serves_a_file_and_the_next_is_told_who() throws Exception {
        try (Database database = open()) {
            try (AutoCloseable _ = database.claimForServing()) {
                assertThatExceptionOfType(CannotStartException.class)
                        .isThrownBy(database::claimForServing)
                        .withMessageContaining("is served by")
                        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.TEMPORARY));
            }
            assertThatCode(() -> database.claimForServing().close()).doesNotThrowAnyException();
        }
    }

    @Test
    void a_file_in_place_of_the_folder_is_refused_with_a_sentence() throws Exception {
        Files.writeString(folder.resolve("data"), "in the way");

        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(this::open)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CANNOT_CREATE));
    }

    @Test
    void a_file_that_is_no_database_is_refused_with_a_sentence() throws Exception {
        Files.createDirectory(folder.resolve("data"));
        Files.writeString(folder.resolve("data/hearth.db"), "x".repeat(8_192));

        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(this::open)
                .withMessageContaining("cannot be opened");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "NFS"})
    void a_network_file_system_is_refused(String type) {
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> SqliteFiles.requireLocal(folder, type))
                .withMessageContaining("network file system")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs"})
    void a_local_file_system_is_accepted(String type) {
        assertThatCode(() -> SqliteFiles.requireLocal(folder, type)).doesNotThrowAnyException();
    }

    @Test
    void a_file_system_that_cannot_be_told_is_taken_for_a_local_one() {
        assertThatCode(() ->
                        SqliteFiles.requireLocal(
                                folder,
                                _ -> {
                                    throw new IOException("Mount point not found");
                                }))
                .doesNotThrowAnyException();
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> SqliteFiles.requireLocal(folder, _ -> "nfs4"));
    }

    @Test
    void a_database_server_that_does_not_answer_is_a_sentence_too() {
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() ->
                        Database.open(
                                new DatabaseLocation.PostgreSql(
                                        "jdbc:postgresql://127.0.0.1:1/hearth?password=hunter2",
                                        "hearth",
                                        "hunter2",
                                        4)))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(Kind.TEMPORARY);
                    assertThat(e).hasMessageNotContaining("hunter2");
                });
    }
}
