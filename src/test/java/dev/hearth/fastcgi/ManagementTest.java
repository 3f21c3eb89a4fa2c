package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.GET_VALUES;
import static dev.hearth.fastcgi.FakeWebServer.GET_VALUES_RESULT;
import static dev.hearth.fastcgi.FakeWebServer.PARAMS;
import static dev.hearth.fastcgi.FakeWebServer.STDIN;
import static dev.hearth.fastcgi.FakeWebServer.UNKNOWN_TYPE;
import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.pairs;
import static dev.hearth.fastcgi.FakeWebServer.record;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FakeWebServer.Received;
import dev.hearth.fastcgi.wire.NameValuePairs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class ManagementTest {
    private static final Map<String, String> ALL = new LinkedHashMap<>();

    static {
        ALL.put("FCGI_MAX_CONNS", "");
        ALL.put("FCGI_MAX_REQS", "");
        ALL.put("FCGI_MPXS_CONNS", "");
    }

    private static Map<String, String> values(Received result) throws IOException {
        assertThat(result.type()).isEqualTo(GET_VALUES_RESULT);
        assertThat(result.id()).isZero();
        byte[] content = result.content();
        return NameValuePairs.decode(content, content.length, 100).toMap();
    }

    @ParameterizedTest
    @CsvSource({"10, 3, true, 1", "20000, 1, false, 0"})
    void tells_the_values_that_it_was_configured_with(
            int connections, int requests, boolean multiplexing, String told)
            throws IOException { // F22, F23, I11
        Limits limits =
                Limits.DEFAULT.with(changes -> {
                    changes.connections = connections;
                    changes.requestsAtOnce = requests;
                    changes.multiplexing = multiplexing;
                });
        try (var server = TestServer.start(TestServer::hello, limits);
                var haproxy = server.connect()) {
            assertThat(values(haproxy.send(GET_VALUES, 0, pairs(ALL)).next()))
                    .containsOnly(
                            Map.entry("FCGI_MAX_CONNS", Integer.toString(connections)),
                            Map.entry("FCGI_MAX_REQS", Integer.toString(requests)),
                            Map.entry("FCGI_MPXS_CONNS", told));
        }
    }

    @Test
    void answers_before_between_and_inside_requests() throws IOException { // F22
        try (var server = TestServer.start(TestServer::echo);
                var haproxy = server.connect()) {
            assertThat(haproxy.isQuietAndUsable()).isTrue();
            haproxy.begin(1, true);
            assertThat(haproxy.isQuietAndUsable()).isTrue();
            haproxy.send(PARAMS, 1, pairs(variables("POST", "/", 4)));
            assertThat(haproxy.isQuietAndUsable()).isTrue();
            haproxy.send(PARAMS, 1, new byte[0]).send(STDIN, 1, "ab");
            assertThat(haproxy.isQuietAndUsable()).isTrue();
            haproxy.send(STDIN, 1, "cd").send(STDIN, 1, new byte[0]);
            assertThat(haproxy.answer(1).stdout()).endsWith("abcd");
            assertThat(haproxy.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void leaves_out_names_that_it_does_not_know() throws IOException { // F22
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("FCGI_NO_SUCH", "");
        asked.put("FCGI_MAX_REQS", "17"); // a value in a question means nothing
        asked.put("", "");
        asked.put("fcgi_max_conns", "");
        try (var server = TestServer.start(TestServer::hello);
                var haproxy = server.connect()) {
            assertThat(values(haproxy.send(GET_VALUES, 0, pairs(asked)).next()))
                    .containsOnly(Map.entry("FCGI_MAX_REQS", "256"));
            assertThat(values(haproxy.send(GET_VALUES, 0, new byte[0]).next())).isEmpty();
            assertThat(haproxy.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void a_name_that_no_variable_can_have_is_one_that_it_does_not_know() throws IOException { // F22
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("\0\u00ff", "\0");
        asked.put("FCGI_MAX_REQS", "");
        try (var server = TestServer.start(TestServer::hello);
                var haproxy = server.connect()) {
            assertThat(values(haproxy.send(GET_VALUES, 0, pairs(asked)).next()))
                    .containsOnlyKeys("FCGI_MAX_REQS");
            assertThat(haproxy.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void a_name_asked_a_thousand_times_is_told_once() throws IOException { // F22
        ByteArrayOutputStream asked = new ByteArrayOutputStream();
        for (int i = 0; i < 1_000; i++) {
            asked.writeBytes(pairs(ALL));
        }
        try (var server = TestServer.start(TestServer::hello);
                var haproxy = server.connect()) {
            Received result = haproxy.send(record(GET_VALUES, 0, asked.toByteArray(), 255)).next();
            assertThat(result.content()).hasSizeLessThan(100);
            assertThat(values(result)).hasSize(3);
            assertThat(haproxy.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void pairs_that_are_cut_short_close_the_connection() throws IOException { // F18, F22
        try (var server = TestServer.start(TestServer::hello);
                var haproxy = server.connect()) {
            haproxy.send(GET_VALUES, 0, new byte[] {14, 0, 'F'});
            assertThat(haproxy.recordsUntilClosed()).isEmpty();
        }
    }

    @Test
    void is_silent_to_questions_of_a_request() throws IOException { // F14
        try (var server = TestServer.start(TestServer::hello);
                var haproxy = server.connect()) {
            haproxy.send(GET_VALUES, 1, pairs(ALL)).send(77, 1, "x");
            assertThat(haproxy.isQuietAndUsable()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 12, 42, 255})
    void names_a_type_that_it_does_not_know(int type) throws IOException { // F24
        try (var server = TestServer.start(TestServer::hello);
                var haproxy = server.connect()) {
            Received answer = haproxy.send(record(type, 0, new byte[1_000], 255)).next();
            assertThat(answer.type()).isEqualTo(UNKNOWN_TYPE);
            assertThat(answer.id()).isZero();
            assertThat(answer.content()).isEqualTo(new byte[] {(byte) type, 0, 0, 0, 0, 0, 0, 0});
            assertThat(haproxy.send(get(1, true, "/")).answer(1).stdout()).endsWith("Hello!");
        }
    }

    @Test
    void a_peer_that_asks_and_never_listens_is_cut() throws IOException { // F22
        byte[] question = record(77, 0, new byte[0], 0);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int i = 0; i < 8_000; i++) {
            many.writeBytes(question);
        }
        try (var server = TestServer.start(TestServer::hello);
                var flood = server.connect()) {
            try {
                for (int i = 0; i < 1_000; i++) {
                    flood.send(many.toByteArray());
                }
                throw new AssertionError("8 million questions were taken without an answer read");
            } catch (IOException cut) {
                assertThat(cut).isNotNull();
            }
        }
    }
}
