package dev.hearth.web.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.hearth.http.Requests;
import dev.hearth.http.Responses;
import dev.hearth.web.Router;
import dev.hearth.web.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What the document says of types that stand for several, and in words.
final class OpenApiTypesTest {
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    sealed interface Payment {
        @JsonTypeName("card")
        record Card(String number) implements Payment {}

        @JsonTypeName("invoice")
        record Invoice(String address, Optional<Integer> days) implements Payment {}
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
    interface Shape {}

    record Circle(double radius) implements Shape {}

    sealed interface Untold {}

    record One(int one) implements Untold {}

    @JsonClassDescription("What is <ordered>.")
    record Order(
            @JsonPropertyDescription("One or more, of 1 to 80 characters each.") List<String> cakes,
            Payment payment,
            List<Payment> more,
            Optional<Shape> shape) {}

    private JsonNode schemas = Json.mapper().createObjectNode();
    private String page = "";

    @BeforeEach
    void describe() throws Exception {
        Router router =
                new Router()
                        .post(
                                "/orders",
                                Json.accepting(Order.class)
                                        .handler(201, Payment[].class, (_, order) -> order.more()))
                        .get("/circle", Json.handler(Circle.class, _ -> new Circle(1)))
                        .get("/untold", Json.handler(Untold.class, _ -> new One(1)));
        OpenApi.of("Types", "1", router).addTo(router);
        schemas =
                Json.mapper()
                        .readTree(
                                Responses.bytes(
                                        router.build().handle(Requests.get("/openapi.json"))))
                        .at("/components/schemas");
        page = Responses.text(router.build().handle(Requests.get("/docs")));
    }

    @Test
    void a_sealed_type_is_one_of_its_records_told_apart_by_a_property() {
        assertThat(schemas.path("Payment"))
                .hasToString(
                        """
                        {"oneOf":[{"$ref":"#/components/schemas/Card"},{"$ref":"#/components/schemas/Invoice"}],\
                        "discriminator":{"propertyName":"kind","mapping":{\
                        "card":"#/components/schemas/Card","invoice":"#/components/schemas/Invoice"}}}\
                        """);
        assertThat(schemas.at("/Order/properties/payment/$ref").asString())
                .isEqualTo("#/components/schemas/Payment");
        assertThat(schemas.at("/Order/properties/more/items/$ref").asString())
                .isEqualTo("#/components/schemas/Payment");
    }

    @Test
    void each_record_needs_the_property_with_its_own_name() {
        assertThat(schemas.at("/Invoice/properties/kind"))
                .hasToString("{\"type\":\"string\",\"const\":\"invoice\"}");
        assertThat(schemas.at("/Invoice/required").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrder("address", "kind");
        assertThat(schemas.at("/Card/required").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrder("number", "kind");
    }

    @Test
    void a_record_alone_is_described_as_it_is_written() {
        JsonNode written = Json.mapper().valueToTree(new Circle(1));
        assertThat(written.propertyNames()).containsExactlyInAnyOrder("@type", "radius");
        assertThat(schemas.at("/Circle/properties/@type/const")).isEqualTo(written.path("@type"));
        assertThat(schemas.at("/Circle/properties").propertyNames())
                .containsExactlyInAnyOrder("@type", "radius");
    }

    @Test
    void a_sealed_type_that_json_does_not_tell_apart_is_any_object() {
        assertThat(schemas.path("Untold").path("type").asString()).isEqualTo("object");
        assertThat(schemas.path("Untold").has("oneOf")).isFalse();
    }

    @Test
    void what_is_said_about_types_and_fields_is_told() {
        assertThat(schemas.at("/Order/description").asString()).isEqualTo("What is <ordered>.");
        assertThat(schemas.at("/Order/properties/cakes/description").asString())
                .isEqualTo("One or more, of 1 to 80 characters each.");
        assertThat(schemas.at("/Order/properties/cakes/items").has("description")).isFalse();
        assertThat(page).contains("What is &lt;ordered&gt;.").doesNotContain("<ordered>");
    }
}
