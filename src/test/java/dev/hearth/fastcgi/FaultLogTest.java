package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.PARAMS;
import static dev.hearth.fastcgi.FakeWebServer.STDIN;
import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.pairs;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.testing.Await;
import dev.hearth.testing.LogOf;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class FaultLogTest {
    /// Reads its body, and fails where it is told to.
    private static final class Named implements FastCgiHandler {
        @Override
        public int handle(FastCgiRequest request) throws IOException {
            request.stdin().readAllBytes();
            if (request.params().getOrEmpty("SCRIPT_NAME").equals("/bug")) {
                throw new IllegalStateException("a bug");
            }
            return TestServer.hello(request);
        }

        @Override
        public String name(NameValuePairs params) {
            return params.getOrEmpty("REQUEST_METHOD") + " " + params.getOrEmpty("SCRIPT_NAME");
        }
    }

    private static List<String> linesOf(String name, LogOf log) {
        return log.lines().stream().filter(line -> line.contains(name)).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "-1, INFO POST /x (request 1 of a unix socket) was answered with 400: Content-Length must be digits only.",
        "9999999999, INFO POST /x (request 1 of a unix socket) was answered with 413: The body is longer than this server takes.",
        "7, INFO POST /x (request 1 of a unix socket) was answered with 400: The body is shorter than announced.",
    })
    void what_no_handler_answers_leaves_a_line(String length, String line) throws IOException {
        Map<String, String> variables = variables("POST", "/x?secret", 0);
        variables.put("CONTENT_LENGTH", length);
        try (LogOf log = LogOf.of(FastCgiServer.class);
                var server = TestServer.start(new Named());
                var nginx = server.connect()) {
            nginx.begin(1, true).send(PARAMS, 1, pairs(variables)).send(PARAMS, 1, "");
            nginx.send(STDIN, 1, "body").send(STDIN, 1, "");
            assertThat(nginx.answer(1).stdout()).startsWith("Status: 4");
            assertThat(linesOf("was answered", log)).containsExactly(line);
        }
    }

    @Test
    void a_role_that_is_not_served_leaves_a_line() throws IOException { // F27
        try (LogOf log = LogOf.of(FastCgiServer.class);
                var server = TestServer.start(TestServer::hello);
                var peer = server.connect()) {
            assertThat(peer.begin(7, 9, 1).answer(7).protocolStatus()).isEqualTo(3);
            assertThat(log.lines())
                    .containsExactly(
                            "INFO request 7 of a unix socket was refused with UNKNOWN_ROLE");
        }
    }

    @Test
    void a_bug_is_told_with_the_request_that_met_it() throws IOException { // T16
        try (LogOf log = LogOf.of(FastCgiServer.class);
                var server = TestServer.start(new Named());
                var nginx = server.connect()) {
            assertThat(nginx.send(get(1, true, "/bug?secret")).answer(1).appStatus()).isNotZero();
            assertThat(log.lines())
                    .containsExactly(
                            "ERROR the handler of GET /bug (request 1 of a unix socket) failed");
        }
    }

    @Test
    void a_peer_that_stops_inside_a_record_leaves_a_line() throws IOException { // T13
        Limits impatient =
                Limits.DEFAULT.with(limits -> limits.headerTimeout = Duration.ofMillis(100));
        try (LogOf log = LogOf.of(FastCgiServer.class);
                var server = TestServer.start(TestServer::hello, impatient);
                var peer = server.connect()) {
            peer.send(new byte[] {1, 1, 0});
            assertThat(peer.isClosedByServer()).isTrue();
            assertThat(log.lines())
                    .containsExactly(
                            "INFO closed the connection of a unix socket: stopped inside a record");
        }
    }

    @Test
    void a_peer_that_takes_nothing_leaves_a_line() throws Exception { // T14
        Limits impatient =
                Limits.DEFAULT.with(limits -> limits.writeTimeout = Duration.ofMillis(100));
        FastCgiHandler endless =
                request -> {
                    while (true) {
                        request.stdout().write(new byte[65_536]);
                    }
                };
        try (LogOf log = LogOf.of(FastCgiServer.class);
                var server = TestServer.start(endless, impatient);
                var peer = server.connect()) {
            peer.send(get(1, true, "/"));
            String line =
                    "INFO closed the connection of a unix socket: the peer took nothing for 100 ms";
            Await.until("it is told", () -> log.lines().equals(List.of(line)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "474554202f20485454502f312e310d0a, 71, HTTP", // GET / HTTP/1.1
        "1603010200010001, 22, TLS",
    })
    void another_protocol_is_named(String sent, int version, String protocol)
            throws IOException { // F9
        try (LogOf log = LogOf.of(FastCgiServer.class);
                var server = TestServer.start(TestServer::hello);
                var peer = server.connect()) {
            peer.send(HexFormat.of().parseHex(sent));
            assertThat(peer.isClosedByServer()).isTrue();
            assertThat(log.lines())
                    .containsExactly(
                            "WARN closed the connection of a unix socket: record of version %d, wanted 1; it looks like %s"
                                    .formatted(version, protocol));
        }
    }

    @Test
    void of_each_kind_one_line_is_told_in_a_while() {
        try (LogOf log = LogOf.of(FastCgiServer.class)) {
            FaultLog faults = new FaultLog();
            long start = Long.MAX_VALUE - 5; // the clock may pass its end
            faults.tell(Level.INFO, "a", () -> "a 1", start);
            faults.tell(Level.WARNING, "b", () -> "b 1", start + 1);
            faults.tell(Level.INFO, "a", () -> "a 2", start + 9_999_999_999L);
            faults.tell(Level.INFO, "a", () -> "a 3", start + 10_000_000_000L);
            faults.tell(Level.INFO, "a", () -> "a 4", start + 20_000_000_000L);
            assertThat(log.lines())
                    .containsExactly(
                            "INFO a 1",
                            "WARN b 1",
                            "INFO a 3 (1 more since the last such line)",
                            "INFO a 4");
        }
    }
}
