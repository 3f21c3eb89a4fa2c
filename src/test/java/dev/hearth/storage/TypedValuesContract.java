package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Values of every kind that a program keeps in columns, on either database.
abstract class TypedValuesContract extends DatabaseContract {
    enum Kind {
        ROUND,
        SQUARE
    }

    static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");

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
    void one_parameter_is_a_collection_of_ids_or_days() throws Exception {
        String in = database.dialect().inCollection();
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
    }
}
