package dev.hearth.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hearth.http.Body;
import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.http.Responses;
import dev.hearth.web.json.JsonLines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FilesTest {
    @TempDir Path folder;
    private Path root;
    private Handler site;

    @BeforeEach
    void prepare() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        Files.writeString(root.resolve("ten.txt"), "0123456789");
        Files.setLastModifiedTime(
                root.resolve("ten.txt"), FileTime.from(Instant.parse("2026-11-21T09:30:00.5Z")));
        Files.createDirectory(root.resolve("sub"));
        Files.writeString(root.resolve("sub/index.html"), "<p>sub");
        Files.writeString(root.resolve(".secret"), "secret");
        Files.writeString(root.resolve("a é%.bin"), "odd");
        Files.writeString(folder.resolve("outside.txt"), "secret");
        Files.createSymbolicLink(root.resolve("link.txt"), folder.resolve("outside.txt"));
        site = site(StaticFiles.of(root));
    }

    private static Handler site(Handler files) {
        return new Router().get("/f/{path...}", files).build();
    }

    private Response get(String path, String... headers) throws Exception {
        Requests request = Requests.of("GET", path);
        for (int i = 0; i < headers.length; i += 2) {
            request = request.with(headers[i], headers[i + 1]);
        }
        return Errors.answer(site, request.request());
    }

    @Test
    void a_file_is_sent_with_its_type_tag_and_time() throws Exception {
        Response response = get("/f/ten.txt");
        assertThat(Responses.text(response)).isEqualTo("0123456789");
        assertThat(response.headers().first("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(response.headers().first("Last-Modified"))
                .contains("Sat, 21 Nov 2026 09:30:00 GMT");
        assertThat(response.headers().first("Accept-Ranges")).contains("bytes");
        assertThat(Responses.text(get("/f/sub/"))).isEqualTo("<p>sub");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/f/none",
                "/f/sub",
                "/f/.secret",
                "/f/link.txt",
                "/f/",
                "/f/ten.txt/x",
                "/f/a\0b"
            })
    void nothing_but_regular_files_below_the_folder(String path) throws Exception {
        assertThat(get(path).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-3      | 206 | 0123       | bytes 0-3/10",
                "bytes=9-       | 206 | 9          | bytes 9-9/10",
                "bytes=-3       | 206 | 789        | bytes 7-9/10",
                "bytes=-99      | 206 | 0123456789 | bytes 0-9/10",
                "bytes=5-99999999999999999999 | 206 | 56789 | bytes 5-9/10",
                "Bytes=0-0      | 206 | 0          | bytes 0-0/10",
                "bytes=0-1, 20- | 206 | 01         | bytes 0-1/10",
                "bytes=0-1,x    | 200 | 0123456789 | -",
                "bytes=0-8,1-9  | 200 | 0123456789 | -", // more than there is
                "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,0-0 | 200 | 0123456789 | -",
                "lines=0-1      | 200 | 0123456789 | -",
                "bytes=x-y      | 200 | 0123456789 | -",
                "bytes=         | 200 | 0123456789 | -",
            })
    void a_range_is_answered_with_its_part(String range, int status, String part, String says)
            throws Exception {
        Response response = get("/f/ten.txt", "Range", range);
        assertThat(response.status()).isEqualTo(status);
        assertThat(Responses.text(response)).isEqualTo(part);
        assertThat(response.headers().first("Content-Range").orElse("-")).isEqualTo(says);
    }

    @Test
    void several_ranges_come_in_one_answer() throws Exception {
        Response response = get("/f/ten.txt", "Range", "bytes=0-1, 4-4,-2, 50-");
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.headers().first("Content-Range")).isEmpty();
        String type = response.headers().first("Content-Type").orElseThrow();
        assertThat(type).matches("multipart/byteranges; boundary=[0-9a-f]{16}");
        String boundary = type.substring(type.indexOf('=') + 1);
        String expected =
                """

                --B
                Content-Type: text/plain; charset=utf-8
                Content-Range: bytes 0-1/10

                01
                --B
                Content-Type: text/plain; charset=utf-8
                Content-Range: bytes 4-4/10

                4
                --B
                Content-Type: text/plain; charset=utf-8
                Content-Range: bytes 8-9/10

                89
                --B--
                """;
        String text = Responses.text(response);
        assertThat(text).isEqualTo(expected.replace("\n", "\r\n").replace("--B", "--" + boundary));
        assertThat(((Body.Stream) response.body()).length()).isEqualTo(text.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=10-20,30-",
                "bytes=10-",
                "bytes=10-20",
                "bytes=-0",
                "bytes=3-2",
                "bytes=99999999999999999999-",
                "bytes=-"
            })
    void a_range_out_of_bounds_is_416_and_says_how_long_it_is(String range) throws Exception {
        Response response = get("/f/ten.txt", "Range", range);
        assertThat(response.status()).isEqualTo(416);
        assertThat(response.headers().first("Content-Range")).contains("bytes */10");
    }

    @Test
    void a_range_of_another_version_gets_the_whole() throws Exception {
        String tag = get("/f/ten.txt").headers().first("ETag").orElseThrow();
        assertThat(get("/f/ten.txt", "Range", "bytes=0-3", "If-Range", tag).status())
                .isEqualTo(206);
        assertThat(get("/f/ten.txt", "Range", "bytes=0-3", "If-Range", "\"old\"").status())
                .isEqualTo(200);
    }

    @Test
    void what_the_client_holds_is_304() throws Exception {
        String tag = get("/f/ten.txt").headers().first("ETag").orElseThrow();
        Response response = get("/f/ten.txt", "If-None-Match", "\"other\", W/" + tag);
        assertThat(response.status()).isEqualTo(304);
        assertThat(response.body()).isEqualTo(Body.NONE);
        assertThat(response.headers().first("ETag")).contains(tag);
        String time = "Sat, 21 Nov 2026 09:30:00 GMT";
        assertThat(get("/f/ten.txt", "If-Modified-Since", time).status()).isEqualTo(304);
        assertThat(get("/f/ten.txt", "If-Modified-Since", time.replace(":00 ", ":59 ")).status())
                .isEqualTo(304);
        assertThat(get("/f/ten.txt", "If-Modified-Since", time.replace("09", "08")).status())
                .isEqualTo(200);
        assertThat(get("/f/ten.txt", "If-Modified-Since", "yesterday").status()).isEqualTo(200);
        assertThat(get("/f/ten.txt", "If-None-Match", "\"x\"", "If-Modified-Since", time).status())
                .isEqualTo(200);
    }

    @Test
    void an_answer_in_memory_gets_a_tag_from_its_content() throws Exception {
        Handler page = new Conditional().wrap(_ -> Response.text("page"));
        String tag = page.handle(Requests.get("/")).headers().first("ETag").orElseThrow();
        Requests again = Requests.of("GET", "/").with("If-None-Match", tag);
        assertThat(page.handle(again.request()).status()).isEqualTo(304);
        Requests post = Requests.of("POST", "/").with("If-None-Match", tag);
        assertThat(page.handle(post.request()).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"\"v1\"|0", "*|0", "\"v0\", \"v1\"|0", "\"v0\"|412", "W/\"v1\"|412", "|428"})
    void a_change_needs_the_tag_of_the_present_state(String sent, int status) {
        Requests request = Requests.of("PUT", "/");
        Requests put = sent == null ? request : request.with("If-Match", sent);
        if (status == 0) {
            Conditional.requireMatch(put.request(), "\"v1\"");
        } else {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> Conditional.requireMatch(put.request(), "\"v1\""))
                    .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(status));
        }
    }

    @Test
    void the_front_server_sends_the_file_where_it_can() throws Exception {
        site = site(StaticFiles.of(root).sentBy(FrontServerFiles.accelRedirect(root, "/internal")));
        Response response = get("/f/a é%.bin", "Range", "bytes=0-1");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers().first("X-Accel-Redirect"))
                .contains("/internal/a%20%C3%A9%25.bin");
        assertThat(response.body()).isEqualTo(Body.NONE);

        site = site(StaticFiles.of(root).sentBy(FrontServerFiles.sendfile(root)));
        assertThat(get("/f/ten.txt").headers().first("X-Sendfile"))
                .contains(root.resolve("ten.txt").toString());
    }

    @Test
    void a_file_elsewhere_is_sent_by_the_gateway() throws Exception {
        Path elsewhere = folder.resolve("outside.txt");
        Handler sends = _ -> Response.file("text/plain", elsewhere, 6);
        Response response = FrontServerFiles.sendfile(root).wrap(sends).handle(Requests.get("/"));
        assertThat(response.body()).isEqualTo(new Body.File(elsewhere, 0, 6));
    }

    private static Response gzip(Handler handler, String accept) throws Exception {
        Middleware gzip = new Gzip();
        return gzip.wrap(handler)
                .handle(Requests.of("GET", "/").with("Accept-Encoding", accept).request());
    }

    private static String unzip(Response response) throws IOException {
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(Responses.bytes(response)))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void a_long_text_is_compressed_for_those_who_take_it() throws Exception {
        String text = "long ".repeat(1_000);
        Handler page = _ -> Response.text(text).withHeader("ETag", "\"a\"");
        Response compressed = gzip(page, "br, gzip;q=0.5");
        assertThat(unzip(compressed)).isEqualTo(text);
        assertThat(compressed.headers().first("Content-Encoding")).contains("gzip");
        assertThat(compressed.headers().first("ETag")).contains("W/\"a\"");
        for (String refuses : List.of("", "identity", "gzip;q=0", "br")) {
            Response plain = gzip(page, refuses);
            assertThat(Responses.text(plain)).isEqualTo(text);
            assertThat(plain.headers().first("Vary")).contains("Accept-Encoding");
        }
    }

    @Test
    void a_stream_is_compressed_while_it_is_made() throws Exception {
        Response response = gzip(_ -> JsonLines.response(Stream.of(Map.of("a", 1), 2)), "gzip");
        assertThat(unzip(response)).isEqualTo("{\"a\":1}\n2\n");
    }

    @Test
    void what_is_short_or_no_text_or_compressed_already_is_left_alone() throws Exception {
        byte[] image = new byte[5_000];
        for (Handler handler :
                List.<Handler>of(
                        _ -> Response.text("short"),
                        _ -> Response.bytes(200, "image/png", image),
                        _ ->
                                Response.text("x".repeat(5_000))
                                        .withHeader("Content-Encoding", "br"))) {
            assertThat(gzip(handler, "gzip").headers().all("Content-Encoding"))
                    .doesNotContain("gzip");
        }
    }

    @Test
    void events_are_written_as_a_browser_reads_them() throws Exception {
        Response response =
                ServerSentEvents.stream(events -> {
                    events.send("one\ntwo\r\nthree");
                    events.send("price", "7", "");
                    events.keepAlive();
                });
        assertThat(response.headers().first("Content-Type")).contains("text/event-stream");
        assertThat(Responses.text(response))
                .isEqualTo(
                        "data: one\ndata: two\ndata: three\n\nevent: price\nid: 7\ndata:\n\n:\n\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Responses.text(
                                ServerSentEvents.stream(events -> events.send("a\nb", "1", "x"))));
    }

    @Test
    void a_compressed_body_is_refused_not_unpacked() throws Exception {
        Handler forms = request -> Response.text(Forms.read(request).names().toString());
        Response response =
                Errors.answer(
                        forms,
                        Requests.of("POST", "/")
                                .with("Content-Type", "application/x-www-form-urlencoded")
                                .with("Content-Encoding", "gzip")
                                .request());
        assertThat(response.status()).isEqualTo(415);
    }
}
