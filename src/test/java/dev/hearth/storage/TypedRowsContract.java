package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a program of one's own does with its tables, on either database.
abstract class TypedRowsContract {
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

    @TempDir Path folder;
    Database database;

    abstract DatabaseLocation location();

    @BeforeEach
    void open() {
        database = Database.open(location());
        database.migrate(TABLES);
    }

    @AfterEach
    void close() {
        database.close();
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

    private <T> Optional<T> first(Class<T> type, String sql) throws SQLException {
        return database.read(tx -> tx.first(type, sql));
    }

    private <T> List<T> all(Class<T> type, String sql, Object... parameters) throws SQLException {
        return database.read(tx -> tx.query(type, sql, parameters));
    }

    private <T> List<T> rows(String sql, Transaction.RowReader<T> reader) throws SQLException {
        return database.read(tx -> tx.query(sql, reader));
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

    record Delivery(
            UUID id,
            LocalDate day,
            LocalDateTime rings,
            OffsetDateTime leaves,
            Instant written,
            BigDecimal price,
            byte[] label,
            boolean paid,
            Kind kind,
            Optional<UUID> parent,
            Optional<LocalDate> later) {}

    /// Microseconds, and one of a year that is written with zeros in front.
    private static final Delivery DELIVERY =
            new Delivery(
                    UUID.fromString("01a1fc0d-32b7-7000-899d-edbb1584c0aa"),
                    LocalDate.of(987, 2, 3),
                    LocalDateTime.of(2026, 11, 22, 7, 5),
                    OffsetDateTime.parse("2026-11-22T12:00:00.123456Z"),
                    NOON,
                    new BigDecimal("12345678901234567890.12"),
                    new byte[] {0, -1, 7},
                    true,
                    Kind.SQUARE,
                    Optional.empty(),
                    Optional.of(LocalDate.of(2026, 11, 23)));

    private void makeDeliveries(String id, String day, String rings, String leaves)
            throws SQLException {
        boolean sqlite = database.dialect() == Dialect.SQLITE;
        database.write(tx ->
                tx.update(
                        "CREATE TABLE delivery (id %s, day %s, rings %s, leaves %s, written BIGINT, price %s, label %s, paid BOOLEAN, kind TEXT, parent %s, later %s)"
                                .formatted(
                                        id,
                                        day,
                                        rings,
                                        leaves,
                                        sqlite ? "TEXT" : "NUMERIC",
                                        sqlite ? "BLOB" : "BYTEA",
                                        id,
                                        day)));
    }

    private void expectDelivery() throws SQLException {
        List<Delivery> found =
                database.read(tx -> tx.query(Delivery.class, "SELECT * FROM delivery"));
        assertThat(found)
                .usingRecursiveFieldByFieldElementComparator()
                .isNotEmpty()
                .allSatisfy(
                        each -> assertThat(each).usingRecursiveComparison().isEqualTo(DELIVERY));
    }

    private static Object[] values(Delivery delivery) {
        return new Object[] {
            delivery.id(),
            delivery.day(),
            delivery.rings(),
            delivery.leaves(),
            delivery.written(),
            delivery.price(),
            delivery.label(),
            delivery.paid(),
            delivery.kind(),
            delivery.parent(),
            delivery.later()
        };
    }

    @ParameterizedTest
    @CsvSource({"UUID, DATE, TIMESTAMP, TIMESTAMPTZ", "TEXT, TEXT, TEXT, TEXT"})
    void whatever_way_a_value_is_bound_it_comes_back(
            String id, String day, String rings, String leaves) throws Exception {
        makeDeliveries(id, day, rings, leaves);
        String insert = "INSERT INTO delivery VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        database.write(tx -> tx.update(insert, values(DELIVERY)));
        expectDelivery();
        database.write(
                tx -> tx.query(Delivery.class, insert + " RETURNING *", values(DELIVERY)).size());
        expectDelivery();
        database.write(tx ->
                tx.update(
                        "INSERT INTO delivery VALUES (:id, :day, :rings, :leaves, :written, :price, :label, :paid, :kind, :parent, :later)",
                        DELIVERY));
        expectDelivery();
        String where = "FROM delivery WHERE id = ? AND day = ? AND rings = ? AND leaves = ?";
        Object[] keys = {DELIVERY.id(), DELIVERY.day(), DELIVERY.rings(), DELIVERY.leaves()};
        List<String> kinds =
                database.read(
                        tx -> tx.query("SELECT kind " + where, row -> row.text("kind"), keys));
        assertThat(kinds).hasSize(3);
        assertThat(all(Long.class, "SELECT count(*) " + where, keys)).containsExactly(3L);
    }

    @ParameterizedTest
    @CsvSource({"UUID, DATE", "TEXT, TEXT"})
    void a_reader_of_rows_asks_for_each_kind(String id, String day) throws Exception {
        makeDeliveries(id, day, "TEXT", "TEXT");
        database.write(tx ->
                tx.update(
                        "INSERT INTO delivery (id, day, price, written) VALUES (?, ?, ?, ?)",
                        DELIVERY.id(),
                        DELIVERY.day(),
                        DELIVERY.price(),
                        NOON));
        Transaction.RowReader<List<Object>> there =
                row ->
                        List.of(
                                row.uuid("id"),
                                row.optionalUuid("id").orElseThrow(),
                                row.date("day"),
                                row.optionalDate("day").orElseThrow(),
                                row.decimal("price"),
                                row.optionalDecimal("price").orElseThrow(),
                                row.optionalNumber("written").orElseThrow(),
                                row.real("half"));
        assertThat(rows("SELECT delivery.*, 0.5 AS half FROM delivery", there))
                .containsExactly(
                        List.of(
                                DELIVERY.id(),
                                DELIVERY.id(),
                                DELIVERY.day(),
                                DELIVERY.day(),
                                DELIVERY.price(),
                                DELIVERY.price(),
                                NOON.toEpochMilli(),
                                0.5));
        String none = "SELECT parent AS id, later AS day, NULL AS price, NULL AS n FROM delivery";
        Transaction.RowReader<Boolean> nothing =
                row ->
                        row.optionalUuid("id").isPresent()
                                || row.optionalDate("day").isPresent()
                                || row.optionalDecimal("price").isPresent()
                                || row.optionalNumber("n").isPresent();
        assertThat(rows(none, nothing)).containsExactly(false);
        for (Transaction.RowReader<Object> wanted :
                List.<Transaction.RowReader<Object>>of(
                        row -> row.uuid("id"),
                        row -> row.date("day"),
                        row -> row.decimal("price"))) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> rows(none, wanted))
                    .withMessageContaining("is null, a value was expected");
        }
    }

