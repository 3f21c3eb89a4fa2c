package dev.hearth.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.http.Responses;
import dev.hearth.jobs.JobRecords;
import dev.hearth.metrics.Pulse;
import dev.hearth.metrics.Readiness;
import dev.hearth.metrics.Traffic;
import dev.hearth.metrics.Vitals;
import dev.hearth.payment.Payments;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.web.Router;
import dev.hearth.webhook.Endpoint;
import dev.hearth.webhook.EventHandlers;
import dev.hearth.webhook.Inbox;
import dev.hearth.webhook.Outbox;
import dev.hearth.webhook.Secret;
import java.net.URI;
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

/// A site on one kind of database, and a visitor of it.
abstract class OperatorSiteFixture {
    static final String PASSWORD = "correct horse battery";
    private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");
    static final String TOO_LONG = "x".repeat(1_001); // refused before it is hashed

    Database database;
    Inbox inbox;
    Operators operators;
    Handler site;
    final LevelInATest level = new LevelInATest();

    abstract DatabaseLocation location();

    /// Those that the site can steer.
    Optional<Payments> payments() {
        return Optional.empty();
    }

    static final class LevelInATest implements Subject.LogLevel {
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

    /// One that is configured.
    static List<Endpoint> endpoints() {
        return List.of(
                new Endpoint(
                        "partner",
                        URI.create("https://partner.example/"),
                        List.of(Secret.of("whsec_" + "c2VjcmV0".repeat(5))),
                        false));
    }

    Handler site(boolean trustsFront) {
        Vitals vitals = new Vitals(new Traffic(), database, inbox.counters(), database.clock());
        Router router = new Router().with(new Errors());
        Subject subject =
                new Subject(
                        database,
                        inbox,
                        Outbox.open(database, endpoints(), database.clock()),
                        payments(),
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
                        () ->
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

    Response get(String target, String cookie) throws Exception {
        return site.handle(
                Requests.of("GET", target).with("Cookie", "hearth_operator=" + cookie).request());
    }

    Response post(String target, String cookie, Map<String, String> form) throws Exception {
        return site.handle(form(target, cookie, form).request());
    }

    static Requests form(String target, String cookie, Map<String, String> form) {
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) ->
                body.append(name).append('=').append(URLEncoder.encode(value, UTF_8)).append('&'));
        return Requests.of("POST", target)
                .with("Content-Type", "application/x-www-form-urlencoded")
                .with("Cookie", "hearth_operator=" + cookie)
                .body(body.toString().getBytes(UTF_8));
    }

    String signIn(String name) throws Exception {
        return cookieOf(
                post(
                        "/operator/sign-in",
                        "brought-along",
                        Map.of("name", name, "password", PASSWORD)));
    }

    static String cookieOf(Response response) {
        assertThat(response.status()).isEqualTo(303);
        String cookie = response.headers().first("Set-Cookie").orElseThrow();
        return cookie.substring("hearth_operator=".length(), cookie.indexOf(';'));
    }

    String tokenOf(String cookie) throws Exception {
        Matcher matcher = TOKEN.matcher(Responses.text(get("/operator/health", cookie)));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    void add(String name, Role role) throws SQLException {
        operators.add(name, role, PASSWORD, Instant.now());
    }
}
