package dev.hearth.web.json;

import static dev.hearth.web.json.JsonBodies.errors;
import static dev.hearth.web.json.JsonBodies.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.hearth.http.Handler;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Requests;
import dev.hearth.http.Responses;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Sealed types over JSON.
final class AlternativesTest {
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    sealed interface Payment {
        @JsonTypeName("card")
        record Card(String number) implements Payment {}

        @JsonTypeName("invoice")
        record Invoice(String address, int days) implements Payment {
            public Invoice {
                if (days < 1) {
                    throw new IllegalArgumentException("an invoice needs a day at least");
                }
            }
        }

        sealed interface Voucher extends Payment {}

        record Gift(String code) implements Voucher {}
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Circle.class, name = "circle"),
        @JsonSubTypes.Type(value = Square.class, name = "square")
    })
    interface Shape {}

    record Circle(double radius) implements Shape {}

    record Square(double side) implements Shape {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
    sealed interface Answer {
        record Yes(String why) implements Answer {}

        record No() implements Answer {}
    }

    record Order(List<Payment> payments, Optional<Shape> shape) {}

    static Stream<Object> values() {
        return Stream.of(
                new Payment.Card("4242"),
                new Payment.Invoice("Baker Street", 14),
                new Payment.Gift("HOHO"),
                new Circle(1.5),
                new Square(2),
                new Answer.Yes("because"),
                new Answer.No());
    }

    private static Class<?> above(Object value) {
        return switch (value) {
            case Payment _ -> Payment.class;
            case Shape _ -> Shape.class;
            default -> Answer.class;
        };
    }

    @ParameterizedTest
    @MethodSource("values")
    void what_is_written_says_its_name_and_is_read_again(Object value) throws Exception {
        String json = Json.mapper().writeValueAsString(value);
        Alternatives alternatives = Alternatives.of(above(value)).orElseThrow();
        String name = Json.mapper().readTree(json).path(alternatives.property()).asString();

        assertThat(alternatives.types()).containsEntry(name, value.getClass());
        assertThat(read(json, above(value))).isEqualTo(value);
        assertThat(read(json, value.getClass())).isEqualTo(value);
        assertThat(Alternatives.of(value.getClass()).orElseThrow().types())
                .isEqualTo(Map.of(name, value.getClass()));
    }

    @Test
    void the_property_and_the_names_are_those_that_the_annotations_give() {
        assertThat(Alternatives.of(Payment.class).orElseThrow().types())
                .containsOnlyKeys("card", "invoice", "AlternativesTest$Payment$Gift");
        assertThat(Alternatives.of(Shape.class).orElseThrow())
                .isEqualTo(
                        new Alternatives(
                                "@type", Map.of("circle", Circle.class, "square", Square.class)));
        assertThat(Alternatives.of(Answer.class).orElseThrow().types())
                .containsOnlyKeys("Yes", "No");
        assertThat(Alternatives.of(Order.class)).isEmpty();
        assertThat(Alternatives.of(String.class)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "5                                        | /payments/0         | must be an object",
                "{}                                       | /payments/0/kind    | is missing",
                "{\"kind\": \"cash\"}                     | /payments/0/kind    | must be one of",
                "{\"kind\": 1}                            | /payments/0/kind    | must be one of",
                "{\"kind\": \"card\"}                     | /payments/0/number  | is missing",
                "{\"kind\": \"card\", \"number\": 1}      | /payments/0/number  | must be a string",
                "{\"kind\": \"card\", \"number\": \"1\", \"x\": 1} | /payments/0/x | is not known here",
                "{\"kind\": \"invoice\", \"address\": \"a\", \"days\": 0} | /payments/0 | an invoice needs a day at least"
            })
    void what_is_wrong_with_one_is_told_where_it_is(String payment, String pointer, String detail)
            throws Exception {
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> read("{\"payments\": [" + payment + "]}", Order.class));
        assertThat(errors(refused)).hasSize(1).containsKey(pointer);
        assertThat(errors(refused).get(pointer)).startsWith(detail);
    }

    @Test
    void everything_wrong_with_several_is_told_at_once() throws Exception {
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () ->
                                read(
                                        """
                                        {"payments": [{"kind": "card", "number": "1"}, {"kind": "card"},
                                                      {"number": 5, "kind": "card"}, {"kind": "x"}],
                                         "shape": {"@type": "circle", "radius": "r"}}
                                        """,
                                        Order.class));
        assertThat(errors(refused))
                .containsExactly(
                        entry("/payments/1/number", "is missing"),
                        entry("/payments/2/number", "must be a string"),
                        entry(
                                "/payments/3/kind",
                                "must be one of card, invoice, AlternativesTest$Payment$Gift"),
                        entry("/shape/radius", "must be a number"));
    }

    @Test
    void the_property_may_stand_behind_the_others() throws Exception {
        assertThat(read("{\"address\": \"a\", \"days\": 3, \"kind\": \"invoice\"}", Payment.class))
                .isEqualTo(new Payment.Invoice("a", 3));
    }

    @Test
    void a_list_that_is_the_whole_answer_tells_its_elements_apart() throws Exception {
        List<Payment> both = List.of(new Payment.Card("1"), new Payment.Invoice("a", 2));
        Handler list = Json.handler(Payment[].class, _ -> both);
        Handler array = Json.handler(Payment[].class, _ -> both.toArray(Payment[]::new));
        Handler maybe = Json.handler(Payment[].class, _ -> Optional.of(both));
        for (Handler each : List.of(list, array, maybe)) {
            assertThat(Responses.text(each.handle(Requests.get("/"))))
                    .isEqualTo(
                            """
                            [{"kind":"card","number":"1"},{"kind":"invoice","address":"a","days":2}]\
                            """);
        }
        Handler plain = Json.handler(String[].class, _ -> List.of("a"));
        assertThat(Responses.text(plain.handle(Requests.get("/")))).isEqualTo("[\"a\"]");
    }

    sealed interface Untold {}

    record One(int one) implements Untold {}

    @Test
    void a_type_that_cannot_be_read_is_our_mistake_and_not_the_clients() {
        assertThatIllegalStateException()
                .isThrownBy(() -> read("{\"one\": 1}", Untold.class))
                .withMessageContaining("Untold cannot be read from JSON");
    }
}
