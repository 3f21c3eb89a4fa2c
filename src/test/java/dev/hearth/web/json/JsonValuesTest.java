package dev.hearth.web.json;

import static dev.hearth.web.json.JsonBodies.errors;
import static dev.hearth.web.json.JsonBodies.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a single value may be.
final class JsonValuesTest {
    record Times(
            Optional<Instant> instant,
            Optional<LocalDate> day,
            Optional<LocalTime> hour,
            Optional<LocalDateTime> local,
            Optional<OffsetDateTime> offset,
            Optional<ZonedDateTime> zoned,
            Optional<YearMonth> month,
            Optional<Duration> lasting) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "instant | 5",
                "instant | \"5\"",
                "instant | \"\"",
                "day     | [2026, 11, 21]",
                "day     | 20000",
                "day     | \"2026-11-21T09:30:00Z\"",
                "day     | \"2026-02-30\"",
                "hour    | [9, 30]",
                "hour    | \"24:00\"",
                "local   | \"2026-11-21T09:30:00Z\"",
                "offset  | 1.5",
                "offset  | \"2026-11-21T09:30:00\"",
                "month   | [2026, 11]",
                "instant | \"+10000-01-01T00:00:00Z\"",
                "instant | \"0000-12-31T23:59:59Z\"",
                "day     | \"+10000-01-01\"",
                "day     | \"-0001-01-01\"",
                "local   | \"+10000-01-01T00:00:00\"",
                "offset  | \"+10000-01-01T00:00:00Z\"",
                "zoned   | \"0000-12-31T23:59:59Z\"",
                "month   | \"+10000-01\"",
                "lasting | 60",
                "lasting | \"60\"",
            })
    void a_time_is_a_text_that_says_it_whole_and_no_more(String name, String value)
            throws Exception {
        Request request =
                Requests.post(
                        "/", "application/json", "{\"%s\": %s}".formatted(name.strip(), value));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Json.read(request, Times.class))
                .satisfies(refused ->
                        assertThat(errors(refused).get("/" + name.strip())).contains("such as \""));
    }

    @Test
    void a_time_keeps_its_offset() throws Exception {
        String sent =
                """
                {"instant":"2026-11-21T08:30:00Z","day":"2026-11-21","hour":"09:30:00",\
                "local":"2026-11-21T09:30:00","offset":"2026-11-21T09:30:00+01:00",\
                "zoned":"2026-11-21T09:30:00+01:00","month":"2026-11","lasting":"PT1M"}\
                """;
        Times times = read(sent, Times.class);
        assertThat(Json.mapper().writeValueAsString(times)).isEqualTo(sent);
        assertThat(read("{\"day\":\"9999-12-31\"}", Times.class).day())
                .hasValue(LocalDate.of(9999, 12, 31));
        assertThat(read("{\"day\":\"0001-01-01\"}", Times.class).day())
                .hasValue(LocalDate.of(1, 1, 1));
        assertThat(read("{\"instant\":\"2026-11-21T09:30:00+01:00\"}", Times.class).instant())
                .hasValue(Instant.parse("2026-11-21T08:30:00Z"));
    }

    record Price(BigDecimal price) {}

    @ParameterizedTest
    @ValueSource(strings = {"1e100", "-1e400000000", "1e-101", "1.5e99999", "0e999"})
    void a_decimal_that_would_fill_the_memory_when_written_out_is_refused(String number)
            throws Exception {
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> read("{\"price\": " + number + "}", Price.class));
        assertThat(errors(refused))
                .containsExactly(
                        entry("/price", "must be a number of at most 100 digits, written out"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"12.50", "1e99", "-1E-100", "0", "0.00", "1e2"})
    void a_decimal_of_at_most_a_hundred_digits_stays_as_it_was_sent(String number)
            throws Exception {
        assertThat(read("{\"price\": " + number + "}", Price.class).price())
                .isEqualTo(new BigDecimal(number));
    }

    record Loose(Map<String, Object> extras, JsonNode tree, Optional<Number> number) {}

    @ParameterizedTest
    @ValueSource(strings = {"1e100", "-1e400000000", "1e-101", "1.5e99999"})
    void a_decimal_of_no_type_is_bounded_like_any_other(String number) throws Exception {
        String body =
                """
                {"extras": {"a": [1, %1$s], "ok": 1e99}, "tree": {"b/c": {"d": %1$s}, "ok": [1e99]},
                 "number": %1$s}\
                """
                        .formatted(number);
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> read(body, Loose.class));
        assertThat(errors(refused))
                .containsOnlyKeys("/extras/a/1", "/tree/b~1c/d", "/number")
                .containsValue("must be a number of at most 100 digits, written out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"12.50", "1e99", "-1E-100", "0", "7", "92233720368547758070"})
    void a_number_of_no_type_stays_as_it_was_sent(String number) throws Exception {
        Loose loose =
                read(
                        "{\"extras\": {\"a\": %1$s}, \"tree\": [%1$s], \"number\": %1$s}"
                                .formatted(number),
                        Loose.class);
        assertThat(loose.extras().get("a")).hasToString(new BigDecimal(number).toString());
        assertThat(loose.tree().get(0).decimalValue()).isEqualTo(new BigDecimal(number));
        assertThat(loose.number().map(Object::toString))
                .contains(new BigDecimal(number).toString());
    }

    @ParameterizedTest
    @ValueSource(classes = {JsonNode.class, ObjectNode.class, Map.class, Object.class})
    void a_whole_body_of_no_type_is_bounded(Class<?> type) throws Exception {
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class, () -> read("{\"a\": 1e400000000}", type));
        assertThat(errors(refused))
                .containsExactly(
                        entry("/a", "must be a number of at most 100 digits, written out"));
    }

    @Test
    void a_tree_that_a_program_reads_itself_is_bounded() {
        assertThat(Json.mapper().readTree("[1e99]").get(0).decimalValue())
                .isEqualTo(new BigDecimal("1e99"));
        assertThatExceptionOfType(JacksonException.class)
                .isThrownBy(() -> Json.mapper().readTree("[1e100]"))
                .withMessageContaining("at most 100 digits");
    }

    @Test
    void a_tree_of_the_wrong_kind_is_told() throws Exception {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> read("[1]", ObjectNode.class));
        assertThat(errors(refused)).containsOnlyKeys("");
    }

    record Seats(
            Optional<List<Integer>> rows,
            @Nullable Map<String, Integer> named,
            Optional<UUID> hall) {}

    @Test
    void what_may_be_absent_holds_no_nulls_where_it_is_there() throws Exception {
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> read("{\"rows\":[1,null],\"named\":{\"a\":null}}", Seats.class));
        assertThat(errors(refused)).containsOnlyKeys("/rows/1", "/named/a");
        assertThat(read("{\"rows\":null,\"named\":null}", Seats.class))
                .isEqualTo(new Seats(Optional.empty(), null, Optional.empty()));
    }

    record Hall(UUID id) {}

    @Test
    void an_empty_text_is_no_id() throws Exception {
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class, () -> read("{\"id\":\"\"}", Hall.class));
        assertThat(errors(refused).get("/id")).startsWith("must be a UUID such as");
    }

    record Weight(double kilograms) {}

    record Ratio(float part) {}

    @Test
    void a_number_too_large_for_a_float_does_not_become_infinity() throws Exception {
        assertThat(read("{\"part\": 3e38}", Ratio.class).part()).isEqualTo(3e38f);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> read("{\"part\": 4e38}", Ratio.class))
                .satisfies(refused -> assertThat(errors(refused)).containsOnlyKeys("/part"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999", "-1e400", "\"1\"", "null", "NaN"})
    void a_number_too_large_for_a_double_does_not_become_infinity(String number) {
        Request request = Requests.post("/", "application/json", "{\"kilograms\": " + number + "}");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Json.read(request, Weight.class));
    }
}
