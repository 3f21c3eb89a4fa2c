package dev.hearth.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Headers;
import dev.hearth.http.Request;
import dev.hearth.http.RequestSource;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.http.Responses;
import dev.hearth.jobs.JobRecords;
import dev.hearth.metrics.Pulse;
import dev.hearth.metrics.Readiness;
import dev.hearth.metrics.Traffic;
import dev.hearth.metrics.Vitals;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.web.Router;
import dev.hearth.webhook.EventHandlers;
import dev.hearth.webhook.EventHead;
import dev.hearth.webhook.Inbox;
import java.io.InputStream;
import java.net.URLEncoder;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who gets in, and what forms may do, on one kind of database.
abstract class OperatorSiteContract {
    private static final String PASSWORD = "correct horse battery";
    private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");
    private static final String TOO_LONG = "x".repeat(1_001); // refused before it is hashed

    private Database database;
    private Inbox inbox;
    private Operators operators;
    private Handler site;
    private final LevelInATest level = new LevelInATest();

    abstract DatabaseLocation location();

    private static final class LevelInATest implements Subject.LogLevel {
        private String now = "info";

        @Override
        public String get() {
            return now;
        }

        @Override
        public void set(String other) {
            now = other;
        }
    }

    @BeforeEach
    void open() {
        database = Database.open(location());
        inbox = Inbox.open(database, List.of(), new EventHandlers(), database.clock());
        operators = new Operators(database);
        site = site(false);
    }

    private Handler site(boolean trustsFront) {
        Vitals vitals = new Vitals(new Traffic(), database, inbox.counters(), database.clock());
        Router router = new Router().with(new Errors());
        Subject subject =
                new Subject(
                        database,
                        inbox,
                        Optional.empty(),
                        new JobRecords(database),
                        vitals,
                        new Pulse(vitals),
                        new Readiness(
                                database,
                                List.of(),
                                Optional.empty(),
                                Duration.ofHours(1),
                                database.clock()),
                        router::routes,
                        List.of(
                                new Subject.ConfigurationLine(
                                        "stripe.api_key", "(set)", "a file", "the key")),
                        level);
        return router.mount(
                        "/operator", new OperatorSite(subject, "/operator", trustsFront).routes())
                .build();
    }

    @AfterEach
    void close() {
        inbox.close();
        database.close();
    }

    private Response get(String target, String cookie) throws Exception {
        return site.handle(
                Requests.of("GET", target).with("Cookie", "hearth_operator=" + cookie).request());
    }

    private Response post(String target, String cookie, Map<String, String> form) throws Exception {
        return site.handle(form(target, cookie, form).request());
    }

