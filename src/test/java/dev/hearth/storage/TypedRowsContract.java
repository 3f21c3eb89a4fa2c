package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a program of one's own does with its tables, on either database.
abstract class TypedRowsContract extends DatabaseContract {
    enum Kind {
        ROUND,
        SQUARE
    }

    record Cake(
            long id,
            String name,
            Kind kind,
            boolean sold,
            Instant bakedAt,
            Optional<String> note) {}

    static final String TABLES =
            """
            CREATE TABLE cake (
                id BIGINT PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                kind TEXT NOT NULL,
                sold BOOLEAN NOT NULL,
                baked_at BIGINT NOT NULL,
                note TEXT
            );
            CREATE INDEX cake_kind ON cake (kind);
            """;
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");
    static final Cake TORTE =
            new Cake(1, "Sacher", Kind.ROUND, true, NOON, Optional.of("no; cream"));
    static final Cake TRAY = new Cake(2, "Streusel", Kind.SQUARE, false, NOON, Optional.empty());

    @BeforeEach
    void makeTables() {
        database.migrate(TABLES);
    }

    private Optional<Cake> insert(Cake cake) throws SQLException {
        return database.write(tx ->
                tx.first(
                        Cake.class,
                        "INSERT INTO cake VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
                                + " RETURNING *",
                        cake.id(),
                        cake.name(),
                        cake.kind(),
                        cake.sold(),
                        cake.bakedAt(),
                        cake.note()));
    }

    private List<Cake> cakes() throws SQLException {
        return database.read(tx -> tx.query(Cake.class, "SELECT * FROM cake ORDER BY id"));
    }

    @Test
    void a_row_that_is_inserted_comes_back_as_a_record() throws Exception {
        assertThat(insert(TORTE)).contains(TORTE);
        assertThat(insert(TRAY)).contains(TRAY);
        assertThat(insert(TRAY)).as("taken").isEmpty();
        assertThat(cakes()).containsExactly(TORTE, TRAY);
        assertThat(first(Long.class, "SELECT count(*) FROM cake")).contains(2L);
    }

    record Weight(
            double grams, float cubits, short pieces, byte layers, BigDecimal price, Kind kind) {}

    @Test
    void an_update_takes_the_values_that_a_query_for_records_takes() throws Exception {
        Weight weight =
                new Weight(0.1, 1.5f, (short) -7, (byte) 3, new BigDecimal("12.75"), Kind.SQUARE);
        database.write(tx -> {
            tx.update(
                    "CREATE TABLE weight (grams DOUBLE PRECISION, cubits REAL, pieces SMALLINT,"
                            + " layers SMALLINT, price NUMERIC(10, 2), kind TEXT)");
            return tx.update(
                    "INSERT INTO weight VALUES (?, ?, ?, ?, ?, ?)",
                    weight.grams(),
                    weight.cubits(),
                    weight.pieces(),
                    weight.layers(),
                    Optional.of(weight.price()),
                    weight.kind());
        });
        assertThat(first(Weight.class, "SELECT * FROM weight")).contains(weight);
        Optional<String> kind =
                database.read(tx ->
                        tx.first(
                                "SELECT kind FROM weight WHERE grams = ? AND kind = ?",
                                row -> row.text("kind"),
                                0.1,
                                Kind.SQUARE));
        assertThat(kind).contains("SQUARE");
    }

