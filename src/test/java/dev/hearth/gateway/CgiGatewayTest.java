package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Body;
import dev.hearth.http.Handler;
import dev.hearth.http.Response;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CgiGatewayTest {
    private static final Handler ECHO =
            request -> Response.bytes(200, "text/plain", request.bytes(1_000));

    private static Map<String, String> environment(String method, String path, String length) {
        Map<String, String> environment = new HashMap<>();
        environment.put("GATEWAY_INTERFACE", "CGI/1.1");
        environment.put("REQUEST_METHOD", method);
        environment.put("SCRIPT_NAME", "/cgi-bin/hearth.cgi");
        environment.put("PATH_INFO", path);
        environment.put("CONTENT_LENGTH", length);
        return environment;
    }

    private static String serve(Handler handler, Map<String, String> environment, String body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CgiGateway.serve(handler, environment, bytes(body), out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void answers_with_a_status_line_and_a_body() { // C22, C24
        String answer =
                serve(
                        request -> Response.text("at " + request.path()),
                        environment("GET", "/hello", ""),
                        "");
        assertThat(answer)
                .isEqualTo(
                        "Status: 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
                                + "Content-Length: 9\r\n\r\nat /hello");
    }

    @Test
    void reads_no_more_than_the_announced_body() throws IOException { // C16
        InputStream in = bytes("abcdef");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CgiGateway.serve(ECHO, environment("POST", "/", "3"), in, out);
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("\r\n\r\nabc");
        assertThat(in.readAllBytes()).asString().isEqualTo("def");
    }

    @Test
    void takes_a_body_that_nobody_reads_before_it_answers() throws IOException {
        InputStream in = bytes("abcdef");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Handler refuses = request -> Response.status(401);
        CgiGateway.serve(refuses, environment("POST", "/", "5"), in, out);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Status: 401 ");
        assertThat(in.readAllBytes()).asString().isEqualTo("f");
    }

    @Test
    void a_body_that_nobody_reads_may_be_cut() {
        assertThat(serve(request -> Response.status(401), environment("POST", "/", "7"), "abc"))
                .startsWith("Status: 401 ");
    }

    @Test
    void takes_a_cut_body_for_an_error() { // F35
        assertThat(serve(ECHO, environment("POST", "/", "7"), "abcdef"))
                .startsWith("Status: 400 Bad Request\r\n")
                .contains("content-cut");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "+5", " 5", "0x10", "1e3", "99999999999999999999"})
    void refuses_a_length_that_is_none(String length) { // C2
        assertThat(serve(ECHO, environment("POST", "/", length), "abc"))
                .startsWith("Status: 400 Bad Request\r\n");
    }

    @Test
    void reads_nothing_where_no_length_tells_of_a_body() throws IOException { // C16
        InputStream in = bytes("abcdef"); // of the next request, or of a server that never ends it
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Handler handler =
                request ->
                        Response.text(request.contentLength() + " " + request.bytes(1_000).length);
        CgiGateway.serve(handler, environment("POST", "/", ""), in, out);
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("\r\n\r\n0 0");
        assertThat(in.readAllBytes()).asString().isEqualTo("abcdef");
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1, chunked", "HTTP/2.0, ''", "HTTP/3.0, ''"})
    void reads_a_body_to_its_end_that_the_server_cannot_measure(String protocol, String coding) {
        Map<String, String> environment = environment("POST", "/", "");
        environment.put("SERVER_PROTOCOL", protocol);
        environment.put("HTTP_TRANSFER_ENCODING", coding);
        assertThat(serve(ECHO, environment, "abcdef")).endsWith("\r\n\r\nabcdef"); // C2
    }

    @ParameterizedTest
    @ValueSource(strings = {"6", ""})
    void refuses_a_body_beyond_the_limit(String length) { // C34
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, String> environment = environment("POST", "/", length);
        environment.put("HTTP_TRANSFER_ENCODING", length.isEmpty() ? "chunked" : "");
        CgiGateway.serve(ECHO, 5, List.of(), environment, bytes("abcdef"), out);
        assertThat(out.toString(StandardCharsets.ISO_8859_1))
                .startsWith("Status: 413 Content Too Large\r\n")
                .contains("content-too-large");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void takes_variables_up_to_the_limit(int beyond) { // C34
        Map<String, String> environment = environment("GET", "/", "");
        int others =
                environment.entrySet().stream()
                        .mapToInt(each -> each.getKey().length() + each.getValue().length())
                        .sum();
        int length = CgiGateway.VARIABLES_CHARACTERS - others - "HTTP_X".length() + beyond;
        environment.put("HTTP_X", "x".repeat(length));
        assertThat(serve(ECHO, environment, ""))
                .startsWith(beyond == 0 ? "Status: 200 OK\r\n" : "Status: 431 Request Header");
    }

    @Test
    void answers_with_500_where_the_writer_of_a_body_fails_before_any_of_it_has_left() { // C22, T16
        Handler bug =
                _ ->
                        Response.stream(
                                "text/plain",
                                out -> {
                                    out.write('a');
                                    throw new IllegalStateException("logged");
                                });
        assertThat(serve(bug, environment("GET", "/", ""), ""))
                .startsWith("Status: 500 Internal Server Error\r\n")
                .contains("internal-error")
                .doesNotContain("Status: 200", "logged");
        Handler tooShort =
                _ -> Response.text("").withBody(new Body.Stream(out -> out.write('a'), 2));
        assertThat(serve(tooShort, environment("GET", "/", ""), ""))
                .startsWith("Status: 500 Internal Server Error\r\n");
    }

    @Test
    void adds_nothing_to_a_response_that_has_begun() { // T16
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Handler bug =
                _ ->
                        Response.stream(
                                "text/plain",
                                body -> {
                                    body.write('a');
                                    body.flush();
                                    throw new IllegalStateException("logged");
                                });
        int code = CgiGateway.serve(bug, environment("GET", "/", ""), bytes(""), out);
        assertThat(code).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.ISO_8859_1)).endsWith("\r\n\r\na");
    }

    @Test
    void sends_head_the_headers_of_get_alone() { // C19
        assertThat(serve(_ -> Response.text("12345"), environment("HEAD", "/", ""), ""))
                .contains("Content-Length: 5\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void runs_what_comes_afterwards_once_the_answer_is_out() {
        List<String> order = new ArrayList<>();
        OutputStream out =
                new ByteArrayOutputStream() {
                    @Override
                    public void close() {
                        order.add("closed");
                    }
                };
        Handler handler = _ -> Response.text("x").afterwards(() -> order.add("afterwards"));
        CgiGateway.serve(handler, environment("GET", "/", ""), bytes(""), out);
        assertThat(order).containsExactly("closed", "afterwards");
    }

    @Test
    void reports_a_client_that_is_gone() {
        OutputStream broken =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("broken pipe");
                    }
                };
        int code =
                CgiGateway.serve(
                        _ -> Response.text("x"), environment("GET", "/", ""), bytes(""), broken);
        assertThat(code).isEqualTo(1);
    }

    @Test
    void keeps_every_byte_of_the_environment() {
        byte[] block = {'A', '=', (byte) 0xc3, (byte) 0xa9, 0, 'B', '=', 0, 'A', '=', 'x', 0};
        assertThat(CgiEnvironment.parse(block))
                .containsExactly(Map.entry("A", "\u00c3\u00a9"), Map.entry("B", ""));
    }
}