    @Test
    void times_compare_as_they_follow_each_other() throws Exception {
        makeDeliveries("TEXT", "TEXT", "TEXT", "TEXT");
        OffsetDateTime noon = OffsetDateTime.parse("2026-11-22T12:00:00Z");
        for (OffsetDateTime each :
                List.of(
                        noon.withOffsetSameInstant(ZoneOffset.ofHours(9)),
                        noon.plusNanos(500_000_999),
                        noon.minusNanos(1_000))) {
            database.write(tx -> tx.update("INSERT INTO delivery (leaves) VALUES (?)", each));
        }
        assertThat(
                        all(
                                OffsetDateTime.class,
                                "SELECT leaves FROM delivery WHERE leaves >= ? ORDER BY leaves",
                                noon))
                .containsExactly(noon, noon.plusNanos(500_000_000));
    }

    @Test
    void what_the_database_writes_as_its_own_time_is_read() throws Exception {
        makeDeliveries("TEXT", "DATE", "TIMESTAMP", "TIMESTAMP");
        database.write(tx ->
                tx.update(
                        "INSERT INTO delivery (rings, leaves) VALUES ('2026-11-22 12:00:00', '2026-11-22 12:00:00')"));
        assertThat(first(LocalDateTime.class, "SELECT rings FROM delivery"))
                .contains(LocalDateTime.of(2026, 11, 22, 12, 0));
        assertThat(first(Instant.class, "SELECT leaves FROM delivery").map(Instant::toString))
                .contains(
                        database.dialect() == Dialect.SQLITE
                                ? "2026-11-22T12:00:00Z"
                                : LocalDateTime.of(2026, 11, 22, 12, 0)
                                        .atZone(ZoneId.systemDefault())
                                        .toInstant()
                                        .toString());
    }

    @Test
    void a_text_that_is_no_such_value_is_an_error_that_does_not_quote_it() throws Exception {
        makeDeliveries("TEXT", "TEXT", "TEXT", "TEXT");
        database.write(tx ->
                tx.update(
                        "INSERT INTO delivery (id, day, rings, leaves) VALUES ('hush', 'hush', 'hush', 'hush')"));
        for (Class<?> type :
                List.of(UUID.class, LocalDate.class, LocalDateTime.class, OffsetDateTime.class)) {
            assertThatExceptionOfType(SQLException.class)
                    .as(type.getName())
                    .isThrownBy(() -> first(type, "SELECT id AS said FROM delivery"))
                    .withMessageContaining("column said does not hold a")
                    .withMessageNotContaining("hush");
        }
    }

    @Test
    void years_have_four_digits() throws Exception {
        makeDeliveries("TEXT", "DATE", "TIMESTAMP", "TIMESTAMP");
        String insert = "INSERT INTO delivery (day) VALUES (?)";
        for (int year : new int[] {1, 9999}) {
            LocalDate day = LocalDate.of(year, 1, 1);
            database.write(tx -> tx.update("DELETE FROM delivery") + tx.update(insert, day));
            assertThat(first(LocalDate.class, "SELECT day FROM delivery")).contains(day);
        }
        for (int year : new int[] {0, 10_000}) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(
                            () -> database.write(tx -> tx.update(insert, LocalDate.of(year, 1, 1))))
                    .withMessageContaining("not " + year);
        }
    }

    @Test
    void one_parameter_is_a_collection_of_text_numbers_ids_days_or_constants() throws Exception {
        insert(TORTE);
        insert(TRAY);
        String in = database.dialect().inCollection();
        assertThat(named("name" + in, Set.of("Sacher"))).containsExactly("Sacher");
        assertThat(named("id" + in, List.of(1, 7))).containsExactly("Sacher");
        assertThat(named("id" + in, List.of(2L, 1L))).containsExactly("Sacher", "Streusel");
        assertThat(named("id" + in, List.of())).isEmpty();
        assertThat(named("name" + in, List.of())).isEmpty();
        assertThat(named("kind" + in, Set.of(Kind.SQUARE))).containsExactly("Streusel");
        makeDeliveries("UUID", "DATE", "TIMESTAMP", "TIMESTAMPTZ");
        database.write(tx ->
                tx.update(
                        "INSERT INTO delivery (id, day, kind) VALUES (?, ?, ?)",
                        DELIVERY.id(),
                        DELIVERY.day(),
                        Kind.ROUND));
        String select = "SELECT count(*) FROM delivery WHERE ";
        assertThat(
                        all(
                                Long.class,
                                select + "id" + in + " AND day" + in,
                                List.of(DELIVERY.id()),
                                List.of(DELIVERY.day())))
                .containsExactly(1L);
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
