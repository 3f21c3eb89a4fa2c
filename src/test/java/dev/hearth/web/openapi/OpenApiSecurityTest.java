package dev.hearth.web.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.http.Responses;
import dev.hearth.web.Operation;
import dev.hearth.web.Route;
import dev.hearth.web.Router;
import dev.hearth.web.Security;
import dev.hearth.web.auth.ApiKeys;
import dev.hearth.web.auth.BasicLogin;
import dev.hearth.web.auth.JwtLogin;
import dev.hearth.web.auth.Principal;
import dev.hearth.web.auth.Sessions;
import dev.hearth.web.auth.SignedCookies;
import dev.hearth.web.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What the document says of who may ask, held against what the routes do.
final class OpenApiSecurityTest {
    @TempDir Path folder;
    private final ApiKeys.Issued reader = ApiKeys.issue("reader", Set.of("orders:read"));
    private Router router = new Router();
    private Handler site = router.build();
    private JsonNode document = Json.mapper().createObjectNode();

    @BeforeEach
    void open() throws Exception {
        ApiKeys keys =
                new ApiKeys(id -> Optional.of(reader.stored()).filter(key -> key.id().equals(id)));
        BasicLogin people =
                new BasicLogin(
                        "Bakery",
                        (user, password) ->
                                password.equals("right")
                                        ? Optional.of(new Principal(user, Set.of()))
                                        : Optional.empty());
        Handler ok = _ -> Response.text("x");
        Router orders =
                new Router()
                        .with(keys)
                        .with(Principal.requireScope("orders:read"))
                        .get("/", ok)
                        .post("/", Principal.requireScope("orders:write").wrap(ok))
                        .get("/{id}", Operation.of("Shows one").path("id", long.class).on(ok));
        Router shop =
                new Router()
                        .with(new Sessions(cookies(), Duration.ofDays(1)))
                        .get("/basket", ok)
                        .get("/account", people.wrap(ok));
        router =
                new Router()
                        .with(new Errors())
                        .get("/", ok)
                        .mount("/orders", orders)
                        .mount("/shop", shop)
                        .get("/me", tokensOf("https://id.example").wrap(ok))
                        .get("/us", tokensOf("https://other.example").wrap(ok));
        OpenApi.of("Bakery", "1.0", router).addTo(router);
        site = router.build();
        document =
                Json.mapper().readTree(Responses.bytes(site.handle(Requests.get("/openapi.json"))));
    }

    private static SignedCookies cookies() {
        return new SignedCookies(List.of(new byte[32]), Clock.systemUTC());
    }

    private JwtLogin tokensOf(String issuer) throws Exception {
        Path none = Files.writeString(folder.resolve("jwks.json"), "{\"keys\":[]}");
        return JwtLogin.of(none, "RS256", issuer, "bakery");
    }

    private JsonNode operation(Route route) {
        return document.path("paths")
                .path(route.pattern())
                .path(route.method().toLowerCase(Locale.ROOT));
    }

    private int statusOf(Route route, String... header) throws Exception {
        Requests asking = Requests.of(route.method(), route.pattern().replace("{id}", "1"));
        return site.handle(
                        (header.length == 0 ? asking : asking.with(header[0], header[1])).request())
                .status();
    }

    @Test
    void who_sends_nothing_is_let_in_exactly_where_the_document_says_so() throws Exception {
        int open = 0;
        for (Route route : router.routes()) {
            JsonNode described = operation(route);
            JsonNode ways = described.path("security");
            boolean free = ways.isEmpty() || ways.valueStream().anyMatch(JsonNode::isEmpty);
            open += free ? 1 : 0;

            assertThat(statusOf(route)).as(route.toString()).isEqualTo(free ? 200 : 401);
            assertThat(described.path("responses").has("401"))
                    .as(route.toString())
                    .isEqualTo(!free);
        }
        assertThat(open).isEqualTo(4); // /, the basket, the document and its page
    }

