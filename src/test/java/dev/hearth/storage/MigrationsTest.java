package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.storage.CannotStartException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteDataSource;

class MigrationsTest {
    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void the_scripts_are_those_that_the_program_knows(Dialect dialect) throws IOException {
        try (Stream<Path> files =
                Files.list(Path.of("src/main/resources", Migrations.FOLDER, dialect.folder()))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Migrations.SCRIPTS);
        }
        for (int version = 1; version <= Migrations.NEWEST; version++) {
            assertThat(Migrations.SCRIPTS.get(version - 1)).startsWith("V" + version + "__");
        }
    }

    private SQLiteDataSource file(String name) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + folder.resolve(name));
        return source;
    }

    private static Flyway flyway(DataSource source) {
        return Flyway.configure()
                .dataSource(source)
                .locations("classpath:" + Migrations.FOLDER + "sqlite")
                .load();
    }

    private static List<String> rows(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(result.getString(i)).replaceAll("\\s+", " "));
                }
                rows.add(String.join(" | ", columns));
            }
            return rows;
        }
    }

    @Test
    void a_new_file_is_as_flyway_would_make_it() throws Exception {
        DataSource ours = file("ours.db");
        DataSource flyways = file("flyways.db");
        assertThat(FirstSchema.makeIfEmpty(ours, Migrations.SCRIPTS)).isTrue();
        flyway(flyways).migrate();

        for (String sql :
                List.of(
                        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name",
                        "SELECT installed_rank, version, description, type, script, checksum, installed_by, success"
                                + " FROM flyway_schema_history ORDER BY installed_rank")) {
            assertThat(rows(ours, sql)).isNotEmpty().isEqualTo(rows(flyways, sql));
        }
        assertThat(rows(ours, "SELECT installed_on FROM flyway_schema_history"))
                .allMatch(
                        time -> time.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}"));
        flyway(ours).validate();
        assertThat(flyway(ours).migrate().migrationsExecuted).isZero();
    }

    /// With this version processes began to name indexes by which SQLite searches ([Dialect#byIndex]), which it refuses where
    /// there is no such index, or one for something else.
    private static final int FIRST_TO_NAME_INDEXES = 9;

    /// Every index that a released process has named. None may ever be taken from this list.
    private static final Set<String> NAMED =
            Set.of("webhook_inbox_due", "webhook_inbox_lost", "webhook_inbox_turn");

    @Test
    void indexes_that_are_named_by_older_processes_stay_as_they_were() throws Exception {
        String sql =
                "SELECT name, tbl_name, sql FROM sqlite_master WHERE name IN ('%s') ORDER BY name"
                        .formatted(String.join("', '", NAMED));
        DataSource first = file("first.db");
        FirstSchema.makeIfEmpty(first, Migrations.SCRIPTS.subList(0, FIRST_TO_NAME_INDEXES));
        assertThat(rows(first, sql)).hasSameSizeAs(NAMED);
        for (int version = FIRST_TO_NAME_INDEXES; version <= Migrations.NEWEST; version++) {
            DataSource later = file("at-%d.db".formatted(version));
            FirstSchema.makeIfEmpty(later, Migrations.SCRIPTS.subList(0, version));
            assertThat(rows(later, sql))
                    .as(
                            "%s: a process of before on the same file names these indexes, and would stop to handle events: make one of another name instead",
                            Migrations.SCRIPTS.get(version - 1))
                    .isEqualTo(rows(first, sql));
        }
    }

    @Test
    void every_index_that_is_named_is_known_to_the_test_above() throws Exception {
        Set<String> named = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                Pattern.compile("byIndex\\(\"(\\w+)\"\\)")
                        .matcher(Files.readString(source))
                        .results()
                        .forEach(found -> named.add(found.group(1)));
            }
        }
        assertThat(named).isNotEmpty().isSubsetOf(NAMED);
    }

    @Test
    void flyway_goes_on_where_the_first_schema_was_made() throws Exception {
        DataSource older = file("older.db");
        FirstSchema.makeIfEmpty(older, Migrations.SCRIPTS.subList(0, 3));
        Migrations.apply(older, Dialect.SQLITE);
        assertThat(Migrations.version(older, Dialect.SQLITE)).hasValue(Migrations.NEWEST);
    }

    @Test
    void what_was_booked_before_conversions_stays_and_is_only_ever_added_to() throws Exception {
        DataSource older = file("booked.db");
        FirstSchema.makeIfEmpty(older, Migrations.SCRIPTS.subList(0, 9));
        execute(older, "INSERT INTO journal VALUES ('j1', 'payout', 'po_1', NULL, 1)");
        execute(older, "INSERT INTO journal_entry VALUES ('j1', 'payouts', 'eur', 500)");
        execute(older, "INSERT INTO journal_entry VALUES ('j1', 'receivable_stripe', 'eur', -500)");
        String entries = "SELECT * FROM journal_entry ORDER BY account";
        List<String> before = rows(older, entries);

        Migrations.apply(older, Dialect.SQLITE);

        assertThat(rows(older, entries)).hasSize(2).isEqualTo(before);
        for (String change :
                List.of("UPDATE journal_entry SET amount = 1", "DELETE FROM journal_entry")) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> execute(older, change))
                    .withMessageContaining("only ever added to");
        }
        execute(older, "INSERT INTO journal_entry VALUES ('j1', 'conversion', 'eur', 1)");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() ->
                        execute(older, "INSERT INTO journal_entry VALUES ('j1', 'x', 'eur', 1)"))
                .withMessageContaining("CHECK");
    }

    private static void execute(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    @Test
    void a_file_that_holds_anything_is_left_to_flyway() throws Exception {
        DataSource used = file("used.db");
        try (Connection connection = used.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE mine (id TEXT)");
        }
        assertThat(FirstSchema.makeIfEmpty(used, Migrations.SCRIPTS)).isFalse();
        assertThat(rows(used, "SELECT name FROM sqlite_master")).containsExactly("mine");
    }

    @Test
    void a_first_schema_that_fails_leaves_nothing() throws Exception {
        DataSource broken = file("broken.db");
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() ->
                        FirstSchema.makeIfEmpty(broken, List.of("V1__inbox.sql", "V9__none.sql")))
                .withMessageContaining("V9__none.sql");
        assertThat(rows(broken, "SELECT name FROM sqlite_master")).isEmpty();
    }

    @Test
    void a_newer_schema_is_refused_with_a_sentence() throws Exception {
        var location = new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        try (Database database = Database.open(location)) {
            database.write(tx ->
                    tx.update(
                            """
                            INSERT INTO flyway_schema_history
                            SELECT installed_rank + 1, '999', 'newer', type, 'V999__newer.sql', checksum,
                                   installed_by, installed_on, execution_time, success
                              FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1
                            """));
        }

        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> Database.open(location).close())
                .withMessageContaining("schema version 999")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION));
    }
}
