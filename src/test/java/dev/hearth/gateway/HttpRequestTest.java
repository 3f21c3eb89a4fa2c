package dev.hearth.gateway;

import static dev.hearth.gateway.LocalHttp.ECHO;
import static dev.hearth.gateway.LocalHttp.LIMITS;
import static dev.hearth.gateway.LocalHttp.start;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.AddressRange;
import dev.hearth.http.Handler;
import dev.hearth.http.Headers;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a handler sees of a request over HTTP, and what is refused before it sees any.
@Timeout(180)
final class HttpRequestTest {
    private static String describe(Request request) {
        return String.join(
                "|",
                request.method(),
                request.path(),
                request.rawQuery(),
                request.header("x-one").orElse("-"),
                request.headers().all("X-ONE").toString(),
                "" + request.contentLength(),
                request.remoteAddress(),
                request.scheme(),
                request.host(),
                request.protocol());
    }

    @Test
    void a_handler_sees_the_request_as_it_was_sent() throws Exception {
        try (HttpGateway gateway = start(request -> Response.text(describe(request)));
                RawHttp client = new RawHttp(gateway.port())) {
            client.request(
                    "GET /caf%C3%A9/%252e?a=%zz&b=c HTTP/1.1",
                    "Host: shop.example:81", "X-One: 1", "x-one: \u00e9", "Proxy: evil");
            String answer = client.response();
            assertThat(answer)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("Content-Type: text/plain; charset=utf-8\r\n")
                    .doesNotContain("Server:");
            String text =
                    new String(
                            answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1),
                            UTF_8);
            assertThat(text)
                    .isEqualTo(
                            "GET|/café/%2e|a=%zz&b=c|1|[1, é]|0|127.0.0.1|http|shop.example:81|HTTP/1.1");
        }
    }

    @Test
    void the_header_proxy_is_invisible() throws Exception { // C35
        try (HttpGateway gateway =
                        start(request ->
                                Response.text(
                                        request.header("proxy").orElse("none")
                                                + request.headers().names()));
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nProxy: evil\r\n\r\n");
            assertThat(client.response()).endsWith("none[host]");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/a/../b", "/%2e%2e/b", "//a", "/a%2fb", "/a%00", "/%ff", "/%zz", "/a%0ab"})
    void a_path_with_two_meanings_is_refused_as_a_problem(String path) throws Exception { // T22
        try (HttpGateway gateway = start(request -> Response.text(request.path()));
                RawHttp client = new RawHttp(gateway.port())) {
            String answer = client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").response();
            assertThat(answer)
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("urn:hearth:problem:bad-"); // Jetty refuses some itself
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n", // no Host
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\na",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nA B: c\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n",
                "GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n",
            })
    void a_malformed_request_is_refused_as_a_problem_without_a_stack_trace(String request)
            throws Exception {
        try (HttpGateway gateway = start(ECHO);
                RawHttp client = new RawHttp(gateway.port())) {
            assertThat(client.send(request).rest())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("application/problem+json")
                    .contains("urn:hearth:problem:bad-request")
                    .doesNotContain("Exception", "jetty");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/2.0", "HTTP/3.0"})
    void a_version_that_no_request_line_has_is_told_so(String version) throws Exception {
        try (HttpGateway gateway = start(ECHO);
                RawHttp client = new RawHttp(gateway.port())) {
            // Not 426, which must name what to upgrade to (RFC 9110 sections 15.5.22 and 15.6.6).
            assertThat(client.send("GET / " + version + "\r\nHost: h\r\n\r\n").rest())
                    .startsWith("HTTP/1.1 505 ")
                    .contains("urn:hearth:problem:http-version");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, gzip%2C chunked, 501", // RFC 9112 section 6.1
        "HTTP/1.0, chunked, 400",
        "HTTP/1.1, Chunked, 200",
    })
    void a_body_that_is_coded_otherwise_never_reaches_a_handler(
            String protocol, String coding, int status) throws Exception { // C17
        try (HttpGateway gateway = start(ECHO);
                RawHttp client = new RawHttp(gateway.port())) {
            client.request(
                    "POST / " + protocol,
                    "Host: h",
                    "Transfer-Encoding: " + coding.replace("%2C", ","));
            assertThat(client.send("1\r\nx\r\n0\r\n\r\n").head())
                    .startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void a_target_in_absolute_form_tells_the_host() throws Exception { // RFC 9112 section 3.2.2
        Handler host = request -> Response.text(request.host() + request.headers().all("Host"));
        try (HttpGateway gateway = start(host);
                RawHttp client = new RawHttp(gateway.port())) {
            client.request("GET http://shop.example:81/a HTTP/1.1", "Host: other.example");
            assertThat(client.response()).endsWith("shop.example:81[shop.example:81]");
            client.request("GET /a HTTP/1.1", "Host: Shop.example:80");
            assertThat(client.response()).endsWith("Shop.example:80[Shop.example:80]");
            client.request("GET /a HTTP/1.1", "Host: [::1]:8080");
            assertThat(client.response()).endsWith("[::1]:8080[[::1]:8080]");
            client.request("GET /a HTTP/1.1", "Host: a,b");
            assertThat(client.response()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void a_target_does_not_make_a_connection_secure() throws Exception {
        try (HttpGateway gateway = start(request -> Response.text(request.scheme()));
                RawHttp client = new RawHttp(gateway.port())) {
            client.request("GET https://shop.example/ HTTP/1.1", "Host: shop.example");
            assertThat(client.response()).endsWith("\r\n\r\nhttp");
        }
    }

    @Test
    void a_target_names_no_user() throws Exception { // RFC 9110 section 4.2.4
        try (HttpGateway gateway = start(ECHO);
                RawHttp client = new RawHttp(gateway.port())) {
            client.request("GET http://ada:secret@shop.example/ HTTP/1.1", "Host: shop.example");
            assertThat(client.response())
                    .startsWith("HTTP/1.1 400 ")
                    .doesNotContain("ada", "secret");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/caf\u00c3\u00a9", "/?name=caf\u00c3\u00a9"}) // as the bytes of UTF-8
    void a_target_that_is_not_ascii_is_told_what_it_lacks(String target) throws Exception {
        try (HttpGateway gateway = start(ECHO);
                RawHttp client = new RawHttp(gateway.port())) {
            assertThat(client.request("GET " + target + " HTTP/1.1", "Host: h").response())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("must be percent-encoded");
        }
    }

    @Test
    void a_target_has_no_fragment() throws Exception { // RFC 9112 section 3.2
        try (HttpGateway gateway = start(ECHO);
                RawHttp client = new RawHttp(gateway.port())) {
            assertThat(client.request("GET /a#b HTTP/1.1", "Host: h").response())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("bad-path");
        }
    }

    @Test
    void headers_beyond_the_limit_are_refused_with_431() throws Exception {
        try (HttpGateway gateway = start(ECHO);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nX: " + "a".repeat(20_000) + "\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void options_of_the_server_itself_is_answered() throws Exception {
        try (HttpGateway gateway = start(ECHO);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send("OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 204 ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.0/8             | 127.0.0.1 http h", // the peer is not trusted
                "127.0.0.1              | 203.0.113.9 https shop.example",
                "127.0.0.1,203.0.113.9  | 198.51.100.1 https shop.example",
                "127.0.0.0/8            | 203.0.113.9 https shop.example",
            })
    void proxy_headers_count_only_from_configured_addresses(String trusted, String seen)
            throws Exception {
        List<AddressRange> proxies =
                Arrays.stream(trusted.split(",")).map(AddressRange::parse).toList();
        Handler who =
                request ->
                        Response.text(
                                request.remoteAddress()
                                        + " "
                                        + request.scheme()
                                        + " "
                                        + request.host());
        try (HttpGateway gateway = start(who, LIMITS.withTrustedProxies(proxies));
                RawHttp client = new RawHttp(gateway.port())) {
            client.request(
                    "GET / HTTP/1.1",
                    "Host: h",
                    "X-Forwarded-For: 198.51.100.1, 203.0.113.9",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: shop.example");
            assertThat(client.response()).endsWith("\r\n\r\n" + seen);
        }
    }

    @Test
    void what_a_proxy_cannot_have_meant_is_not_believed() {
        Headers odd =
                Headers.of("X-Forwarded-For", "evil, unknown")
                        .with("X-Forwarded-Proto", "javascript")
                        .with("X-Forwarded-Host", "a b");
        assertThat(
                        Forwarding.of(
                                "127.0.0.1",
                                "http",
                                "h",
                                odd,
                                List.of(AddressRange.parse("127.0.0.1"))))
                .isEqualTo(new Forwarding("127.0.0.1", "http", "h"));
    }

    @Test
    void two_requests_in_one_segment_are_both_answered() throws Exception { // T7
        try (HttpGateway gateway = start(request -> Response.text(request.path()));
                RawHttp client = new RawHttp(gateway.port())) {
            String request = "GET /%s HTTP/1.1\r\nHost: h\r\n\r\n";
            client.send(request.formatted("one") + request.formatted("two"));
            assertThat(client.response()).endsWith("/one");
            assertThat(client.response()).endsWith("/two");
        }
    }
}
