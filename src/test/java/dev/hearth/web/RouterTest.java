package dev.hearth.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.http.Responses;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RouterTest {

    private static Handler says(String text) {
        return request -> Response.text(text + " " + sorted(request));
    }

    private static String sorted(Request request) {
        return new java.util.TreeMap<>(request.pathParameters()).toString();
    }

    private static String answer(Handler handler, String method, String path) throws Exception {
        Response response = Errors.answer(handler, Requests.of(method, path).request());
        return response.status() == 200
                ? Responses.text(response)
                : String.valueOf(response.status());
    }

    private static final Handler SITE =
            new Router()
                    .get("/", says("root"))
                    .get("/a/b", says("a-b"))
                    .get("/a/{x}", says("a-x"))
                    .post("/a/{x}", says("post-a-x"))
                    .get("/a/{x}/d", says("a-x-d"))
                    .get("/a/b/c", says("a-b-c"))
                    .get("/{one}/{two}/{three}", says("three"))
                    .get("/files/{path...}", says("files"))
                    .get("/files/upload", says("upload"))
                    .get("/slash/", says("slash"))
                    .get("/é/{x}", says("accent"))
                    .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/            | root {}",
                "/a/b         | a-b {}",
                "/a/c         | a-x {x=c}",
                "/a/b/c       | a-b-c {}",
                "/a/b/d       | a-x-d {x=b}", // back from the literal branch, which has no d
                "/a/b/e       | three {one=a, three=e, two=b}",
                "/x/y/z       | three {one=x, three=z, two=y}",
                "/files/      | files {path=}",
                "/files/a     | files {path=a}",
                "/files/a/b/c | files {path=a/b/c}",
                "/files/upload| upload {}",
                "/slash/      | slash {}",
                "/é/İ         | accent {x=İ}", // T22
                "/a/b;x=y     | a-x {x=b;x=y}", // T22
                "/slash       | 404",
                "/a           | 404",
                "/a/          | 404",
                "/files       | 404",
                "/A/b         | 404",
                "/x/y/z/w     | 404",
            })
    void the_most_specific_pattern_answers(String path, String answer) throws Exception {
        assertThat(answer(SITE, "GET", path).strip()).isEqualTo(answer);
    }

    @Test
    void a_method_that_only_the_less_specific_pattern_takes_is_answered_by_that_one()
            throws Exception {
        assertThat(answer(SITE, "POST", "/a/b")).isEqualTo("post-a-x {x=b}");
    }

    @Test
    void head_is_answered_by_the_handler_of_get() throws Exception { // C19
        assertThat(answer(SITE, "HEAD", "/a/b")).isEqualTo("a-b {}");
        assertThat(answer(SITE, "HEAD", "/a/c")).isEqualTo("a-x {x=c}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "get", "Get", "PURGE", "TRACE", ""}) // C10, C20
    void a_method_without_handler_is_answered_with_405_and_all_methods_of_the_path(String method)
            throws Exception {
        Response response = Errors.answer(SITE, Requests.of(method, "/a/b").request());
        assertThat(response.status()).isEqualTo(405);
        assertThat(response.headers().first("Allow")).contains("GET, HEAD, OPTIONS, POST");
        assertThat(Responses.text(response)).contains("urn:hearth:problem:method-not-allowed");
    }

    @Test
    void options_is_answered_by_itself() throws Exception {
        Response response = SITE.handle(Requests.of("OPTIONS", "/files/upload").request());
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.headers().first("Allow")).contains("GET, HEAD, OPTIONS");
    }

    @Test
    void a_handler_of_ones_own_for_head_and_options_comes_first() throws Exception {
        Handler site =
                new Router()
                        .get("/x", says("get"))
                        .on("HEAD", "/x", says("head"))
                        .on("OPTIONS", "/x", says("options"))
                        .build();
        assertThat(answer(site, "HEAD", "/x")).isEqualTo("head {}");
        assertThat(answer(site, "OPTIONS", "/x")).isEqualTo("options {}");
    }

    @Test
    void the_request_knows_the_pattern_that_matched() throws Exception {
        Request request = Requests.get("/a/c");
        SITE.handle(request);
        assertThat(request.route()).contains("/a/{x}");
    }

    private static Middleware notes(String name, List<String> notes) {
        return next ->
                request -> {
                    notes.add(name);
                    return next.handle(request);
                };
    }

    @Test
    void first_in_the_list_meets_the_request_first_and_mounted_layers_stand_inside()
            throws Exception {
        List<String> notes = new ArrayList<>();
        Router inner = new Router().get("/{id}", says("inner")).with(notes("inner", notes));
        Router middle = new Router().with(notes("middle", notes)).mount("/m", inner);
        Handler site =
                new Router()
                        .get("/plain", says("plain"))
                        .with(notes("first", notes))
                        .with(notes("second", notes))
                        .mount("/api", middle)
                        .build();

        assertThat(answer(site, "GET", "/api/m/7")).isEqualTo("inner {id=7}");
        assertThat(notes).containsExactly("first", "second", "middle", "inner");
        notes.clear();
        assertThat(answer(site, "GET", "/plain")).isEqualTo("plain {}");
        assertThat(notes).containsExactly("first", "second");
    }

    @Test
    void layers_see_also_405_and_options_of_their_routes_and_the_outermost_see_404()
            throws Exception {
        List<String> notes = new ArrayList<>();
        Router api = new Router().with(notes("api", notes)).get("/x", says("x"));
        Handler site = new Router().with(notes("site", notes)).mount("/api", api).build();

        answer(site, "OPTIONS", "/api/x");
        assertThat(notes).containsExactly("site", "api");
        answer(site, "PUT", "/api/x");
        assertThat(notes).containsExactly("site", "api", "site", "api");
        notes.clear();
        assertThat(answer(site, "GET", "/api/y")).isEqualTo("404");
        assertThat(notes).containsExactly("site");
    }

    @Test
    void the_root_of_a_mounted_router_is_the_prefix_itself() throws Exception {
        Router api = new Router().get("/", says("list")).get("/{id}", says("one"));
        Handler site = new Router().mount("/api", api).build();
        assertThat(answer(site, "GET", "/api")).isEqualTo("list {}");
        assertThat(answer(site, "GET", "/api/")).isEqualTo("404");
        assertThat(answer(site, "GET", "/api/7")).isEqualTo("one {id=7}");
    }

    @Test
    void routes_lists_whole_patterns_and_places() {
        Router api = new Router().post("/{id}", says("one"));
        Router site = new Router().get("/x", says("x")).mount("/api", api);
        assertThat(site.routes())
                .extracting(Route::toString)
                .containsExactly("GET /x", "POST /api/{id}");
        assertThat(site.routes().getFirst().place()).hasToString("RouterTest.java:" + lineOfX());
    }

    private static int lineOfX() {
        // the line on which routes_lists_whole_patterns_and_places registers /x
        return new Throwable().getStackTrace()[1].getLineNumber() - 4;
    }

    @Test
    void two_handlers_for_one_route_fail_at_start_and_the_message_names_both_places() {
        Router api = new Router().get("/{id}", says("one"));
        Router site = new Router().get("/api/{id}", says("other")).mount("/api", api);
        assertThatExceptionOfType(WiringException.class)
                .isThrownBy(site::build)
                .withMessageMatching(
                        "GET /api/\\{id} has two handlers, one from RouterTest.java:\\d+,"
                                + " one from RouterTest.java:\\d+");
    }

    @Test
    void one_path_with_two_names_for_its_parameter_fails_at_start() {
        Router site = new Router().get("/u/{id}", says("a")).post("/u/{name}", says("b"));
        assertThatExceptionOfType(WiringException.class)
                .isThrownBy(site::build)
                .withMessageContaining("GET /u/{id} (RouterTest.java:")
                .withMessageContaining("POST /u/{name} (RouterTest.java:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "/a//b",
                "//",
                "/{",
                "/}",
                "/{}",
                "/a{x}",
                "/{x}b",
                "/{...}",
                "/{x...}/b",
                "/{x}/{x}",
                "/{x}/{x...}",
                "/{a b}",
                "/..",
                "/a/./b"
            })
    void a_pattern_that_cannot_be_meant_fails_where_it_is_registered(String pattern) {
        assertThatExceptionOfType(WiringException.class)
                .isThrownBy(() -> new Router().get(pattern, says("never")))
                .withMessageContaining("RouterTest.java");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "/api/", "/{x}", "/{x...}", ""})
    void a_prefix_must_be_literal(String prefix) {
        assertThatExceptionOfType(WiringException.class)
                .isThrownBy(() -> new Router().mount(prefix, new Router()));
    }

    @Test
    void the_message_of_an_unknown_path_parameter_names_those_that_exist() {
        Handler site =
                new Router()
                        .get("/u/{id}", request -> Response.text(request.pathParameter("idd")))
                        .build();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> site.handle(Requests.get("/u/7")))
                .withMessageContaining("{idd}")
                .withMessageContaining("[id]");
    }
}