    @Test
    void one_parameter_is_a_collection_of_text_numbers_or_constants() throws Exception {
        insert(TORTE);
        insert(TRAY);
        String in = database.dialect().inCollection();
        assertThat(named("name" + in, Set.of("Sacher"))).containsExactly("Sacher");
        assertThat(named("id" + in, List.of(1, 7))).containsExactly("Sacher");
        assertThat(named("id" + in, List.of(2L, 1L))).containsExactly("Sacher", "Streusel");
        assertThat(named("id" + in, List.of())).isEmpty();
        assertThat(named("name" + in, List.of())).isEmpty();
        assertThat(named("kind" + in, Set.of(Kind.SQUARE))).containsExactly("Streusel");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> named("id" + in, List.of(1.5)))
                .withMessageContaining("java.lang.Double");
    }

    /// By a reader of rows, and the same as records.
    private List<String> named(String where, Collection<?> elements) throws SQLException {
        String sql = "SELECT name FROM cake WHERE " + where + " ORDER BY name";
        List<String> read = database.read(tx -> tx.query(sql, row -> row.text("name"), elements));
        assertThat(all(String.class, sql, elements)).isEqualTo(read);
        return read;
    }

    @Test
    void an_update_by_index_tells_how_many_rows_it_changed() throws Exception {
        insert(TORTE);
        insert(TRAY);
        String update = "UPDATE cake SET sold = ? WHERE name = ? OR name = ?";
        // The driver of PostgreSQL goes about the later ones in another way.
        for (int i = 0; i < 12; i++) {
            boolean sold = i % 2 == 0;
            database.write(tx -> {
                assertThat(tx.updateByIndex(update, sold, "none", "none")).isZero();
                assertThat(tx.updateByIndex(update, sold, "Sacher", "none")).isEqualTo(1);
                return assertThat(tx.updateByIndex(update, sold, "Sacher", "Streusel"))
                        .isEqualTo(2);
            });
            assertThat(cakes()).extracting(Cake::sold).containsExactly(sold, sold);
        }
    }

    @Test
    void an_update_by_index_that_fails_changes_nothing() throws Exception {
        insert(TORTE);
        insert(TRAY);
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() ->
                        database.write(tx -> {
                            tx.updateByIndex("UPDATE cake SET sold = ? WHERE id = ?", true, 2);
                            return tx.updateByIndex(
                                    "UPDATE cake SET name = ? WHERE id = ?", "Sacher", 2);
                        }));
        assertThat(cakes()).containsExactly(TORTE, TRAY);
    }

    @Test
    void a_record_is_bound_by_the_names_of_its_components() throws Exception {
        String insert = "INSERT INTO cake VALUES (:id, :name, :kind, :sold, :bakedAt, :note)";
        database.write(tx -> tx.update(insert, TORTE));
        List<Cake> returned =
                database.write(tx -> tx.query(Cake.class, insert + " RETURNING *", TRAY));
        assertThat(returned).containsExactly(TRAY);
        List<Cake> found =
                database.read(tx ->
                        tx.jdbi()
                                .createQuery("SELECT * FROM cake WHERE name IN (<names>)")
                                .bindList("names", List.of("Sacher", "other"))
                                .mapTo(Cake.class)
                                .list());
        assertThat(found).containsExactly(TORTE);
    }

    @Test
    void both_ways_of_asking_are_in_one_transaction_and_are_undone_together() throws Exception {
        insert(TRAY);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() ->
                        database.write(tx -> {
                            tx.update("UPDATE cake SET sold = ?", true);
                            tx.jdbi()
                                    .useTransaction(
                                            inner -> inner.execute("UPDATE cake SET name = 'x'"));
                            tx.jdbi().close();
                            assertThat(tx.query(String.class, "SELECT name FROM cake WHERE sold"))
                                    .contains("x");
                            throw new IllegalStateException();
                        }));
        assertThat(cakes()).containsExactly(TRAY);
    }

    @Test
    void a_constraint_is_told_as_the_database_tells_it() throws Exception {
        insert(TORTE);
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() ->
                        database.write(tx ->
                                tx.query(
                                        Cake.class,
                                        "INSERT INTO cake SELECT 7, name, kind, sold, baked_at,"
                                                + " note FROM cake RETURNING *")))
                .satisfies(refused ->
                        assertThat(database.dialect().isConstraintViolation(refused)).isTrue());
    }

    @Test
    void a_null_where_a_number_is_wanted_is_an_error_and_bound_values_stay_out_of_messages()
            throws Exception {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() ->
                        database.read(tx ->
                                tx.first(
                                        Cake.class,
                                        "SELECT 1 AS id, 'a' AS name, 'ROUND' AS kind, NULL AS"
                                                + " sold, 1 AS baked_at, ? AS note",
                                        "hush")))
                .withMessageNotContaining("hush");
        assertThatExceptionOfType(JdbiException.class)
                .isThrownBy(() ->
                        database.write(tx ->
                                tx.jdbi().execute("INSERT INTO cake (name) VALUES (?)", "hush")))
                .withMessageNotContaining("hush");
    }

    @Test
    void each_script_is_applied_once_and_in_order() throws Exception {
        insert(TORTE);
        String second = "ALTER TABLE cake ADD COLUMN price BIGINT DEFAULT 7 NOT NULL";
        database.migrate(TABLES, second);
        database.migrate(TABLES, second);
        assertThat(first(Long.class, "SELECT price FROM cake")).contains(7L);
    }

    @Test
    void a_script_that_changed_or_is_missing_is_refused() {
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> database.migrate(TABLES + "-- changed"))
                .withMessageContaining("Script 1 has changed since it was applied");
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> database.migrate())
                .withMessageContaining("run the newer program");
    }

    @Test
    void of_a_script_that_fails_nothing_is_kept() throws Exception {
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() ->
                        database.migrate(
                                TABLES,
                                "CREATE TABLE oven (id TEXT)",
                                "CREATE TABLE plate (id TEXT); CREATE TABLE oven (id TEXT)"))
                .withMessageContaining("Script 3 of the application failed");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(
                        () -> database.read(tx -> tx.first(String.class, "SELECT id FROM oven")));
    }

    @Test
    void scripts_of_a_folder_go_by_their_numbers() throws Exception {
        Files.createDirectories(folder.resolve("sql"));
        Files.writeString(folder.resolve("sql/V1__tables.sql"), TABLES);
        Files.writeString(folder.resolve("sql/V10__last.sql"), "UPDATE cake SET name = 'ten'");
        Files.writeString(folder.resolve("sql/V2__second.sql"), "UPDATE cake SET name = 'two'");
        insert(TORTE);
        database.migrate(folder.resolve("sql"));
        assertThat(first(String.class, "SELECT name FROM cake")).contains("ten");

        Files.writeString(folder.resolve("sql/02_again.sql"), "SELECT 1");
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> database.migrate(folder.resolve("sql")))
                .withMessageContaining("Two scripts have the number 2");
        Files.writeString(folder.resolve("sql/02_again.sql"), "SELECT 1");
        Files.move(folder.resolve("sql/02_again.sql"), folder.resolve("sql/again.sql"));
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> database.migrate(folder.resolve("sql")))
                .withMessageContaining("has no number");
    }
}