    private static Requests form(String target, String cookie, Map<String, String> form) {
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) ->
                body.append(name).append('=').append(URLEncoder.encode(value, UTF_8)).append('&'));
        return Requests.of("POST", target)
                .with("Content-Type", "application/x-www-form-urlencoded")
                .with("Cookie", "hearth_operator=" + cookie)
                .body(body.toString().getBytes(UTF_8));
    }

    private String signIn(String name) throws Exception {
        return cookieOf(
                post(
                        "/operator/sign-in",
                        "brought-along",
                        Map.of("name", name, "password", PASSWORD)));
    }

    private static String cookieOf(Response response) {
        assertThat(response.status()).isEqualTo(303);
        String cookie = response.headers().first("Set-Cookie").orElseThrow();
        return cookie.substring("hearth_operator=".length(), cookie.indexOf(';'));
    }

    private String tokenOf(String cookie) throws Exception {
        Matcher matcher = TOKEN.matcher(Responses.text(get("/operator/health", cookie)));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private void add(String name, Role role) throws SQLException {
        operators.add(name, role, PASSWORD, Instant.now());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/operator", "/operator/events", "/operator/sign-in", "/operator/x/y"})
    void there_is_no_site_until_there_is_an_operator(String path) throws Exception {
        Response elsewhere = site.handle(Requests.get("/nothing"));
        Response absent = site.handle(Requests.get(path));

        assertThat(absent.status()).isEqualTo(404);
        assertThat(absent.headers().all("Content-Type"))
                .isEqualTo(elsewhere.headers().all("Content-Type"));
        assertThat(absent.headers().size()).isEqualTo(elsewhere.headers().size());
        assertThat(Responses.text(absent)).isEqualTo(Responses.text(elsewhere));
    }

    @Test
    void who_is_not_in_is_sent_to_sign_in_and_back_to_where_he_wanted() throws Exception {
        add("anna", Role.OPERATOR);

        Response away = site.handle(Requests.get("/operator/events?state=dead"));

        assertThat(away.status()).isEqualTo(303);
        assertThat(away.headers().first("Location"))
                .contains("/operator/sign-in?to=%2Foperator%2Fevents%3Fstate%3Ddead");
        Response in =
                post(
                        "/operator/sign-in",
                        "",
                        Map.of(
                                "name",
                                "anna",
                                "password",
                                PASSWORD,
                                "to",
                                "/operator/events?state=dead"));
        assertThat(in.headers().first("Location")).contains("/operator/events?state=dead");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://evil.example/", "//evil.example", "/operatorx", "/operator/\\x"})
    void signing_in_leads_nowhere_else(String to) throws Exception {
        add("anna", Role.OPERATOR);

        Response in =
                post(
                        "/operator/sign-in",
                        "",
                        Map.of("name", "anna", "password", PASSWORD, "to", to));

        assertThat(in.headers().first("Location")).contains("/operator");
    }

    @Test
    void a_session_is_new_whatever_was_brought_along_and_its_cookie_is_closed_to_scripts()
            throws Exception {
        add("anna", Role.OPERATOR);
        Response first =
                post(
                        "/operator/sign-in",
                        "brought-along",
                        Map.of("name", "anna", "password", PASSWORD));

        assertThat(first.headers().first("Set-Cookie").orElseThrow())
                .contains("; Path=/operator", "; HttpOnly", "; SameSite=Lax", "; Secure");
        assertThat(cookieOf(first)).isNotEqualTo("brought-along").isNotEqualTo(signIn("anna"));
        assertThat(get("/operator", "brought-along").status()).isEqualTo(303);
        assertThat(get("/operator", cookieOf(first)).status()).isEqualTo(200);
        assertThat(
                        database.<String, RuntimeException>read(tx ->
                                tx.first(
                                                "SELECT max(token_sha256) AS kept FROM operator_session",
                                                row -> row.text("kept"))
                                        .orElseThrow()))
                .isNotEqualTo(cookieOf(first))
                .hasSize(64);
    }

    @Test
    void a_form_needs_the_token_of_its_own_session_and_a_page_of_this_site() throws Exception {
        add("anna", Role.OPERATOR);
        add("bert", Role.OPERATOR);
        String anna = signIn("anna");
        String token = tokenOf(anna);
        String foreign = tokenOf(signIn("bert"));
        Map<String, String> wish = Map.of("level", "debug");
        String target = "/operator/configuration/log-level";

        assertThat(post(target, anna, wish).status()).isEqualTo(403);
        assertThat(post(target, anna, Map.of("level", "debug", "token", foreign)).status())
                .isEqualTo(403);
        assertThat(post(target, "", Map.of("level", "debug", "token", token)).status())
                .isEqualTo(403);
        Map<String, String> whole = Map.of("level", "debug", "token", token);
        assertThat(
                        site.handle(
                                        form(target, anna, whole)
                                                .with("Sec-Fetch-Site", "cross-site")
                                                .request())
                                .status())
                .isEqualTo(403);
        assertThat(level.get()).isEqualTo("info");

        assertThat(post(target, anna, whole).status()).isEqualTo(303);
        assertThat(level.get()).isEqualTo("debug");
    }

    @Test
    void a_viewer_looks_and_does_not_act_but_may_leave() throws Exception {
        add("viktor", Role.VIEWER);
        String cookie = signIn("viktor");
        String token = tokenOf(cookie);

        for (String target :
                List.of(
                        "/operator/events/replay",
                        "/operator/events/ignore",
                        "/operator/dead/replay",
                        "/operator/payments/x/refund",
                        "/operator/payments/x/capture",
                        "/operator/payments/x/cancel",
                        "/operator/outgoing/retry",
                        "/operator/jobs/run",
                        "/operator/jobs/revive",
                        "/operator/configuration/log-level")) {
            assertThat(post(target, cookie, Map.of("token", token, "id", "x")).status())
                    .as(target)
                    .isEqualTo(403);
        }
        assertThat(post("/operator/sign-out", cookie, Map.of("token", token)).status())
                .isEqualTo(303);
        assertThat(get("/operator", cookie).status()).isEqualTo(303);
    }

    @Test
    void guessing_ends_soon_for_a_network_and_for_a_name() throws Exception {
        add("anna", Role.OPERATOR);
        Map<String, String> guess = Map.of("name", "anna", "password", TOO_LONG);
        for (int i = 0; i < 20; i++) {
            assertThat(post("/operator/sign-in", "", guess).status())
                    .as("guess " + i)
                    .isEqualTo(422);
        }

        Response refused =
                post("/operator/sign-in", "", Map.of("name", "anna", "password", PASSWORD));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers().first("Retry-After")).isPresent();
        // Another network does not help with the same name; another name from there is let in.
        assertThat(
                        site.handle(
                                        form("/operator/sign-in", "", guess)
                                                .from("198.51.100.7")
                                                .request())
                                .status())
                .isEqualTo(429);
        assertThat(
                        site.handle(
                                        form(
                                                        "/operator/sign-in",
                                                        "",
                                                        Map.of("name", "b", "password", TOO_LONG))
                                                .from("198.51.100.8")
                                                .request())
                                .status())
                .isEqualTo(422);
    }

    @Test
    void sessions_end_with_their_operator_and_with_a_new_password() throws Exception {
        add("anna", Role.OPERATOR);
        add("bert", Role.OPERATOR);
        String anna = signIn("anna");
        String bert = signIn("bert");

        operators.changePassword("anna", "another horse battery");
        operators.remove("bert");

        assertThat(get("/operator", anna).status()).isEqualTo(303);
        assertThat(get("/operator", bert).status()).isEqualTo(303);
        assertThat(
                        post("/operator/sign-in", "", Map.of("name", "anna", "password", PASSWORD))
                                .status())
                .isEqualTo(422);
    }

    @Test
    void a_session_ends_by_itself_and_a_role_counts_at_once() throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");
        String token = tokenOf(cookie);
        database.write(tx -> tx.update("UPDATE operator SET role = 'viewer'"));
        assertThat(
                        post(
                                        "/operator/configuration/log-level",
                                        cookie,
                                        Map.of("token", token, "level", "debug"))
                                .status())
                .isEqualTo(403);

        database.write(tx ->
                tx.update(
                        "UPDATE operator_session SET seen_at = ?",
                        Instant.now().minus(SignIns.IDLE).minusSeconds(1)));
        assertThat(get("/operator", cookie).status()).isEqualTo(303);
    }

    /// A request of someone whom the front server has signed in.
    private record OfUser(Requests inner, Optional<String> user) implements RequestSource {
        @Override
        public String method() {
            return inner.method();
        }

        @Override
        public String path() {
            return inner.path();
        }

        @Override
        public String rawQuery() {
            return inner.rawQuery();
        }

        @Override
        public Optional<String> header(String name) {
            return inner.header(name);
        }

        @Override
        public Headers headers() {
            return inner.headers();
        }

        @Override
        public InputStream body() {
            return inner.body();
        }

        @Override
        public long contentLength() {
            return inner.contentLength();
        }

        @Override
        public String remoteAddress() {
            return inner.remoteAddress();
        }

        @Override
        public String scheme() {
            return inner.scheme();
        }

        @Override
        public String host() {
            return inner.host();
        }

        @Override
        public String protocol() {
            return inner.protocol();
        }

        @Override
        public Map<String, String> variables() {
            return inner.variables();
        }
    }

    private static Request of(String user) {
        return new Request(new OfUser(Requests.of("GET", "/operator/health"), Optional.of(user)));
    }

    @Test
    void whom_the_front_server_signed_in_counts_only_where_it_is_trusted() throws Exception {
        add("anna", Role.OPERATOR);

        assertThat(site.handle(of("anna")).status()).isEqualTo(303);
        Handler trusting = site(true);
        assertThat(trusting.handle(of("anna")).status()).isEqualTo(200);
        assertThat(trusting.handle(of("mallory")).status()).isEqualTo(403);
        assertThat(trusting.handle(Requests.get("/operator/health")).status()).isEqualTo(403);
    }

    @Test
    void who_was_in_sees_what_works_without_the_database_and_nobody_else_gets_in()
            throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");
        assertThat(get("/operator", cookie).status()).isEqualTo(200);
        database.close();

        assertThat(get("/operator", cookie).status()).isEqualTo(200);
        assertThat(get("/operator/routes", cookie).status()).isEqualTo(200);
        assertThat(get("/operator/configuration", cookie).status()).isEqualTo(200);
        assertThat(Responses.text(get("/operator/health", cookie)))
                .contains("the database does not answer");
        Response events = get("/operator/events", cookie);
        assertThat(events.status()).isEqualTo(503);
        assertThat(Responses.text(events)).contains("These still work");
        assertThat(get("/operator", "another").status()).isEqualTo(303);
    }

    @Test
    void what_is_typed_wrong_is_told_beside_its_field() throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");

        Response wrong =
                get("/operator/events?since=yesterday&state=odd&before=2026-11-21", cookie);

        assertThat(wrong.status()).isEqualTo(422);
        assertThat(Responses.text(wrong))
                .contains("id=\"since-fault\">A date such as", "There is no such state.")
                .contains("value=\"yesterday\"");
        assertThat(
                        Responses.text(
                                get("/operator/events?since=2026-11-22&before=2026-11-21", cookie)))
                .contains("This must be later than the start.");
    }

    @Test
    void what_is_not_there_is_not_found_and_an_event_that_changed_is_not_touched()
            throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");
        String token = tokenOf(cookie);
        for (String path :
                List.of("/events/x", "/events/x/body", "/payments/x", "/outgoing/x", "/x")) {
            assertThat(get("/operator" + path, cookie).status()).as(path).isEqualTo(404);
        }
        inbox.bring("stripe", EventHead.of("evt_1", "t"), "{}".getBytes(UTF_8));

        Response unchanged =
                post("/operator/events/replay", cookie, Map.of("token", token, "id", "evt_1"));

        assertThat(unchanged.headers().first("Location").orElseThrow()).endsWith("done=unchanged");
        assertThat(Responses.text(get("/operator/audit", cookie)))
                .contains("event evt_1", "0 of 1 changed");
    }

    @Test
    void a_password_is_long_enough_and_never_kept() throws Exception {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> operators.add("a", Role.VIEWER, "123456789", Instant.now()))
                .withMessageContaining("10 to 1000");
        add("anna", Role.VIEWER);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> add("anna", Role.OPERATOR))
                .withMessageContaining("already");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> add("<b>", Role.OPERATOR));
        String kept =
                database.<String, SQLException>read(tx ->
                        tx.first(
                                        "SELECT password_hash FROM operator",
                                        row -> row.text("password_hash"))
                                .orElseThrow());
        assertThat(kept).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain(PASSWORD);
    }
}