    @Test
    void who_lacks_a_scope_is_refused_exactly_where_the_document_names_it() throws Exception {
        String key = "Bearer " + reader.key();
        int refused = 0;
        for (Route route : router.routes()) {
            JsonNode scopes = operation(route).at("/security/0/apiKey");
            if (scopes.isMissingNode()) {
                continue;
            }
            boolean lacks =
                    scopes.valueStream()
                            .anyMatch(
                                    scope -> !reader.stored().scopes().contains(scope.asString()));
            refused += lacks ? 1 : 0;

            assertThat(statusOf(route, "Authorization", key))
                    .as(route.toString())
                    .isEqualTo(lacks ? 403 : 200);
            assertThat(operation(route).path("responses").has("403")).isTrue();
        }
        assertThat(refused).isEqualTo(1);
    }

    @Test
    void each_way_in_has_its_scheme_and_is_named_once() {
        JsonNode schemes = document.at("/components/securitySchemes");

        assertThat(schemes.propertyNames())
                .containsExactlyInAnyOrder("apiKey", "session", "basic", "jwt", "jwt-2");
        assertThat(schemes.at("/apiKey/type").asString()).isEqualTo("http");
        assertThat(schemes.at("/apiKey/scheme").asString()).isEqualTo("bearer");
        assertThat(schemes.at("/jwt/bearerFormat").asString()).isEqualTo("JWT");
        assertThat(schemes.at("/jwt/description").asString()).contains("https://id.example");
        assertThat(schemes.at("/jwt-2/description").asString()).contains("https://other.example");
        assertThat(schemes.at("/basic/scheme").asString()).isEqualTo("basic");
        assertThat(schemes.path("session"))
                .hasToString(
                        "{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"session\","
                                + "\"description\":\"A visitor's session, as an answer before has set it.\"}");
        assertThat(document.at("/paths/~1orders/post/security"))
                .hasToString("[{\"apiKey\":[\"orders:read\",\"orders:write\"]}]");
        assertThat(document.at("/paths/~1shop~1basket/get/security"))
                .hasToString("[{\"session\":[]},{}]");
        assertThat(document.at("/paths/~1shop~1account/get/security"))
                .hasToString("[{\"session\":[],\"basic\":[]},{\"basic\":[]}]");
        assertThat(document.at("/paths/~1/get").has("security")).isFalse();
    }

    @Test
    void a_cookie_of_a_session_and_a_password_open_what_they_are_said_to_open() throws Exception {
        String right = Base64.getEncoder().encodeToString("anna:right".getBytes(UTF_8));
        String wrong = Base64.getEncoder().encodeToString("anna:wrong".getBytes(UTF_8));
        Route account =
                router.routes().stream()
                        .filter(route -> route.pattern().equals("/shop/account"))
                        .findFirst()
                        .orElseThrow();

        assertThat(statusOf(account, "Authorization", "Basic " + right)).isEqualTo(200);
        assertThat(statusOf(account, "Authorization", "Basic " + wrong)).isEqualTo(401);
    }

    @Test
    void a_guard_around_one_handler_keeps_what_is_said_about_it() {
        assertThat(document.at("/paths/~1orders~1{id}/get/summary").asString())
                .isEqualTo("Shows one");
        Handler guarded =
                Principal.requireScope("a")
                        .wrap(
                                Operation.of("Said")
                                        .returns(201, String.class)
                                        .hide()
                                        .on(_ -> Response.text("x")));
        Operation kept = Operation.of(guarded);
        assertThat(kept.summary()).isEqualTo("Said");
        assertThat(kept.status()).isEqualTo(201);
        assertThat(kept.hidden()).isTrue();
        assertThat(kept.security()).containsExactly(new Security.Scope("a"));
    }

    @Test
    void the_page_says_what_each_route_needs() throws Exception {
        assertThat(Responses.text(site.handle(Requests.get("/docs"))))
                .contains(
                        "<th scope=\"row\">Needs</th><td><code>apiKey</code></td><td>scope orders:read, scope orders:write</td>",
                        "<th scope=\"row\">or</th><td><code>nothing</code></td>",
                        "<h1>Credentials</h1>",
                        "Authorization: bearer",
                        "Cookie: session",
                        "<th scope=\"row\">401</th><td><code>Problem</code></td>");
    }
}
