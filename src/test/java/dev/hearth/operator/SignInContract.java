package dev.hearth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.Handler;
import dev.hearth.http.Headers;
import dev.hearth.http.Request;
import dev.hearth.http.RequestSource;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.http.Responses;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who gets in and for how long, on one kind of database.
abstract class SignInContract extends OperatorSiteFixture {
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
