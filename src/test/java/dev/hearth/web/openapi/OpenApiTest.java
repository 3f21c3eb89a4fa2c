package dev.hearth.web.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hearth.http.Handler;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.http.Responses;
import dev.hearth.web.Operation;
import dev.hearth.web.Route;
import dev.hearth.web.Router;
import dev.hearth.web.WiringException;
import dev.hearth.web.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class OpenApiTest {
    enum Size {
        SMALL,
        LARGE
    }

    record Line(String cake, int quantity) {}

    record NewOrder(
            List<Line> lines,
            Size size,
            Optional<String> note,
            @Nullable String voucher,
            @Nullable Line extra,
            @JsonProperty("at") Instant due) {}

    record Order(long id, BigDecimal price, List<Line> lines) {}

    private static final Handler CREATE =
            Operation.of("Orders <cakes>")
                    .query("dry", boolean.class, "only pretend")
                    .on(
                            Json.accepting(NewOrder.class)
                                    .handler(201, Order.class, (_, _) -> Optional.empty()));

    private static Router site() {
        Router orders =
                new Router()
                        .post("/", CREATE)
                        .get(
                                "/{id}",
                                Operation.of("Shows one order")
                                        .path("id", long.class)
                                        .returns(200, Order.class)
                                        .on(_ -> Response.text("x")));
        return new Router()
                .get("/files/{path...}", _ -> Response.text("x"))
                .on("PURGE", "/files/{path...}", _ -> Response.text("x"))
                .mount("/orders", orders);
    }

    private static JsonNode document(Router router) throws Exception {
        OpenApi.of("Bakery & Söhne", "1.0", router).addTo(router);
        return Json.mapper()
                .readTree(Responses.bytes(router.build().handle(Requests.get("/openapi.json"))));
    }

    @Test
    void every_route_is_described_and_nothing_else() throws Exception {
        Router router = site();
        JsonNode paths = document(router).path("paths");
        Set<String> described = new HashSet<>();
        paths.properties()
                .forEach(path ->
                        path.getValue()
                                .propertyNames()
                                .forEach(method ->
                                        described.add(
                                                method.toUpperCase(Locale.ROOT)
                                                        + " "
                                                        + path.getKey())));
        Set<String> routes = new HashSet<>();
        for (Route route : router.routes()) {
            routes.add(route.toString().replace("...", ""));
        }
        routes.removeAll(Set.of("GET /openapi.json", "GET /docs", "PURGE /files/{path}"));
        assertThat(described).isEqualTo(routes);
    }

    @Test
    void bodies_answers_and_parameters_have_their_types() throws Exception {
        JsonNode document = document(site());
        assertThat(document.path("openapi").asString()).isEqualTo("3.1.0");
        JsonNode create = document.path("paths").path("/orders").path("post");
        assertThat(create.path("summary").asString()).isEqualTo("Orders <cakes>");
        assertThat(create.at("/requestBody/content/application~1json/schema/$ref").asString())
                .isEqualTo("#/components/schemas/NewOrder");
        assertThat(create.at("/responses/201/content/application~1json/schema/$ref").asString())
                .isEqualTo("#/components/schemas/Order");
        assertThat(create.at("/parameters/0/schema/type").asString()).isEqualTo("boolean");
        JsonNode show = document.path("paths").path("/orders/{id}").path("get");
        assertThat(show.at("/parameters/0/schema/type").asString()).isEqualTo("integer");
        assertThat(show.at("/parameters/0/required").asBoolean()).isTrue();
        JsonNode files = document.path("paths").path("/files/{path}").path("get");
        assertThat(files.at("/parameters/0/schema/type").asString()).isEqualTo("string");
    }

    @Test
    void the_rest_of_a_path_gives_way_to_one_segment_of_it() throws Exception {
        Handler handler = _ -> Response.text("x");
        JsonNode paths =
                document(
                                new Router()
                                        .get("/files/{path...}", handler)
                                        .get("/files/{id}", handler)
                                        .delete("/files/{path...}", handler)
                                        .get("/files/old/{path...}", handler))
                        .path("paths");
        assertThat(paths.propertyNames())
                .containsExactlyInAnyOrder("/files/{id}", "/files/old/{path}");
        assertThat(paths.path("/files/{id}").propertyNames()).containsExactly("get");
    }

    @Test
    void a_schema_says_what_reading_demands() throws Exception {
        JsonNode schemas = document(site()).at("/components/schemas");
        JsonNode schema = schemas.path("NewOrder");
        assertThat(schema.path("required").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrder("at", "lines", "size");
        assertThat(schema.at("/properties/note/type")).hasToString("[\"string\",\"null\"]");
        assertThat(schema.at("/properties/voucher/type")).hasToString("[\"string\",\"null\"]");
        assertThat(schemas.path("Line-nullable").at("/anyOf/0/type").asString()).isEqualTo("null");
        assertThat(schema.at("/properties/at/format").asString()).isEqualTo("date-time");
        assertThat(schemas.at("/Size/enum").size()).isEqualTo(2);
        assertThat(schema.at("/properties/lines/items/$ref").asString())
                .isEqualTo("#/components/schemas/Line");
    }

    @Test
    void every_reference_leads_somewhere() throws Exception {
        JsonNode document = document(site());
        List<JsonNode> references = document.findValues("$ref");
        assertThat(references).isNotEmpty();
        assertThat(references)
                .allSatisfy(reference ->
                        assertThat(document.at(reference.asString().substring(1)).isObject())
                                .as(reference.asString())
                                .isTrue());
    }

    record PriceList(Map<String, BigDecimal> prices, Map<String, List<Line>> cakes) {}

    @Test
    void names_are_those_that_the_specification_allows_and_given_once() throws Exception {
        Handler prices =
                Operation.of("Prices").returns(200, PriceList.class).on(_ -> Response.text("x"));
        JsonNode document =
                document(
                        site().get("/prices/of", prices)
                                .get("/prices-of", prices)
                                .get("/prices/{of}", prices));

        assertThat(document.path("components").valueStream())
                .flatExtracting(JsonNode::propertyNames)
                .contains("PriceList", "Line")
                .allSatisfy(name -> assertThat(name).matches("[a-zA-Z0-9._-]+"));
        assertThat(document.findValues("operationId").stream().map(JsonNode::asString))
                .contains("get_prices_of", "get_prices_of_2", "get_prices_of_3")
                .doesNotHaveDuplicates();
    }

    @Test
    void the_page_shows_it_escaped_and_asks_for_nothing() throws Exception {
        Router router = site();
        OpenApi.of("Bakery & Söhne", "1.0", router).addTo(router);
        Response page = router.build().handle(Requests.get("/docs"));
        assertThat(Responses.text(page))
                .contains(
                        "Bakery &amp; Söhne",
                        "Orders &lt;cakes&gt;",
                        "POST /orders",
                        "only pretend")
                .doesNotContain("<cakes>", "<script", "http://", "https://", "src=");
        assertThat(page.headers().first("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'");
        assertThat(page.headers().all("Content-Type")).hasSize(1);
    }

    @Test
    void a_path_parameter_that_the_route_does_not_have_fails_at_start() {
        Router wrong =
                new Router()
                        .get(
                                "/u/{id}",
                                Operation.of("x")
                                        .path("idd", long.class)
                                        .on(_ -> Response.text("x")));
        assertThatExceptionOfType(WiringException.class)
                .isThrownBy(wrong::build)
                .withMessageContaining("{idd}")
                .withMessageContaining("OpenApiTest.java:");
    }
}
