package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.DATA;
import static dev.hearth.fastcgi.FakeWebServer.PARAMS;
import static dev.hearth.fastcgi.FakeWebServer.STDIN;
import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.pairs;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FakeWebServer.Answer;
import dev.hearth.fastcgi.wire.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class RolesTest {
    private static final byte[] NOTHING = {};
    private static final FastCgiHandler RESPONDER_ONLY =
            new FastCgiHandler() {
                @Override
                public int handle(FastCgiRequest request) throws IOException {
                    return TestServer.hello(request);
                }

                @Override
                public boolean serves(Role role) {
                    return role == Role.RESPONDER;
                }
            };

    private static int tell(FastCgiRequest request) throws IOException {
        String form = new String(request.stdin().readAllBytes(), StandardCharsets.ISO_8859_1);
        String file = new String(request.data().readAllBytes(), StandardCharsets.ISO_8859_1);
        request.stdout()
                .writeLatin1("\r\n%s form=%s file=%s".formatted(request.role(), form, file));
        return 0;
    }

    private static Map<String, String> filterVariables(int form, int file) {
        Map<String, String> variables = variables("POST", "/", form);
        variables.put("FCGI_DATA_LENGTH", Integer.toString(file));
        variables.put("FCGI_DATA_LAST_MOD", "1234567890");
        return variables;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 255, 256, 257, 65_535})
    void an_unknown_role_is_refused(int role) throws IOException { // F27
        try (var server = TestServer.start(TestServer::hello);
                var nginx = server.connect()) {
            nginx.begin(1, role, 1);
            nginx.send(PARAMS, 1, pairs(variables("POST", "/", 3))).send(PARAMS, 1, NOTHING);
            nginx.send(STDIN, 1, "abc").send(STDIN, 1, NOTHING);
            Answer answer = nginx.answer(1);
            assertThat(answer.protocolStatus()).isEqualTo(3);
            assertThat(answer.appStatus()).isZero();
            assertThat(answer.stdoutBytes()).isEmpty();
            assertThat(nginx.isQuietAndUsable()).isTrue();
            assertThat(nginx.send(get(1, true, "/")).answer(1).stdout()).endsWith("Hello!");
        }
    }

    @Test
    void a_refusal_closes_a_connection_that_is_not_kept() throws IOException { // F26, F27
        try (var server = TestServer.start(TestServer::hello);
                var nginx = server.connect()) {
            nginx.begin(1, 9, 0);
            assertThat(nginx.answer(1).protocolStatus()).isEqualTo(3);
            assertThat(nginx.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void a_role_that_the_handler_does_not_serve_is_refused(int role)
            throws IOException { // F27, F38
        try (var server = TestServer.start(RESPONDER_ONLY);
                var nginx = server.connect()) {
            assertThat(nginx.begin(1, role, 1).answer(1).protocolStatus()).isEqualTo(3);
            assertThat(nginx.send(get(1, true, "/")).answer(1).stdout()).endsWith("Hello!");
        }
    }

    @Test
    void an_authorizer_needs_no_stdin_and_has_no_body() throws IOException { // F37, I13
        try (var server = TestServer.start(RolesTest::tell);
                var lighttpd = server.connect()) {
            lighttpd.begin(1, 2, 1).send(PARAMS, 1, pairs(Map.of("CONTENT_LENGTH", "1000")));
            assertThat(lighttpd.send(PARAMS, 1, NOTHING).answer(1).stdout())
                    .isEqualTo("\r\nAUTHORIZER form= file=");
            assertThat(lighttpd.send(STDIN, 1, NOTHING).isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void a_filter_reads_its_form_and_its_file() throws IOException { // F38
        try (var server = TestServer.start(RolesTest::tell);
                var zeus = server.connect()) {
            zeus.begin(1, 3, 1).send(PARAMS, 1, pairs(filterVariables(4, 6)));
            zeus.send(PARAMS, 1, NOTHING).send(STDIN, 1, "form").send(STDIN, 1, NOTHING);
            zeus.send(DATA, 1, "fi").send(DATA, 1, "lexyz-excess").send(DATA, 1, NOTHING);
            assertThat(zeus.answer(1).stdout()).isEqualTo("\r\nFILTER form=form file=filexy");
        }
    }

    @Test
    void a_filter_says_nothing_before_it_has_all_of_stdin() throws IOException { // F38
        try (var server = TestServer.start(TestServer::hello);
                var zeus = server.connect()) {
            zeus.begin(1, 3, 1).send(PARAMS, 1, pairs(filterVariables(0, 0)));
            zeus.send(PARAMS, 1, NOTHING);
            assertThat(zeus.isQuietAndUsable()).isTrue();
            assertThat(zeus.send(STDIN, 1, NOTHING).answer(1).stdout()).endsWith("Hello!");
        }
    }

    @Test
    void a_filter_whose_file_stops_short_fails() throws IOException { // F35, F38
        try (var server = TestServer.start(RolesTest::tell);
                var zeus = server.connect()) {
            zeus.begin(1, 3, 1).send(PARAMS, 1, pairs(filterVariables(0, 10)));
            zeus.send(PARAMS, 1, NOTHING).send(STDIN, 1, NOTHING);
            Answer answer = zeus.send(DATA, 1, "short").send(DATA, 1, NOTHING).answer(1);
            assertThat(answer.stdout()).startsWith("Status: 400 ");
            assertThat(answer.appStatus()).isNotZero();
        }
    }

    @Test
    void a_filter_whose_stdin_never_ends_gets_its_end_all_the_same()
            throws IOException { // F30, F38
        Limits limits = Limits.DEFAULT.with(changes -> changes.bodyTimeout = Duration.ofMillis(50));
        try (var server = TestServer.start(TestServer::hello, limits);
                var zeus = server.connect()) {
            zeus.begin(1, 3, 1).send(PARAMS, 1, pairs(filterVariables(0, 0)));
            Answer answer = zeus.send(PARAMS, 1, NOTHING).answer(1);
            assertThat(answer.appStatus()).isNotZero();
            assertThat(zeus.isQuietAndUsable()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "99999999999999999999"})
    void a_filter_with_a_malformed_length_is_refused(String length) throws IOException { // F38, C2
        Map<String, String> variables = filterVariables(0, 0);
        variables.put("FCGI_DATA_LENGTH", length);
        try (var server = TestServer.start(RolesTest::tell);
                var zeus = server.connect()) {
            zeus.begin(1, 3, 1).send(PARAMS, 1, pairs(variables)).send(PARAMS, 1, NOTHING);
            assertThat(zeus.answer(1).stdout()).startsWith("Status: 400 ");
        }
    }
}
