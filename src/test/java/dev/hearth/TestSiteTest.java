package dev.hearth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.hearth.SmallShop.Item;
import dev.hearth.SmallShop.NewItem;
import dev.hearth.http.Errors;
import dev.hearth.http.Problem;
import dev.hearth.http.Response;
import dev.hearth.testing.LogOf;
import dev.hearth.web.Bind;
import dev.hearth.web.Forms;
import dev.hearth.web.Multipart;
import dev.hearth.web.Part;
import dev.hearth.web.auth.Sessions;
import dev.hearth.web.auth.SignedCookies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests to an application in a test, and what is left of it.
@Timeout(60)
class TestSiteTest {
    private static TestSite echo() {
        return TestSite.open(app -> {
            app.route(
                    "POST",
                    "/echo/{rest...}",
                    request ->
                            Response.text(
                                    String.join(
                                            "\n",
                                            request.path(),
                                            request.query().first("q").orElse("-"),
                                            request.header("X-Id").orElse("-"),
                                            new TreeMap<>(request.cookies()).toString(),
                                            request.header("Content-Type").orElse("-"),
                                            request.remoteAddress(),
                                            request.scheme() + "://" + request.host(),
                                            request.user().orElse("-"),
                                            Long.toString(request.contentLength()))));
        });
    }

    @Test
    void an_application_answers_with_its_tables_and_its_json() {
        try (TestSite shop = TestSite.open(SmallShop::routes)) {
            TestAnswer made = shop.post("/items", "{\"name\":\"bread\"}");

            assertThat(made.status()).isEqualTo(201);
            assertThat(made.header("location")).contains("/items/1");
            assertThat(made.text()).contains("\"bread\"");
            assertThat(shop.get("/items/1").json(Item.class))
                    .isEqualTo(new Item(1, "bread", false));
            assertThat(shop.post("/items", new NewItem("cake")).json(Item.class).id()).isEqualTo(2);
        }
    }

    @Test
    void refusals_and_the_description_are_those_of_a_server() {
        try (TestSite shop = TestSite.open(SmallShop::routes)) {
            assertThat(shop.post("/items", "{\"nmae\":\"bread\"}").status()).isEqualTo(422);
            assertThat(shop.post("/items", "{").status()).isEqualTo(400);
            assertThat(shop.request("POST", "/items").body("text/plain", "x").send().status())
                    .isEqualTo(415);
            assertThat(shop.get("/items/7").header("Content-Type"))
                    .contains("application/problem+json");
            assertThat(shop.delete("/items/7").header("Allow")).isPresent();
            assertThat(shop.get("/a//b").status()).isEqualTo(400);
            assertThat(shop.get("/openapi.json").text()).contains("/items/{id}");
            assertThat(shop.get("/healthz").status()).isEqualTo(200);
        }
    }

    @Test
    void a_request_is_what_a_front_server_hands_on() {
        try (TestSite echo = echo()) {
            TestAnswer answer =
                    echo.request("POST", "/echo/a%20b?q=%C3%A9")
                            .with("X-Id", "7")
                            .with("x-id", "8")
                            .with("Cookie", "a=1")
                            .with("Cookie", "b=2")
                            .variable("REMOTE_USER", "ann")
                            .variable("REMOTE_ADDR", "192.0.2.9")
                            .variable("HTTPS", "off")
                            .body("text/plain", "é")
                            .send();

            assertThat(answer.text().lines())
                    .containsExactly(
                            "/echo/a b",
                            "é",
                            "7, 8",
                            "{a=1, b=2}",
                            "text/plain",
                            "192.0.2.9",
                            "http://localhost",
                            "ann",
                            "2");
        }
    }

    record Caption(String text, List<String> tag) {}

    private static TestSite forms() {
        return TestSite.open(app -> {
            app.post(
                    "/plain",
                    request -> Response.text(Forms.read(request, Caption.class).toString()));
            app.post(
                    "/files",
                    request -> {
                        try (Multipart form = Multipart.read(request, Multipart.Limits.DEFAULT)) {
                            Part photo = form.file("photo").orElseThrow();
                            return Response.text(
                                    Bind.form(form.fields(), Caption.class)
                                            + photo.fileName().orElseThrow()
                                            + photo.contentType()
                                            + photo.text());
                        }
                    });
        });
    }

