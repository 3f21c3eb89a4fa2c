package dev.hearth.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hearth.http.Query;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import dev.hearth.http.Responses;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BindTest {
    enum Size {
        SMALL,
        LARGE
    }

    record Search(
            String text, int page, Optional<LocalDate> since, List<Size> sizes, Optional<UUID> id) {
        Search {
            if (page < 1) {
                throw new IllegalArgumentException("page must be at least 1");
            }
        }
    }

    private static Search search(String query) {
        return Bind.query(Requests.get("/s?" + query), Search.class);
    }

    private static String refusal(String query) throws Exception {
        try {
            search(query);
        } catch (RefusedException refused) {
            assertThat(refused.problem().status()).isEqualTo(400);
            return Responses.text(refused.toResponse());
        }
        throw new AssertionError("not refused");
    }

    @Test
    void a_query_becomes_a_record() {
        assertThat(search("text=a+b&page=2&since=2026-11-21&sizes=SMALL&sizes=LARGE&other=1"))
                .isEqualTo(
                        new Search(
                                "a b",
                                2,
                                Optional.of(LocalDate.of(2026, 11, 21)),
                                List.of(Size.SMALL, Size.LARGE),
                                Optional.empty()));
        assertThat(search("text=&page=1").sizes()).isEmpty();
    }

    @Test
    void everything_wrong_is_told_at_once() throws Exception {
        assertThat(refusal("page=x&since=soon&sizes=HUGE&id=1-1-1-1-1"))
                .contains("{\"parameter\":\"text\",\"in\":\"query\",\"detail\":\"is missing\"}")
                .contains("must be a whole number", "must be a date such as 2026-11-21")
                .contains("must be one of SMALL, LARGE", "must be a UUID");
    }

    @Test
    void what_the_records_constructor_refuses_is_told_in_its_words() throws Exception {
        assertThat(refusal("text=a&page=0"))
                .contains("\"errors\":[{\"in\":\"query\",\"detail\":\"page must be at least 1\"}]");
    }

    @ParameterizedTest
    @CsvSource({
        "long, 9223372036854775808",
        "long, 1.0",
        "long, ''",
        "long, 0x10",
        "long, ' 1'",
        "date, +10000-01-01",
        "date, 0000-12-31",
        "time, +10000-01-01T00:00:00Z",
        "double, NaN",
        "double, Infinity",
        "double, 1e999",
        "double, 1d",
        "boolean, TRUE",
        "boolean, 1"
    })
    void a_text_of_another_kind_is_refused(String kind, String text) {
        Class<?> type =
                switch (kind) {
                    case "long" -> long.class;
                    case "date" -> LocalDate.class;
                    case "time" -> Instant.class;
                    case "double" -> double.class;
                    default -> boolean.class;
                };
        Request request = Requests.get("/");
        request.setPathParameters(Map.of("x", text));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Bind.path(request, "x", type));
    }

    @Test
    void single_parameters_are_read_by_type() {
        Request request = Requests.get("/?price=12.50");
        request.setPathParameters(Map.of("id", "42"));
        long id = Bind.path(request, "id", long.class);
        assertThat(id).isEqualTo(42);
        assertThat(Bind.query(request, "price", BigDecimal.class))
                .contains(new BigDecimal("12.50"));
        assertThat(Bind.query(request, "page", int.class)).isEmpty();
    }

    @Test
    void a_wrong_parameter_is_told_with_its_place() {
        Request request = Requests.of("GET", "/").with("X-Since", "soon").request();
        request.setPathParameters(Map.of("id", "x"));
        assertThat(errors(() -> Bind.path(request, "id", long.class)))
                .containsExactly(
                        Map.of(
                                "parameter",
                                "id",
                                "in",
                                "path",
                                "detail",
                                "must be a whole number"));
        assertThat(errors(() -> Bind.header(request, "X-Since", LocalDate.class)))
                .containsExactly(
                        Map.of(
                                "parameter", "X-Since",
                                "in", "header",
                                "detail", "must be a date such as 2026-11-21"));
        Request form = Requests.post("/", "application/x-www-form-urlencoded", "name=Eve&age=x");
        assertThat(errors(() -> Forms.read(form, NewUser.class)))
                .containsExactly(
                        Map.of(
                                "parameter",
                                "age",
                                "in",
                                "form",
                                "detail",
                                "must be a whole number"));
    }

    private static List<Map<String, Object>> errors(ThrowingCallable reading) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, reading);
        @SuppressWarnings("unchecked") // so it was made
        List<Map<String, Object>> errors =
                (List<Map<String, Object>>) refused.problem().extensions().get("errors");
        return errors;
    }

    @Test
    void a_header_is_read_by_type_where_it_is_there() {
        Request request = Requests.of("GET", "/").with("X-Depth", "3").request();
        assertThat(Bind.header(request, "x-depth", int.class)).contains(3);
        assertThat(Bind.header(request, "X-Other", int.class)).isEmpty();
    }

    @Test
    void an_endless_number_is_refused_unread() {
        Request request = Requests.get("/?n=" + "9".repeat(100_000));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Bind.query(request, "n", BigDecimal.class));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(
                        () -> Bind.query(Requests.get("/?n=1e999999999"), "n", BigDecimal.class));
    }

    record Odd(Thread thread) {}

    @Test
    void a_record_that_no_text_can_fill_is_a_wiring_mistake() {
        assertThatExceptionOfType(WiringException.class)
                .isThrownBy(() -> Bind.query(Requests.get("/"), Odd.class))
                .withMessageContaining("thread");
    }

    record NewUser(String name, int age) {}

    @Test
    void a_form_becomes_a_record() throws Exception {
        Request form =
                Requests.post("/", "application/x-www-form-urlencoded", "name=%C3%89va&age=30");
        assertThat(Forms.read(form, NewUser.class)).isEqualTo(new NewUser("Éva", 30));
        Request wrong = Requests.post("/", "application/x-www-form-urlencoded", "age=x");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Forms.read(wrong, NewUser.class))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(422));
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, a=b, 415",
        "application/x-www-form-urlencoded, a=%zz, 400",
        "application/x-www-form-urlencoded, a=%ff, 400"
    })
    void what_is_no_form_is_refused(String type, String body, int status) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Forms.read(Requests.post("/", type, body)))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(status));
    }

    @Test
    void ten_thousand_parameters_are_refused() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Query.parse("a=1&".repeat(10_000)))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(400));
        assertThat(Query.parse("a=1&".repeat(Query.MAX_PARAMETERS)).all("a"))
                .hasSize(Query.MAX_PARAMETERS);
    }
}
