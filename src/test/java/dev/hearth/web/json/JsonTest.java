package dev.hearth.web.json;

import static dev.hearth.web.json.JsonBodies.errors;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import am.ik.yavi.builder.ValidatorBuilder;
import am.ik.yavi.core.Validator;
import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.http.Responses;
import dev.hearth.web.Router;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    enum Size {
        SMALL,
        LARGE
    }

    record Line(String cake, int quantity) {
        Line {
            if (quantity < 0) {
                throw new IllegalArgumentException("quantity must not be negative");
            }
        }
    }

    record NewOrder(
            String customer,
            List<Line> lines,
            Size size,
            BigDecimal price,
            boolean paid,
            Instant due,
            Map<String, Integer> extras,
            Optional<String> note,
            @Nullable String voucher) {}

    private static final String GOOD =
            """
            {"customer": "Ada", "lines": [{"cake": "Sacher", "quantity": 2}], "size": "SMALL",
             "price": 12.50, "paid": false, "due": "2026-11-21T09:30:00Z", "extras": {"candles": 3},
             "note": "soon"}
            """;

    private static NewOrder read(String json) throws Exception {
        return Json.read(Requests.post("/orders", "application/json", json), NewOrder.class);
    }

    private static RefusedException refusal(String json) {
        try {
            read(json);
        } catch (RefusedException refused) {
            return refused;
        } catch (Exception other) {
            throw new AssertionError("not refused but failed: " + json, other);
        }
        throw new AssertionError("not refused: " + json);
    }

    @Test
    void a_good_body_becomes_a_record() throws Exception {
        NewOrder order = read(GOOD);
        assertThat(order.lines()).containsExactly(new Line("Sacher", 2));
        assertThat(order.price()).isEqualByComparingTo("12.50");
        assertThat(order.due()).isEqualTo(Instant.parse("2026-11-21T09:30:00Z"));
        assertThat(order.note()).contains("soon");
        assertThat(order.voucher()).isNull();
    }

    @Test
    void what_may_be_absent_may_also_be_null() throws Exception {
        NewOrder order = read(GOOD.replace("\"soon\"", "null, \"voucher\": null"));
        assertThat(order.note()).isEmpty();
        NewOrder without = read(GOOD.replace(",\n \"note\": \"soon\"", ""));
        assertThat(without.note()).isEmpty();
    }

    @Test
    void every_error_is_told_at_once_with_its_pointer() throws Exception {
        RefusedException refused =
                refusal(
                        """
                        {"customer": 5, "lines": [{"cake": "Sacher", "quantity": "2"}, {"quantity": 2.5}, 7],
                         "size": "HUGE", "price": "12", "paid": "yes", "due": "tomorrow",
                         "extras": {"a/b~c": null}, "colour": "red"}
                        """);
        assertThat(errors(refused))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry("/customer", "must be a string"),
                                Map.entry(
                                        "/lines/0/quantity",
                                        "must be a whole number from -2147483648 to 2147483647"),
                                Map.entry("/lines/1/cake", "is missing"),
                                Map.entry(
                                        "/lines/1/quantity",
                                        "must be a whole number from -2147483648 to 2147483647"),
                                Map.entry("/lines/2", "must be an object"),
                                Map.entry("/size", "must be one of SMALL, LARGE"),
                                Map.entry(
                                        "/price",
                                        "must be a number of at most 100 digits, written out"),
                                Map.entry("/paid", "must be true or false"),
                                Map.entry(
                                        "/due", "must be a time such as \"2026-11-21T09:30:00Z\""),
                                Map.entry("/extras/a~1b~0c", "must not be null"),
                                Map.entry("/colour", "is not known here")));
    }

    @Test
    void every_missing_field_is_told() throws Exception {
        assertThat(errors(refusal("{}")).keySet())
                .containsExactly(
                        "/customer", "/due", "/extras", "/lines", "/paid", "/price", "/size");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "5", "\"x\"", "true"})
    void a_body_of_another_kind_is_told_with_the_pointer_to_the_whole(String json)
            throws Exception {
        assertThat(errors(refusal(json))).containsOnlyKeys("");
    }

    @Test
    void a_field_given_twice_is_an_error_beside_the_others() throws Exception {
        String twice = GOOD.replace("\"paid\": false", "\"paid\": false, \"paid\": 1");
        assertThat(errors(refusal(twice)))
                .containsEntry("/paid", "must be true or false")
                .hasSize(1);
        String same = GOOD.replace("\"cake\": \"Sacher\"", "\"cake\": \"a\", \"cake\": \"b\"");
        assertThat(errors(refusal(same)))
                .containsExactly(Map.entry("/lines/0/cake", "is there more than once"));
    }

    @Test
    void what_a_records_constructor_refuses_is_told_in_its_words() throws Exception {
        String negative = GOOD.replace("\"quantity\": 2", "\"quantity\": -2");
        assertThat(errors(refusal(negative)))
                .containsExactly(Map.entry("/lines/0", "quantity must not be negative"));
    }

    private record Picky(String cake) {
        private Picky {
            if (cake.equals("stone")) {
                throw new AssertionError("nobody eats that");
            }
        }
    }

    @Test
    void a_record_that_only_its_class_can_make_is_made() throws Exception {
        assertThat(JsonBodies.read("{\"cake\": \"Sacher\"}", Picky.class))
                .isEqualTo(new Picky("Sacher"));
    }

    @Test
    void an_error_in_a_records_constructor_is_not_the_clients_fault() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> JsonBodies.read("{\"cake\": \"stone\"}", Picky.class))
                .withMessage("nobody eats that");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quantity\": 2   | quantity\": 2147483648          | /lines/0/quantity",
                "quantity\": 2   | quantity\": 99999999999999999999| /lines/0/quantity",
                "quantity\": 2   | quantity\": 1e999999999         | /lines/0/quantity",
                "quantity\": 2   | quantity\": 2.0                 | /lines/0/quantity",
                "paid\": false   | paid\": 0                       | /paid",
                "size\": \"SMALL\" | size\": 0                     | /size",
                "size\": \"SMALL\" | size\": \"\"                  | /size",
                "customer\": \"Ada\" | customer\": null            | /customer",
                "customer\": \"Ada\" | customer\": true            | /customer",
                "customer\": \"Ada\" | customer\": [\"Ada\"]       | /customer",
            })
    void nothing_is_bent_to_fit(String good, String bad, String pointer) throws Exception {
        assertThat(GOOD).contains(good);
        assertThat(errors(refusal(GOOD.replace(good, bad)))).containsOnlyKeys(pointer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n"})
    void no_body_at_all_is_told_as_missing(String nothing) throws Exception {
        assertThat(errors(refusal(nothing)))
                .containsExactly(entry("", "is missing: the body is empty"));
    }

    @Test
    void a_good_document_cut_anywhere_is_malformed_with_its_place() {
        String whole = GOOD.strip();
        for (int cut = 0; cut < whole.length(); cut++) {
            RefusedException refused = refusal(whole.substring(0, cut));
            assertThat(refused.problem().status()).as("cut at %d", cut).isIn(400, 422);
            if (refused.problem().status() == 422) {
                assertThat(cut).isZero(); // nothing at all is not malformed, but no value
            }
        }
        assertThat(refusal("{\"a\":\n !}").problem().detail()).contains("line 2, column");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": 1}x", "{} {}", "{'a': 1}", "{\"a\": 01}", "{\"a\": +1}", "{\"a\": NaN}",
                "{\"a\": 1,}", "[1,,2]", "{a: 1}", "// c\n{}", "\u0000", "{\"a\": \"\u0001\"}",
                "\"\\ud800\""
            })
    void what_is_not_json_is_refused(String text) {
        assertThat(refusal(text).problem().status()).isIn(400, 422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud83c", "\\udf70\\ud83c", "a\\uDF70"})
    void text_that_cannot_be_kept_is_an_error_of_its_field(String escaped) throws Exception {
        assertThat(errors(refusal(GOOD.replace("Sacher", escaped))))
                .containsOnlyKeys("/lines/0/cake");
        assertThat(refusal(GOOD.replace("candles", escaped)).problem().status()).isIn(400, 422);
    }

    @Test
    void text_may_be_escaped() throws Exception {
        assertThat(read(GOOD.replace("Ada", "\\ud83c\\udf70\\u00e9\\\\u0000")).customer())
                .isEqualTo("\ud83c\udf70\u00e9\\u0000");
    }

    @Test
    void invalid_utf8_is_refused() {
        for (byte[] bytes :
                List.of(
                        new byte[] {'"', (byte) 0xff, '"'},
                        new byte[] {'"', (byte) 0xc0, (byte) 0xaf, '"'},
                        new byte[] {'"', (byte) 0xe2, (byte) 0x82, '"'})) {
            Request request =
                    Requests.of("POST", "/")
                            .with("Content-Type", "application/json")
                            .body(bytes)
                            .request();
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> Json.read(request, String.class))
                    .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(400));
        }
    }

    @Test
    void deep_nesting_and_long_numbers_are_refused_at_small_cost() {
        assertThat(refusal("[".repeat(100_000)).problem().status()).isEqualTo(400);
        assertThat(refusal("{\"a\":".repeat(100_000)).problem().status()).isEqualTo(400);
        assertThat(refusal("{\"price\": " + "9".repeat(100_000) + "}").problem().status())
                .isEqualTo(400);
    }

    @Test
    void at_most_a_hundred_errors_are_told() throws Exception {
        String many = "{\"lines\": [" + "1,".repeat(5_000) + "1]}";
        assertThat(errors(refusal(many))).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "Application/JSON",
                "application/merge-patch+json"
            })
    void every_kind_of_json_is_taken(String contentType) throws Exception {
        assertThat(Json.read(Requests.post("/", contentType, "\"x\""), String.class))
                .isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "", "application/x-www-form-urlencoded", "application/jsonx"})
    void what_is_not_announced_as_json_is_415(String contentType) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Json.read(Requests.post("/", contentType, "{}"), Map.class))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(415));
    }

    @Test
    void a_body_beyond_the_readers_limit_is_413() throws Exception {
        JsonReader<String> reader = Json.accepting(String.class).limitedTo(10);
        byte[] longest = ("\"" + "a".repeat(8) + "\"").getBytes(UTF_8);
        assertThat(reader.read(json(longest))).hasSize(8);
        byte[] longer = Arrays.copyOf(longest, 11);
        longer[10] = ' ';
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> reader.read(json(longer)))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(413));
    }

    private static Request json(byte[] body) {
        return Requests.of("POST", "/")
                .with("Content-Type", "application/json")
                .body(body)
                .request();
    }

    private static final Validator<Line> LINE_RULES =
            ValidatorBuilder.<Line>of()
                    .constraint(Line::cake, "cake", cake -> cake.notBlank().lessThan(20))
                    .constraint(Line::quantity, "quantity", quantity -> quantity.lessThan(100))
                    .build();

    private static final Validator<NewOrder> RULES =
            ValidatorBuilder.<NewOrder>of()
                    .constraint(NewOrder::customer, "customer", customer -> customer.notBlank())
                    .forEach(NewOrder::lines, "lines", LINE_RULES)
                    .build();

    @Test
    void every_rule_that_a_value_breaks_is_told_with_its_pointer() throws Exception {
        JsonReader<NewOrder> reader = Json.accepting(NewOrder.class).checkedBy(RULES);
        String bad =
                GOOD.replace("\"Ada\"", "\" \"")
                        .replace("\"quantity\": 2", "\"quantity\": 100")
                        .replace("Sacher", "");
        assertThat(reader.read(GOOD.getBytes(UTF_8)).customer()).isEqualTo("Ada");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> reader.read(bad.getBytes(UTF_8)))
                .satisfies(refused ->
                        assertThat(errors(refused))
                                .containsOnlyKeys("/customer", "/lines/0/cake", "/lines/0/quantity")
                                .containsEntry("/customer", "\"customer\" must not be blank"));
    }

    @Test
    void a_json_handler_reads_checks_and_answers() throws Exception {
        Handler site =
                new Router()
                        .post(
                                "/lines",
                                Json.accepting(Line.class)
                                        .checkedBy(LINE_RULES)
                                        .handler(201, Line.class, (_, line) -> line))
                        .get("/none", Json.handler(Line.class, _ -> Optional.empty()))
                        .build();
        Response created =
                site.handle(
                        Requests.post(
                                "/lines",
                                "application/json",
                                "{\"cake\": \"é🍰\", \"quantity\": 1}"));
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.headers().first("Content-Type")).contains("application/json");
        assertThat(Responses.text(created)).isEqualTo("{\"cake\":\"é🍰\",\"quantity\":1}");
        assertThat(Errors.answer(site, Requests.get("/none")).status()).isEqualTo(404);
    }
}