    @Test
    void a_form_is_sent_as_a_browser_sends_it() {
        try (TestSite site = forms()) {
            TestForm form =
                    TestForm.of("text", "Éclair & co=1 %").with("tag", "a+b").with("tag", "c");
            assertThat(site.request("POST", "/plain").form(form).send().text())
                    .isEqualTo("Caption[text=Éclair & co=1 %, tag=[a+b, c]]");

            TestForm files =
                    form.withFile("photo", "Ü \"1\".png", "image/png", "P\r\nNG".getBytes(UTF_8));
            assertThat(site.request("POST", "/files").form(files).send().text())
                    .isEqualTo(
                            "Caption[text=Éclair & co=1 %, tag=[a+b, c]]Ü %221%22.pngimage/pngP\r\nNG");
            assertThat(site.request("POST", "/plain").form(files).send().status()).isEqualTo(415);
            TestForm alone = TestForm.ofFile("photo", "a.png", "image/png", new byte[] {'x'});
            assertThat(site.request("POST", "/files").form(alone).send().status()).isEqualTo(422);
        }
    }

    @Test
    void a_host_of_ones_own_stands_in_place_of_the_usual_one() {
        try (TestSite echo = echo()) {
            TestAnswer answer = echo.request("POST", "/echo/x").with("Host", "shop.example").send();

            assertThat(answer.text()).contains("https://shop.example\n").endsWith("\n0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"items", "", "/a b", "/é", "/a#b", "https://shop.example/"})
    void a_target_that_no_client_sends_is_refused(String target) {
        try (TestSite echo = echo()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> echo.get(target))
                    .withMessageContaining("percent-encoded");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X_Id", "X.Id", "", "Content-Length", "transfer-encoding"})
    void a_header_that_would_be_lost_is_refused(String name) {
        try (TestSite echo = echo()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> echo.request("GET", "/").with(name, "1"));
        }
    }

    @Test
    void a_handler_that_throws_answers_500_and_the_log_says_why() {
        try (TestSite site =
                        TestSite.open(app ->
                                app.get(
                                        "/broken",
                                        _ -> {
                                            throw new ArithmeticException("a bug");
                                        }));
                LogOf log = LogOf.of(Errors.class)) {
            assertThat(site.get("/broken").status()).isEqualTo(500);
            assertThat(log.lines()).singleElement().asString().endsWith("GET /broken");
        }
    }

    @Test
    void streams_are_collected_and_one_that_is_cut_off_is_no_answer() {
        try (TestSite site =
                TestSite.open(app -> {
                    app.get(
                            "/whole",
                            _ ->
                                    Response.stream(
                                            "text/plain",
                                            out -> {
                                                out.write(new byte[100_000]);
                                                out.flush();
                                            }));
                    app.get(
                            "/cut",
                            _ ->
                                    Response.stream(
                                            "text/plain",
                                            out -> {
                                                out.write(new byte[100_000]);
                                                throw new IOException("the disk is full");
                                            }));
                })) {
            assertThat(site.get("/whole").bytes()).hasSize(100_000);
            assertThat(site.request("HEAD", "/whole").send().bytes()).isEmpty();
            assertThatIllegalStateException()
                    .isThrownBy(() -> site.get("/cut"))
                    .withMessageStartingWith("cut off");
        }
    }

    @Test
    void what_follows_an_answer_has_happened() {
        List<String> done = new ArrayList<>();
        try (TestSite site =
                TestSite.open(app ->
                        app.get("/", _ -> Response.status(204).afterwards(() -> done.add("x"))))) {
            assertThat(site.get("/").status()).isEqualTo(204);
            assertThat(done).containsExactly("x");
        }
    }

    @Test
    void a_session_goes_on_with_its_cookie() {
        try (TestSite site =
                TestSite.open(app -> {
                    SignedCookies cookies =
                            new SignedCookies(List.of(new byte[32]), Clock.systemUTC());
                    app.with(new Sessions(cookies, Duration.ofDays(1)));
                    app.post(
                            "/login",
                            request -> {
                                Sessions.of(request).put("user", "ann");
                                return Response.seeOther("/");
                            });
                    app.get(
                            "/",
                            request ->
                                    Response.text(
                                            Sessions.of(request).get("user").orElse("nobody")));
                })) {
            TestAnswer signedIn = site.request("POST", "/login").send();
            String cookie = signedIn.header("Set-Cookie").orElseThrow().split("=", 2)[0];
            String value = signedIn.cookie(cookie).orElseThrow();

            assertThat(signedIn.header("Location")).contains("/");
            assertThat(signedIn.cookie("other")).isEmpty();
            assertThat(site.get("/").text()).isEqualTo("nobody");
            assertThat(site.request("GET", "/").with("Cookie", cookie + "=" + value).send().text())
                    .isEqualTo("ann");
        }
    }

    @Test
    void an_answer_that_is_other_json_is_shown() {
        try (TestSite site =
                TestSite.open(app -> app.get("/", _ -> Problem.of(409, "x", "No.").toResponse()))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> site.get("/").json(Item.class))
                    .withMessageStartingWith("no Item: GET / was answered with 409 {");
        }
    }

    @Test
    void a_body_is_limited_by_the_settings() {
        Map<String, String> settings = Map.of("limits.body", "1KiB");
        try (TestSite shop = TestSite.open(SmallShop::routes, settings)) {
            assertThat(shop.post("/items", new NewItem("x".repeat(900))).status()).isEqualTo(201);
            assertThat(shop.post("/items", new NewItem("x".repeat(1_100))).status()).isEqualTo(413);
        }
    }

    @Test
    void sites_have_nothing_in_common() throws Exception {
        try (TestSite one = TestSite.open(SmallShop::routes);
                TestSite other = TestSite.open(SmallShop::routes);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<TestAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                TestSite site = i % 4 == 0 ? other : one;
                answers.add(threads.submit(() -> site.post("/items", new NewItem("bread"))));
            }
            for (Future<TestAnswer> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(201);
            }
            other.deliver("stripe", "payment_intent.succeeded", Map.of("id", "pi_1", "amount", 5));

            assertThat(count(one)).isEqualTo(30);
            assertThat(count(other)).isEqualTo(10);
            assertThat(one.get("/items/1").json(Item.class).paid()).isFalse();
        }
    }

    private static long count(TestSite site) throws SQLException {
        return site.database()
                .read(tx ->
                        tx.first("SELECT count(*) AS n FROM item", row -> row.number("n"))
                                .orElseThrow());
    }

    @Test
    void nothing_is_left_of_it() throws Exception {
        Path folder;
        Set<Thread> before = threads();
        try (TestSite shop = TestSite.open(SmallShop::routes)) {
            shop.deliver("stripe", "payment_intent.succeeded", Map.of("id", "pi_1", "amount", 5));
            shop.request("POST", "/reminders/bread").send();
            shop.runJob("remind");
            folder = folderOf(shop);
            assertThat(folder).isDirectoryContaining("glob:**hearth.db");
            shop.close();
            assertThatIllegalStateException().isThrownBy(() -> shop.get("/healthz"));
            assertThatIllegalStateException().isThrownBy(shop::runDueWork);
        }

        assertThat(folder).doesNotExist();
        assertThat(threads()).isSubsetOf(before);
    }

    private static Path folderOf(TestSite site) throws SQLException {
        return site.database()
                .read(tx ->
                        tx.first("PRAGMA database_list", row -> Path.of(row.text("file")))
                                .orElseThrow())
                .getParent();
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    @Test
    void one_that_cannot_start_says_why_and_leaves_nothing() throws Exception {
        List<Path> before = folders();

        assertThatIllegalStateException()
                .isThrownBy(() -> TestSite.open(_ -> {}, Map.of("webhok.stripe.secret", "x")))
                .withMessageContaining(
                        "settings of the program: unknown key \"webhok.stripe.secret\"");
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        TestSite.open(_ -> {
                            throw new IOException("no menu");
                        }))
                .withRootCauseInstanceOf(IOException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestSite.open(_ -> {}, Map.of("data", "/tmp")));
        assertThat(folders()).isSubsetOf(before);
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(each -> each.getFileName().toString().startsWith("hearth-test-"))
                    .toList();
        }
    }
}
