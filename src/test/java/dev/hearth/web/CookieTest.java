package dev.hearth.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CookieTest {
    private static final Request PLAIN = Requests.of("GET", "/").by("http").request();
    private static final Request HTTPS = Requests.of("GET", "/").request();

    private static String header(Cookie cookie, Request request) {
        return onlyHeader(cookie.set(Response.status(204), request));
    }

    private static String onlyHeader(Response response) {
        assertThat(response.headers().all("Set-Cookie")).hasSize(1);
        return response.headers().first("Set-Cookie").orElseThrow();
    }

    @Test
    void unless_told_otherwise_it_is_hidden_from_scripts_and_other_sites_and_secure_over_https() {
        Cookie theme = Cookie.of("theme", "dark");
        assertThat(header(theme, PLAIN)).isEqualTo("theme=dark; Path=/; HttpOnly; SameSite=Lax");
        assertThat(header(theme, HTTPS))
                .isEqualTo("theme=dark; Path=/; HttpOnly; SameSite=Lax; Secure");
    }

    @Test
    void each_attribute_can_be_chosen() {
        Cookie theme =
                Cookie.of("theme", "dark")
                        .lasting(Duration.ofDays(1))
                        .below("/shop")
                        .readableByScripts()
                        .secure()
                        .sameSite(Cookie.SameSite.STRICT);
        assertThat(header(theme, PLAIN))
                .isEqualTo("theme=dark; Path=/shop; Max-Age=86400; SameSite=Strict; Secure");
    }

    @Test
    void it_is_taken_away_where_it_was_set() {
        Cookie theme = Cookie.of("theme", "dark").below("/shop").lasting(Duration.ofDays(1));
        assertThat(onlyHeader(theme.remove(Response.status(204), PLAIN)))
                .isEqualTo("theme=; Path=/shop; Max-Age=0; HttpOnly; SameSite=Lax");
    }

    @ParameterizedTest
    @ValueSource(strings = {"__Host-id", "__Secure-id", "__host-id", "__SECURE-id"})
    void a_name_that_promises_https_keeps_its_promise(String name) {
        assertThat(header(Cookie.of(name, "1"), PLAIN)).endsWith("; Secure");
    }

    @Test
    void what_is_sent_along_with_other_sites_is_secure() {
        assertThat(header(Cookie.of("a", "1").sameSite(Cookie.SameSite.NONE), PLAIN))
                .endsWith("; SameSite=None; Secure");
    }

    @Test
    void a_name_that_promises_the_whole_site_takes_no_other_path() {
        assertThat(header(Cookie.of("__Host-id", "1").below("/"), PLAIN)).contains("; Path=/;");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.of("__Host-id", "1").below("/shop"))
                .withMessageContaining("__Host-id is for the whole site");
        assertThat(header(Cookie.of("__Secure-id", "1").below("/shop"), PLAIN))
                .contains("; Path=/shop;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "a;b", "ä", "a\r\nSet-Cookie: b"})
    void a_name_that_is_no_token_is_refused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.of(name, "1"))
                .withMessageContaining("a token");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, '\t', '\n', ' ', '"', ',', ';', '\\', 0x7f, 0xe4, 0x20ac})
    void a_value_that_browsers_would_cut_or_change_is_refused_and_not_told(int character) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.of("a", "hush" + (char) character))
                .withMessageContaining("U+%04X at 4".formatted(character))
                .withMessageNotContaining("hush");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "#+-:<[]~", "a=b=c", "%C3%A4", "eyJh.b-_"})
    void any_other_value_is_set_as_it_is(String value) {
        assertThat(header(Cookie.of("a", value), PLAIN)).startsWith("a=" + value + "; ");
    }

    @Test
    void name_and_value_fit_where_browsers_keep_them() {
        assertThat(header(Cookie.of("ab", "v".repeat(4_094)), PLAIN)).hasSizeGreaterThan(4_096);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.of("ab", "v".repeat(4_095)))
                .withMessage("the cookie ab would have 4097 bytes, at most 4096 fit");
    }

    @ParameterizedTest
    @CsvSource({"PT1S, 1", "PT1.9S, 1", "P400D, 34560000"})
    void its_time_is_in_whole_seconds(Duration time, String seconds) {
        assertThat(header(Cookie.of("a", "1").lasting(time), PLAIN))
                .contains("; Max-Age=" + seconds + ";");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.999S", "PT-1S"})
    void a_time_that_takes_it_away_at_once_is_refused(Duration time) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.of("a", "1").lasting(time))
                .withMessageContaining("for a second at least");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop", "/a;b", "/a b", "/ä", "/a\nb"})
    void a_path_that_browsers_would_not_take_is_refused(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of("a", "1").below(path));
    }

    @Test
    void a_path_is_as_long_as_browsers_take_it() {
        String longest = "/" + "p".repeat(1_023);
        assertThat(header(Cookie.of("a", "1").below(longest), PLAIN))
                .contains("; Path=" + longest + ";");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.of("a", "1").below(longest + "p"));
    }

    @Test
    void what_is_logged_holds_no_value() {
        assertThat(Cookie.of("a", "hush")).hasToString("Cookie[a]");
    }
}
