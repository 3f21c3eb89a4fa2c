package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hearth.http.Body;
import dev.hearth.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CgiResponseTest {

    private record Written(OutputStream body) implements CgiResponse.Output {
        @Override
        public void header(String text) throws IOException {
            body.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static String written(Response response) throws IOException {
        return written(response, false);
    }

    private static String written(Response response, boolean head) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CgiResponse.write(response, head, new Written(out));
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static String head(String response) {
        return response.substring(0, response.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void a_response_is_a_status_headers_an_empty_line_and_a_body()
            throws IOException { // C23, C29, C32, F39
        assertThat(written(Response.text(404, "no\n")))
                .isEqualTo(
                        String.join(
                                "\r\n",
                                "Status: 404 Not Found",
                                "Content-Type: text/plain; charset=utf-8",
                                "Content-Length: 3",
                                "",
                                "no\n"));
    }

    @Test
    void an_empty_response_has_a_header_block() throws IOException { // C22
        assertThat(written(Response.status(200)))
                .isEqualTo("Status: 200 OK\r\nContent-Length: 0\r\n\r\n");
    }

    @Test
    void a_body_without_a_type_is_bytes_and_never_a_page() throws IOException { // C24
        Response untyped = Response.status(200).withBody(new Body.Bytes(new byte[] {'<'}));
        assertThat(written(untyped)).contains("Content-Type: application/octet-stream\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void some_answers_have_no_body_no_type_and_no_length(int status) throws IOException { // C31
        assertThat(written(Response.text(status, "body").withHeader("ETag", "\"1\"")))
                .matches("Status: " + status + " [A-Za-z ]+\r\nETag: \"1\"\r\n\r\n");
    }

    @Test
    void the_answer_to_head_is_that_to_get_without_the_body() throws IOException { // C19
        Response response = Response.text("Hello").withHeader("X-Y", "z");
        assertThat(written(response, true)).isEqualTo(head(written(response)));
        assertThat(written(response, true)).contains("Content-Length: 5\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Status",
                "Connection",
                "Transfer-Encoding",
                "Keep-Alive",
                "Upgrade",
                "Trailer",
                "Content-Length",
                "transfer-encoding"
            })
    void headers_of_one_connection_are_left_out(String name) throws IOException { // C27, C30, F39
        assertThat(written(Response.text("Hello").withHeader(name, "17")))
                .isEqualTo(written(Response.text("Hello")));
    }

    @ParameterizedTest
    @CsvSource({"Content-Type, text/csv", "content-type, text/csv", "Location, /b"})
    void a_cgi_field_stands_once_and_the_last_counts(String name, String value)
            throws IOException { // C27
        Response twice = Response.text("x").withHeader("Location", "/a").withHeader(name, value);
        String head = head(written(twice));
        assertThat(head).contains(name + ": " + value + "\r\n");
        assertThat(head.toLowerCase(Locale.ROOT).split(name.toLowerCase(Locale.ROOT) + ":", -1))
                .hasSize(2);
    }

    @Test
    void other_headers_may_stand_more_than_once() throws IOException { // C27
        assertThat(
                        written(
                                Response.text("x")
                                        .withHeader("Set-Cookie", "a=1")
                                        .withHeader("Set-Cookie", "b=2")))
                .contains("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n");
    }

    @Test
    void a_redirect_says_its_status() throws IOException { // C25, C26
        assertThat(written(Response.seeOther("https://example.test/a?b")))
                .isEqualTo(
                        String.join(
                                "\r\n",
                                "Location: https://example.test/a?b",
                                "Status: 303 See Other",
                                "Content-Length: 0",
                                "",
                                ""));
    }

    @ParameterizedTest
    @CsvSource({
        "X-A, 'a\r\nb'",
        "X-A, 'a\nb'",
        "X-A, 'a\0b'",
        "'X A', b",
        "'X:', b",
        "'', b",
        "'X\r\n', b",
        "X-\u00e9, b"
    })
    void what_would_split_a_response_cannot_be_made(String name, String value) { // C28
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Response.text("x").withHeader(name, value));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 100, 101, 199, 600, 1000})
    void a_status_that_no_handler_may_give_cannot_be_made(int status) { // C29
        assertThatIllegalArgumentException().isThrownBy(() -> Response.status(status));
    }

    @Test
    void a_stream_of_unknown_length_announces_none() throws IOException {
        assertThat(written(Response.stream("text/plain", out -> out.write('x'))))
                .isEqualTo("Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nx");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 6, 100})
    void a_stream_of_another_length_than_announced_is_an_error(int bytes) { // C30
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Response response =
                Response.status(200)
                        .withBody(new Body.Stream(stream -> stream.write(new byte[bytes]), 5));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> CgiResponse.write(response, false, new Written(out)))
                .withMessageContaining("announced with 5 bytes");
        String all = out.toString(StandardCharsets.ISO_8859_1);
        assertThat(all.length() - head(all).length()).isLessThanOrEqualTo(5);
    }

    @Test
    void a_file_is_sent_from_its_offset(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "0123456789");
        assertThat(written(Response.status(206).withBody(new Body.File(file, 3, 4))))
                .endsWith("Content-Length: 4\r\n\r\n3456");
        Response cut = Response.file("text/plain", file, 11);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> written(cut));
    }
}
