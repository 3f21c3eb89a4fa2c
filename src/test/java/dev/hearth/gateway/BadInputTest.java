package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Each kind of bad input, sent over a real connection to a whole site: a problem that says what to change, never a
/// 500, never a stack trace.
@Timeout(180)
final class BadInputTest {
    @TempDir static Path folder;
    private static HttpGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(folder.resolve("ten.txt"), "0123456789");
        gateway =
                HttpGateway.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        BadInputSite.of(folder),
                        HttpLimits.DEFAULT
                                .withBodyBytes(1 << 20)
                                .withTimes(Duration.ofSeconds(5), Duration.ofSeconds(5)));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String get(String target, String... headers) {
        return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + lines(headers);
    }

    private static String lines(String... headers) {
        return String.join("", java.util.Arrays.stream(headers).map(each -> each + "\r\n").toList())
                + "Connection: close\r\n\r\n";
    }

    private static String post(String target, String type, String body, String... headers) {
        return "POST "
                + target
                + " HTTP/1.1\r\nHost: h\r\nContent-Type: "
                + type
                + "\r\nContent-Length: "
                + body.length()
                + "\r\n"
                + lines(headers)
                + body;
    }

    static Arguments[] bad() {
        String form = "application/x-www-form-urlencoded";
        String json = "application/json";
        String multipart = "multipart/form-data; boundary=b";
        String part = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n";
        return new Arguments[] {
            Arguments.of("path that is not UTF-8", get("/u/%ff"), 400),
            Arguments.of("overlong UTF-8", get("/u/%c0%af"), 400),
            Arguments.of("overlong path", get("/u/" + "a".repeat(9_000)), 414),
            Arguments.of("path longer than all headers", get("/u/" + "a".repeat(100_000)), 414),
            Arguments.of("3,000 parameters", get("/search?" + "a=1&".repeat(3_000)), 400),
            Arguments.of("header of 1 MB", get("/u/1", "X: " + "a".repeat(1 << 20)), 431),
            Arguments.of("dot segments", get("/f/../ten.txt"), 400),
            Arguments.of("encoded dot segments", get("/f/%2e%2e/ten.txt"), 400),
            Arguments.of("encoded slash", get("/f/a%2fb"), 400),
            Arguments.of("NUL in the path", get("/f/a%00"), 400),
            Arguments.of("parameter of a wrong type", get("/u/x"), 400),
            Arguments.of("query of a wrong type", get("/search?page=x"), 400),
            Arguments.of("query badly encoded", get("/search?page=%zz"), 400),
            Arguments.of("missing parameter", get("/search"), 400),
            Arguments.of("range out of bounds", get("/f/ten.txt", "Range: bytes=10-"), 416),
            Arguments.of("malformed JSON", post("/json", json, "{\"cake\": "), 400),
            Arguments.of("JSON with errors", post("/json", json, "{\"cake\": 1}"), 422),
            Arguments.of("deep JSON", post("/json", json, "[".repeat(100_000)), 400),
            Arguments.of("JSON of another type", post("/json", "text/plain", "{}"), 415),
            Arguments.of(
                    "decompression bomb", post("/json", json, "x", "Content-Encoding: gzip"), 415),
            Arguments.of("form badly encoded", post("/form", form, "a=%f"), 400),
            Arguments.of(
                    "form with 10,000 fields", post("/form", form, "a=1&".repeat(10_000)), 400),
            Arguments.of("multipart without end", post("/upload", multipart, part + "text"), 400),
            Arguments.of(
                    "multipart without boundary",
                    post("/upload", "multipart/form-data", part),
                    400),
            Arguments.of(
                    "body over the limit", post("/form", form, "a".repeat((1 << 20) + 1)), 413),
            Arguments.of("method that is not there", get("/u/1").replace("GET", "BREW"), 405),
            Arguments.of("two lengths", post("/form", form, "a=1", "Content-Length: 4"), 400),
            Arguments.of("length that is no number", get("/u/1", "Content-Length: 1e3"), 400),
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void bad_input_is_told_what_to_change(String kind, String request, int status)
            throws IOException {
        try (RawHttp client = new RawHttp(gateway.port())) {
            String answer = client.send(request).response();
            assertThat(answer)
                    .as(kind)
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains(
                            "application/problem+json",
                            "\"type\":\"urn:hearth:problem:",
                            "\"detail\":\"")
                    .doesNotContain("Exception", "\tat ", "jetty");
        }
    }

    @Test
    void good_input_still_gets_its_answer() throws IOException {
        try (RawHttp client = new RawHttp(gateway.port())) {
            String body = "{\"cake\": \"Sacher\", \"quantity\": 2}";
            assertThat(client.send(post("/json", "application/json", body)).response())
                    .startsWith("HTTP/1.1 201 Created\r\n")
                    .contains("X-Request-Id: ")
                    .endsWith("{\"cake\":\"Sacher\",\"quantity\":2}");
        }
    }
}
