package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.DATA;
import static dev.hearth.fastcgi.FakeWebServer.END;
import static dev.hearth.fastcgi.FakeWebServer.PARAMS;
import static dev.hearth.fastcgi.FakeWebServer.STDERR;
import static dev.hearth.fastcgi.FakeWebServer.STDIN;
import static dev.hearth.fastcgi.FakeWebServer.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FakeWebServer.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The message flows of FastCGI 1.0, Appendix B.
@Timeout(180)
class SpecificationExamplesTest {
    private static final String PAGE = "Content-type: text/html\r\n\r\n<html>\n<head> ... ";

    private static String said(Received record) {
        return switch (record.type()) {
            case STDOUT -> "STDOUT %d \"%s\"".formatted(record.id(), record.text());
            case STDERR -> "STDERR %d \"%s\"".formatted(record.id(), record.text());
            case END ->
                    "END_REQUEST %d {%d, %d}"
                            .formatted(record.id(), record.appStatus(), record.protocolStatus());
            default -> "a record of type " + record.type();
        };
    }

    private static List<String> conversation(FastCgiHandler handler, Said web, int lastId)
            throws IOException {
        try (var server = TestServer.start(handler);
                var nginx = server.connect()) {
            web.say(nginx);
            return nginx.recordsOf(lastId).stream().map(SpecificationExamplesTest::said).toList();
        }
    }

    private interface Said {
        void say(FakeWebServer web) throws IOException;
    }

    private static int page(FastCgiRequest request) throws IOException {
        assertThat(request.params().get("SERVER_PORT")).contains("80");
        assertThat(request.params().get("SERVER_ADDR")).contains("199.170.183.42");
        request.stdout().writeLatin1(PAGE);
        return 0;
    }

    @Test
    void a_simple_request_without_data_on_stdin() throws IOException { // App.B 1
        assertThat(
                        conversation(
                                SpecificationExamplesTest::page,
                                web -> {
                                    web.begin(1, 1, 0);
                                    web.send(
                                            PARAMS,
                                            1,
                                            "\013\002SERVER_PORT80\013\016SERVER_ADDR199.170.183.42");
                                    web.send(PARAMS, 1, "").send(STDIN, 1, "");
                                },
                                1))
                .containsExactly(
                        "STDOUT 1 \"" + PAGE + "\"", "STDOUT 1 \"\"", "END_REQUEST 1 {0, 0}");
    }

    @Test
    void data_on_stdin_and_a_pair_over_two_records() throws IOException { // App.B 2, F20
        FastCgiHandler handler =
                request -> {
                    byte[] form = request.stdin().readAllBytes();
                    assertThat(new String(form, StandardCharsets.US_ASCII))
                            .isEqualTo("quantity=100&item=3047936");
                    return page(request);
                };
        assertThat(
                        conversation(
                                handler,
                                web -> {
                                    web.begin(1, 1, 0);
                                    web.send(PARAMS, 1, "\013\002SERVER_PORT80\013\016SER");
                                    web.send(PARAMS, 1, "VER_ADDR199.170.183.42");
                                    web.send(PARAMS, 1, "")
                                            .send(STDIN, 1, "quantity=100&item=3047936");
                                    web.send(STDIN, 1, "");
                                },
                                1))
                .containsExactly(
                        "STDOUT 1 \"" + PAGE + "\"", "STDOUT 1 \"\"", "END_REQUEST 1 {0, 0}");
    }

    @Test
    void an_error_is_reported_and_the_page_sent_in_parts() throws IOException { // App.B 3, F32, F36
        FastCgiHandler handler =
                request -> {
                    request.stdout().writeLatin1("Content-type: text/html\r\n\r\n<ht");
                    request.stdout().flush();
                    request.stderr()
                            .write(
                                    "config error: missing SI_UID\n"
                                            .getBytes(StandardCharsets.US_ASCII));
                    request.stdout().writeLatin1("ml>\n<head> ... ");
                    return 938;
                };
        assertThat(
                        conversation(
                                handler,
                                web -> {
                                    web.begin(1, 1, 0);
                                    web.send(
                                            PARAMS,
                                            1,
                                            "\013\002SERVER_PORT80\013\016SERVER_ADDR199.170.183.42");
                                    web.send(PARAMS, 1, "").send(STDIN, 1, "");
                                },
                                1))
                .containsExactly(
                        "STDOUT 1 \"Content-type: text/html\r\n\r\n<ht\"",
                        "STDERR 1 \"config error: missing SI_UID\n\"",
                        "STDOUT 1 \"ml>\n<head> ... \"",
                        "STDERR 1 \"\"",
                        "STDOUT 1 \"\"",
                        "END_REQUEST 1 {938, 0}");
    }

    @Test
    void two_requests_on_one_connection_the_second_ends_first() throws IOException { // App.B 4, F28
        FastCgiHandler handler =
                request -> {
                    if (request.id() == 1) {
                        request.stdin().readAllBytes();
                    }
                    return page(request);
                };
        try (var server = TestServer.start(handler);
                var web = server.connect()) {
            web.begin(1, true);
            web.send(PARAMS, 1, "\013\002SERVER_PORT80\013\016SERVER_ADDR199.170.183.42");
            web.send(PARAMS, 1, "").begin(2, true);
            web.send(PARAMS, 2, "\013\002SERVER_PORT80\013\016SERVER_ADDR199.170.183.42");
            web.send(PARAMS, 2, "").send(STDIN, 2, "");
            assertThat(web.recordsOf(2).stream().map(SpecificationExamplesTest::said))
                    .containsExactly(
                            "STDOUT 2 \"" + PAGE + "\"", "STDOUT 2 \"\"", "END_REQUEST 2 {0, 0}");
            web.send(STDIN, 1, "");
            assertThat(web.recordsOf(1).stream().map(SpecificationExamplesTest::said))
                    .containsExactly(
                            "STDOUT 1 \"" + PAGE + "\"", "STDOUT 1 \"\"", "END_REQUEST 1 {0, 0}");
        }
    }

    @Test
    void a_filter_gets_its_streams_one_after_the_other() throws IOException { // section 6.4, F38
        FastCgiHandler handler =
                request -> {
                    request.stdin().transferTo(request.stdout());
                    request.data().transferTo(request.stdout());
                    return 0;
                };
        assertThat(
                        conversation(
                                handler,
                                web -> {
                                    web.begin(1, 3, 0);
                                    web.send(
                                            PARAMS,
                                            1,
                                            "\016\001CONTENT_LENGTH2\020\001FCGI_DATA_LENGTH3");
                                    web.send(PARAMS, 1, "")
                                            .send(STDIN, 1, "\r\n")
                                            .send(STDIN, 1, "");
                                    web.send(DATA, 1, "abc").send(DATA, 1, "");
                                },
                                1))
                .containsExactly("STDOUT 1 \"\r\nabc\"", "STDOUT 1 \"\"", "END_REQUEST 1 {0, 0}");
    }
}
