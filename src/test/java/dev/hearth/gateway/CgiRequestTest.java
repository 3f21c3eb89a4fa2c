package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.Headers;
import dev.hearth.http.RefusedException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CgiRequestTest {

    private static CgiVariables get() {
        return CgiVariables.get("/");
    }

    @Test
    void headers_are_what_stands_behind_HTTP() { // C14
        CgiRequest request = get().with("HTTP_X_REQUEST_ID", "A-1 b").request();
        assertThat(request.header("X-Request-Id")).contains("A-1 b");
        assertThat(request.header("x-request-ID")).contains("A-1 b");
        assertThat(request.headers().first("x-request-id")).contains("A-1 b");
        assertThat(request.headers().name(0)).isEqualTo("X-Request-Id");
    }

    @Test
    void a_usual_header_and_an_unusual_one_are_named_alike() {
        CgiRequest request =
                get().with("HTTP_STRIPE_SIGNATURE", "t=1")
                        .with("HTTP_STRIPE_ACCOUNT", "a")
                        .with("REMOTE_PORT", "1")
                        .request();
        assertThat(request.headers().size()).isEqualTo(2);
        assertThat(request.headers().name(0)).isEqualTo("Stripe-Signature");
        assertThat(request.headers().name(1)).isEqualTo("Stripe-Account");
    }

    @Test
    void a_missing_and_an_empty_variable_are_the_same() { // C1
        CgiRequest request =
                get().with("HTTP_COOKIE", "").with("CONTENT_TYPE", "").with("HTTPS", "").request();
        assertThat(request.header("Cookie")).isEmpty();
        assertThat(request.header("Content-Type")).isEmpty();
        assertThat(request.headers().size()).isZero();
        assertThat(request.scheme()).isEqualTo("http");
        assertThat(request.rawQuery()).isEmpty();
        assertThat(request.remoteAddress()).isEmpty();
        assertThat(request.user()).isEmpty();
    }

    @Test
    void names_of_variables_compare_without_case_and_values_with() { // C1
        CgiRequest request =
                new CgiVariables()
                        .with("request_method", "get")
                        .with("Script_Name", "/A")
                        .with("http_x_lower", "v")
                        .request();
        assertThat(request.method()).isEqualTo("get"); // C10: not GET
        assertThat(request.path()).isEqualTo("/A");
        assertThat(request.header("X-Lower")).contains("v");
        assertThat(request.headers().first("X-Lower")).contains("v");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP_CONTENT_TYPE", "http_content_type"})
    void the_content_headers_come_from_the_content_variables(String other) { // C3, C15, I6
        CgiRequest request =
                get().with(other, "text/evil")
                        .with("CONTENT_TYPE", "text/plain")
                        .with("HTTP_CONTENT_LENGTH", "99")
                        .with("CONTENT_LENGTH", "3")
                        .request();
        assertThat(request.header("Content-Type")).contains("text/plain");
        assertThat(request.header("Content-Length")).contains("3");
        Headers headers = request.headers();
        assertThat(headers.all("Content-Type")).containsExactly("text/plain");
        assertThat(headers.all("Content-Length")).containsExactly("3");
        CgiRequest without =
                get().with(other, "text/evil").with("HTTP_CONTENT_LENGTH", "9").request();
        assertThat(without.header("Content-Type")).isEmpty();
        assertThat(without.header("Content-Length")).isEmpty();
        assertThat(without.headers().size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP_PROXY", "http_proxy", "Http_Proxy"})
    void a_proxy_named_by_a_client_is_not_seen(String name) { // C35
        CgiRequest request = get().with(name, "http://evil").request();
        assertThat(request.header("Proxy")).isEmpty();
        assertThat(request.headers().size()).isZero();
        assertThat(request.variables()).doesNotContainKey(name).containsKey("SCRIPT_NAME");
    }

    @Test
    void the_coding_of_the_transfer_is_the_front_servers_business() { // C17
        CgiRequest request = get().with("HTTP_TRANSFER_ENCODING", "chunked").request();
        assertThat(request.header("Transfer-Encoding")).isEmpty();
        assertThat(request.headers().size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"HTTP_, ''", "HTTP__, -", "HTTP_A__B, A--B", "HTTP_A_, A-", "HTTP__A, -A"})
    void odd_names_do_no_harm(String variable, String header) { // C14
        CgiRequest request = get().with(variable, "v").request();
        if (header.isEmpty()) {
            assertThat(request.headers().size()).isZero();
        } else {
            assertThat(request.headers().first(header)).contains("v");
            assertThat(request.header(header)).contains("v");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP_A-B", "HTTP_A.B", "HTTP_A B", "HTTP_\u00e9", "HTTP_A\r\nX", "HTTP_A:"})
    void names_with_other_characters_are_no_headers(String variable) { // C28, C36
        CgiRequest request = get().with(variable, "v").request();
        assertThat(request.headers().size()).isZero();
        assertThat(request.header(variable.substring(5))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"HTTP_X_ID, HTTP_X_ID", "HTTP_X_ID, HTTP_x_id", "http_x_id, HTTP_X_ID"})
    void of_two_variables_that_are_one_header_the_first_counts_and_both_are_seen(
            String first, String second) { // C36, F21
        CgiRequest request = get().with(first, "1").with(second, "2").request();
        assertThat(request.header("X-Id")).contains("1");
        assertThat(request.headers().all("X-Id")).containsExactly("1", "2");
    }

    @Test
    void of_a_setting_sent_twice_the_last_counts() { // F21, I6
        CgiRequest request =
                get().with("REMOTE_ADDR", "a").with("REMOTE_ADDR", "192.0.2.1").request();
        assertThat(request.remoteAddress()).isEqualTo("192.0.2.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSet-Cookie: x", "a\nb", "a\u001bb", "a\u007f"})
    void a_value_with_a_control_character_is_refused(String value) { // C28, T20
        CgiRequest request = get().with("HTTP_X", value).request();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(request::headers)
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATCH", "PURGE", "get", "M-SEARCH"})
    void any_method_is_told_as_it_came(String method) { // C10
        assertThat(
                        new CgiVariables()
                                .with("REQUEST_METHOD", method)
                                .with("SCRIPT_NAME", "/")
                                .request()
                                .method())
                .isEqualTo(method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-"})
    void a_request_without_a_method_is_refused(String name) { // C10
        CgiRequest request =
                new CgiVariables()
                        .with("REQUEST_METHOD" + name, "")
                        .with("SCRIPT_NAME", "/")
                        .request();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(request::method)
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a=b&c", "%", "%zz", "+", "a=1&a=2", "-s", "-d+allow_url_include=1", "%ADd"})
    void the_query_is_told_as_it_came(String query) { // C8, C21
        assertThat(get().with("QUERY_STRING", query).request().rawQuery()).isEqualTo(query);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPS, on, https",
        "HTTPS, ON, https",
        "HTTPS, 1, https",
        "HTTPS, off, http",
        "REQUEST_SCHEME, https, https",
        "REQUEST_SCHEME, http, http",
        "OTHER, on, http"
    })
    void the_scheme_is_what_the_front_server_says(String name, String value, String scheme) {
        assertThat(get().with(name, value).request().scheme()).isEqualTo(scheme);
    }

    @ParameterizedTest
    @CsvSource({
        "example.test:8080, example.test, 80,   http,  example.test:8080",
        "'',                example.test, 80,   http,  example.test",
        "'',                example.test, 8080, http,  example.test:8080",
        "'',                example.test, 443,  https, example.test",
        "'',                2001:db8::1,  80,   http,  [2001:db8::1]",
        "'',                [2001:db8::1], 81,  http,  [2001:db8::1]:81",
        "'',                '',           80,   http,  ''",
    })
    void the_host_is_the_clients_or_else_the_servers(
            String host, String name, String port, String scheme, String expected) { // C12
        assertThat(
                        get().with("HTTP_HOST", host)
                                .with("SERVER_NAME", name)
                                .with("SERVER_PORT", port)
                                .with("REQUEST_SCHEME", scheme)
                                .request()
                                .host())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.0, HTTP/1.0",
        "HTTP/1.1, HTTP/1.1",
        "HTTP/2.0, HTTP/2.0",
        "HTTP/3.0, HTTP/3.0",
        "INCLUDED, HTTP/1.0",
        "'', HTTP/1.0"
    })
    void every_protocol_is_accepted(String sent, String told) { // C13
        assertThat(get().with("SERVER_PROTOCOL", sent).request().protocol()).isEqualTo(told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "unix:", "no.such.host.invalid"})
    void the_clients_address_is_told_and_never_resolved(String address) { // C9
        CgiRequest request =
                get().with("REMOTE_ADDR", address).with("REMOTE_HOST", "host.example").request();
        assertThat(request.remoteAddress()).isEqualTo(address);
    }

    @Test
    void the_user_is_whom_the_front_server_authenticated() { // C9
        assertThat(get().with("REMOTE_USER", "ann").request().user()).contains("ann");
        assertThat(get().with("HTTP_REMOTE_USER", "eve").request().user()).isEmpty();
    }

    @Test
    void no_variable_changes_this_process() { // T21, C35
        Map<String, String> environment = new HashMap<>(System.getenv());
        Map<Object, Object> properties = new HashMap<>(System.getProperties());
        CgiRequest request =
                get().with("HTTP_PROXY", "http://evil")
                        .with("http.proxyHost", "evil")
                        .with("PHP_VALUE", "auto_prepend_file=/etc/passwd")
                        .with("HEARTH_DATA", "/evil")
                        .request();
        request.headers();
        request.variables();
        assertThat(System.getenv()).isEqualTo(environment);
        assertThat(System.getProperties()).containsExactlyInAnyOrderEntriesOf(properties);
    }
}
