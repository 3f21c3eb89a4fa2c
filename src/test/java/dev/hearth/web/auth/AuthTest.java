package dev.hearth.web.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.http.Responses;
import dev.hearth.web.WiringException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthTest {
    private static final Handler WHO =
            request -> {
                Principal principal = Principal.required(request);
                return Response.text(principal.name() + principal.scopes());
            };

    private static Response through(Middleware layer, String authorization) throws Exception {
        return Errors.answer(
                layer.wrap(WHO),
                Requests.of("GET", "/").with("Authorization", authorization).request());
    }

    @Nested
    final class ApiKeysTest {
        private final ApiKeys.Issued issued = ApiKeys.issue("till", Set.of("orders"));
        private final ApiKeys layer =
                new ApiKeys(id ->
                        id.equals(issued.stored().id())
                                ? Optional.of(issued.stored())
                                : Optional.empty());

        @Test
        void the_owner_of_a_key_comes_in_with_its_scopes() throws Exception {
            assertThat(Responses.text(through(layer, "Bearer " + issued.key())))
                    .isEqualTo("till[orders]");
            assertThat(through(layer, "bearer  " + issued.key()).status()).isEqualTo(200);
        }

        @Test
        void anything_else_is_401_with_a_challenge() throws Exception {
            String key = issued.key();
            for (String wrong :
                    List.of(
                            "Bearer",
                            "Bearer ",
                            "Bearer x",
                            "Bearer hk_",
                            "Bearer hk__",
                            "Bearer " + key + "x",
                            "Bearer " + key.substring(0, key.length() - 1),
                            "Bearer hk_000000000000_" + key.substring(16),
                            "Basic " + key)) {
                Response response = through(layer, wrong);
                assertThat(response.status()).as(wrong).isEqualTo(401);
                assertThat(response.headers().first("WWW-Authenticate").orElseThrow())
                        .startsWith("Bearer");
            }
        }

        @Test
        void what_is_stored_and_printed_holds_no_secret() {
            assertThat(issued.stored().toString()).doesNotContain(issued.key());
            assertThat(issued.toString()).doesNotContain(issued.key().substring(16));
        }

        @Test
        void a_scope_that_the_key_lacks_is_403() throws Exception {
            Middleware both = next -> layer.wrap(Principal.requireScope("admin").wrap(next));
            assertThat(through(both, "Bearer " + issued.key()).status()).isEqualTo(403);
            Middleware has = next -> layer.wrap(Principal.requireScope("orders").wrap(next));
            assertThat(through(has, "Bearer " + issued.key()).status()).isEqualTo(200);
        }
    }

    @Test
    void a_layer_of_ones_own_says_who_it_is() throws Exception {
        Middleware own =
                next ->
                        request -> {
                            new Principal("Ada", Set.of("orders")).enter(request);
                            return next.handle(request);
                        };
        Middleware may = next -> own.wrap(Principal.requireScope("orders").wrap(next));
        Middleware mayNot = next -> own.wrap(Principal.requireScope("admin").wrap(next));

        assertThat(Responses.text(through(may, ""))).isEqualTo("Ada[orders]");
        assertThat(through(mayNot, "").status()).isEqualTo(403);
        assertThat(through(next -> next, "").status()).isEqualTo(401);
    }

    @Nested
    final class BasicLoginTest {
        private final BasicLogin layer =
                new BasicLogin(
                        "Bakery",
                        (user, password) ->
                                user.equals("Éva") && password.equals("a:b")
                                        ? Optional.of(new Principal(user, Set.of()))
                                        : Optional.empty());

        private static String basic(String pair) {
            return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
        }

        @Test
        void user_and_password_may_hold_anything_but_a_colon_in_the_user() throws Exception {
            assertThat(Responses.text(through(layer, basic("Éva:a:b")))).isEqualTo("Éva[]");
        }

        @ParameterizedTest
        @ValueSource(strings = {"Basic", "Basic !", "Basic Og", "Basic /w==", "Bearer Og=="})
        void what_is_no_login_is_asked_for_one(String sent) throws Exception {
            Response response = through(layer, sent);
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.headers().first("WWW-Authenticate"))
                    .contains("Basic realm=\"Bakery\", charset=\"UTF-8\"");
        }

        @Test
        void a_stored_password_is_recognised_and_another_is_not() {
            String hash = Passwords.hash("correct horse");
            assertThat(Passwords.matches("correct horse", hash)).isTrue();
            assertThat(Passwords.matches("correct horsf", hash)).isFalse();
            assertThat(Passwords.hash("correct horse")).isNotEqualTo(hash);
            assertThatIllegalArgumentException().isThrownBy(() -> Passwords.matches("x", "plain"));
        }
    }

    @Nested
    final class JwtLoginTest {
        @TempDir Path folder;
        private RSAKey key;
        private JwtLogin layer;

        @BeforeEach
        void prepare() throws Exception {
            key = new RSAKeyGenerator(2048).keyID("k1").generate();
            Path jwks =
                    Files.writeString(
                            folder.resolve("jwks.json"), new JWKSet(key.toPublicJWK()).toString());
            layer = JwtLogin.of(jwks, "RS256", "https://id.example", "shop");
        }

        private static JWTClaimsSet.Builder claims() {
            return new JWTClaimsSet.Builder()
                    .issuer("https://id.example")
                    .audience("shop")
                    .subject("ada")
                    .claim("scope", "read write")
                    .expirationTime(Date.from(Instant.now().plusSeconds(600)));
        }

        private String signed(JWTClaimsSet claims) throws Exception {
            SignedJWT token =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build(), claims);
            token.sign(new RSASSASigner(key));
            return "Bearer " + token.serialize();
        }

        @Test
        void a_good_token_comes_in_with_its_scopes() throws Exception {
            assertThat(Responses.text(through(layer, signed(claims().build()))))
                    .startsWith("ada[")
                    .contains("read", "write");
        }

        @Test
        void a_token_that_is_wrong_in_one_thing_is_401() throws Exception {
            Instant now = Instant.now();
            for (JWTClaimsSet.Builder wrong :
                    List.of(
                            claims().issuer("https://evil.example"),
                            claims().audience("other"),
                            claims().subject(null),
                            claims().expirationTime(null),
                            claims().expirationTime(Date.from(now.minusSeconds(600))),
                            claims().notBeforeTime(Date.from(now.plusSeconds(600))))) {
                assertThat(through(layer, signed(wrong.build())).status()).isEqualTo(401);
            }
        }

        @Test
        void the_algorithm_is_ours_to_choose() throws Exception {
            String none = new PlainJWT(claims().build()).serialize();
            SignedJWT mac =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(),
                            claims().build());
            mac.sign(new MACSigner(key.toPublicJWK().toString().getBytes(UTF_8)));
            SignedJWT other =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.RS512).keyID("k1").build(),
                            claims().build());
            other.sign(new RSASSASigner(key));
            for (String token : List.of(none, mac.serialize(), other.serialize(), "a.b.c", "")) {
                assertThat(through(layer, "Bearer " + token).status()).isEqualTo(401);
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JwtLogin.of(folder, "none", "i", "a"));
        }

        @Test
        void a_file_that_is_no_jwks_is_told_at_start() throws IOException {
            Path file = Files.writeString(folder.resolve("bad.json"), "{}");
            assertThat(
                            org.assertj.core.api.Assertions.catchThrowable(
                                    () -> JwtLogin.of(file, "RS256", "i", "a")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("bad.json");
        }
    }

    @Nested
    final class CookiesTest {
        private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
        private static final byte[] NEWER = "fedcba9876543210fedcba9876543210".getBytes(UTF_8);
        private static final Instant NOW = Instant.parse("2026-11-21T09:30:00Z");

        private static SignedCookies at(Instant time, byte[]... secrets) {
            return new SignedCookies(List.of(secrets), Clock.fixed(time, ZoneOffset.UTC));
        }

        private static String cookie(Response response) {
            String header = response.headers().first("Set-Cookie").orElseThrow();
            return header.substring(0, header.indexOf(';'));
        }

        private static Requests with(String cookie) {
            return Requests.of("GET", "/").with("Cookie", cookie);
        }

        private static String made() {
            return cookie(
                    at(NOW, SECRET)
                            .set(
                                    Response.text("x"),
                                    Requests.get("/"),
                                    "id",
                                    "Éva;",
                                    Duration.ofMinutes(5)));
        }

        @Test
        void what_was_set_is_read_until_its_time_ends() {
            String cookie = made();
            assertThat(at(NOW, SECRET).read(with(cookie).request(), "id")).contains("Éva;");
            assertThat(at(NOW.plusSeconds(299), SECRET).read(with(cookie).request(), "id"))
                    .isPresent();
            assertThat(at(NOW.plusSeconds(300), SECRET).read(with(cookie).request(), "id"))
                    .isEmpty();
        }

        @Test
        void an_old_secret_still_verifies_and_an_unknown_one_does_not() {
            assertThat(at(NOW, NEWER, SECRET).read(with(made()).request(), "id")).isPresent();
            assertThat(at(NOW, NEWER).read(with(made()).request(), "id")).isEmpty();
        }

        @Test
        void no_character_can_be_changed_nor_the_name() {
            String cookie = made();
            for (int i = 3; i < cookie.length(); i++) {
                char other = cookie.charAt(i) == 'A' ? 'B' : 'A';
                String forged = cookie.substring(0, i) + other + cookie.substring(i + 1);
                Optional<String> read = at(NOW, SECRET).read(with(forged).request(), "id");
                // the last character of base64 has spare bits: another text for the same signature
                if (i < cookie.length() - 1) {
                    assertThat(read).as("changed at %d", i).isEmpty();
                }
            }
            String renamed = "admin" + cookie.substring(2);
            assertThat(at(NOW, SECRET).read(with(renamed).request(), "admin")).isEmpty();
            for (String odd : List.of("id=", "id=..", "id=a.b.c", "id=a.1", "id=a.1.!")) {
                assertThat(at(NOW, SECRET).read(with(odd).request(), "id")).isEmpty();
            }
        }

        @Test
        void the_browser_is_told_to_keep_it_close() {
            Response response =
                    at(NOW, SECRET)
                            .set(
                                    Response.text("x"),
                                    Requests.get("/"),
                                    "id",
                                    "v",
                                    Duration.ofMinutes(5));
            assertThat(response.headers().first("Set-Cookie").orElseThrow())
                    .endsWith("; Path=/; Max-Age=300; HttpOnly; SameSite=Lax; Secure");
        }

        @Test
        void a_short_secret_or_a_long_value_is_refused() {
            assertThatIllegalArgumentException().isThrownBy(() -> at(NOW, new byte[31]));
            assertThatIllegalArgumentException().isThrownBy(() -> at(NOW));
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            at(NOW, SECRET)
                                    .set(
                                            Response.text("x"),
                                            Requests.get("/"),
                                            "id",
                                            "v".repeat(4_000),
                                            Duration.ofMinutes(5)));
        }

        @Test
        void a_session_goes_from_one_request_to_the_next() throws Exception {
            Sessions sessions = new Sessions(at(NOW, SECRET), Duration.ofMinutes(5));
            Handler counts =
                    sessions.wrap(request -> {
                        Sessions.Session session = Sessions.of(request);
                        String seen = session.get("seen & heard").orElse("");
                        if (request.path().equals("/out")) {
                            session.clear();
                        } else if (request.path().equals("/add")) {
                            session.put("seen & heard", seen + "é=");
                        }
                        return Response.text(seen);
                    });
            Response first = counts.handle(Requests.get("/add"));
            String cookie = cookie(first);
            Requests again = Requests.of("GET", "/look").with("Cookie", "a=b; " + cookie);
            Response second = counts.handle(again.request());
            assertThat(Responses.text(second)).isEqualTo("é=");
            assertThat(second.headers().contains("Set-Cookie")).isFalse();
            Response out =
                    counts.handle(Requests.of("GET", "/out").with("Cookie", cookie).request());
            assertThat(out.headers().first("Set-Cookie").orElseThrow())
                    .startsWith("session=; Path=/; Max-Age=0");
            assertThatIllegalStateException().isThrownBy(() -> Sessions.of(Requests.get("/")));
        }
    }

    @Nested
    final class SameOriginTest {
        private final Middleware layer = new SameOrigin("https://admin.shop.example");

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "POST   | -                          | -           | 200",
                    "POST   | -                          | same-origin | 200",
                    "POST   | -                          | none        | 200",
                    "POST   | -                          | same-site   | 403",
                    "POST   | -                          | cross-site  | 403",
                    "DELETE | -                          | cross-site  | 403",
                    "purge  | -                          | cross-site  | 403",
                    "GET    | -                          | cross-site  | 200",
                    "POST   | https://shop.example       | -           | 200",
                    "POST   | https://SHOP.example       | -           | 200",
                    "POST   | https://evil.example       | -           | 403",
                    "POST   | https://shop.example:81    | -           | 403",
                    "POST   | null                       | -           | 403",
                    "POST   | https://admin.shop.example | cross-site  | 200",
                    "POST   | https://shop.example       | cross-site  | 403",
                })
        void a_change_comes_from_this_site_or_not_at_all(
                String method, String origin, String site, int status) throws Exception {
            Requests request = Requests.of(method, "/");
            request = origin.equals("-") ? request : request.with("Origin", origin);
            request = site.equals("-") ? request : request.with("Sec-Fetch-Site", site);
            Handler ok = _ -> Response.text("ok");
            assertThat(Errors.answer(layer.wrap(ok), request.request()).status()).isEqualTo(status);
        }

        @Test
        void another_origin_may_be_named_in_capitals_but_not_with_a_path() throws Exception {
            Requests request =
                    Requests.of("POST", "/").with("Origin", "https://admin.shop.example");
            Middleware capitals = new SameOrigin("https://Admin.Shop.example");
            assertThat(
                            Errors.answer(
                                            capitals.wrap(_ -> Response.text("ok")),
                                            request.request())
                                    .status())
                    .isEqualTo(200);
            for (String wrong : List.of("https://admin.shop.example/", "admin.shop.example", "*")) {
                assertThatExceptionOfType(WiringException.class)
                        .isThrownBy(() -> new SameOrigin(wrong))
                        .withMessageContaining("\"" + wrong + "\"");
            }
        }
    }
}
