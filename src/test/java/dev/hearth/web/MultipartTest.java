package dev.hearth.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MultipartTest {
    private static final String TYPE = "multipart/form-data; boundary=\"x-y\"";
    private static final String GOOD =
            String.join(
                    "\r\n",
                    "preamble",
                    "--x-y",
                    "Content-Disposition: form-data; name=\"title\"",
                    "",
                    "Éclair",
                    "--x-y  ",
                    "content-disposition: form-data; name=\"photo\"; filename=\"C:\\\\a\\b.png\"",
                    "Content-Type: image/png",
                    "",
                    "--x-\r\n--x-z\r\n",
                    "--x-y--",
                    "epilogue");

    @TempDir Path folder;

    private Multipart.Limits limits(int memory) {
        return new Multipart.Limits(3, 20, 100_000, memory, folder);
    }

    private Multipart read(String body, int memory) throws IOException {
        return Multipart.read(request(TYPE, body.getBytes(UTF_8), false), limits(memory));
    }

    private static Request request(String type, byte[] body, boolean oneByteAtATime) {
        InputStream stream = new ByteArrayInputStream(body);
        InputStream slow =
                new FilterInputStream(stream) {
                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        return super.read(bytes, offset, Math.min(1, length));
                    }
                };
        return Requests.of("POST", "/")
                .with("Content-Type", type)
                .body(oneByteAtATime ? slow : stream, body.length)
                .request();
    }

    private static int status(ThrowingRead read) throws IOException {
        try (Multipart _ = read.read()) {
            throw new AssertionError("not refused");
        } catch (RefusedException refused) {
            return refused.problem().status();
        }
    }

    private interface ThrowingRead {
        Multipart read() throws IOException;
    }

    private static String text(Part part) throws IOException {
        try (InputStream in = part.open()) {
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fields_and_files_are_read_however_the_bytes_arrive(boolean oneByteAtATime)
            throws IOException {
        Request request = request(TYPE, GOOD.getBytes(UTF_8), oneByteAtATime);
        try (Multipart form = Multipart.read(request, limits(1_000))) {
            assertThat(form.parts()).hasSize(2);
            assertThat(form.field("title")).contains("Éclair");
            Part photo = form.file("photo").orElseThrow();
            assertThat(photo.fileName()).contains("b.png");
            assertThat(photo.contentType()).isEqualTo("image/png");
            assertThat(photo)
                    .hasToString(
                            "Part[name=photo, fileName=b.png, contentType=image/png, size=13]");
            assertThat(text(photo)).isEqualTo("--x-\r\n--x-z\r\n");
            assertThat(form.file("title")).isEmpty();
            assertThat(form.field("photo")).isEmpty();
        }
    }

    private static String part(String disposition, String content) {
        return "--x-y\r\nContent-Disposition: form-data; "
                + disposition
                + "\r\n\r\n"
                + content
                + "\r\n";
    }

    record Cake(String title, Optional<Integer> slices, List<String> tag) {}

    @Test
    void the_fields_become_a_record_and_files_are_none_of_them() throws IOException {
        String body =
                part("name=title", "Éclair")
                        + part("name=tag; filename=tag.txt", "no")
                        + part("name=slices", "8")
                        + "--x-y--";
        try (Multipart form = read(body, 1_000)) {
            assertThat(Bind.form(form.fields(), Cake.class))
                    .isEqualTo(new Cake("Éclair", Optional.of(8), List.of()));
            assertThat(form.fields().names()).containsExactly("title", "slices");
        }
        String twice = part("name=tag", "a") + part("name=tag", "b") + "--x-y--";
        try (Multipart form = read(twice, 1_000)) {
            assertThat(form.fields().all("tag")).containsExactly("a", "b");
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> Bind.form(form.fields(), Cake.class))
                    .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(422));
        }
    }

    @Test
    void an_input_without_a_chosen_file_is_no_file_but_an_empty_file_is_one() throws IOException {
        try (Multipart form = read(part("name=f; filename=\"\"", "") + "--x-y--", 1_000)) {
            assertThat(form.file("f")).isEmpty();
            assertThat(form.field("f")).isEmpty();
            assertThat(form.parts()).hasSize(1);
        }
        try (Multipart form = read(part("name=f; filename=\"a\"", "") + "--x-y--", 1_000)) {
            assertThat(form.file("f").map(Part::size)).contains(0L);
        }
        try (Multipart form = read(part("name=f; filename=\"\"", "x") + "--x-y--", 1_000)) {
            assertThat(form.file("f").map(Part::size)).contains(1L);
        }
    }

    @Test
    void a_large_part_goes_to_a_file_that_is_deleted_on_close() throws IOException {
        byte[] content = new byte[70_000];
        new Random(1).nextBytes(content);
        String body =
                "--x-y\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n"
                        + new String(content, ISO_8859_1)
                        + "\r\n--x-y--";
        Request request = request(TYPE, body.getBytes(ISO_8859_1), false);
        try (Multipart form = Multipart.read(request, limits(1_000))) {
            assertThat(files()).isEqualTo(1);
            assertThat(text(form.file("f").orElseThrow()))
                    .isEqualTo(new String(content, ISO_8859_1));
        }
        assertThat(files()).isZero();
    }

    @Test
    void a_file_may_be_moved_away() throws IOException {
        try (Multipart form = read(GOOD, 1)) {
            form.file("photo").orElseThrow().moveTo(folder.resolve("kept"));
        }
        assertThat(folder.resolve("kept")).hasContent("--x-\r\n--x-z\r\n");
        assertThat(files()).isEqualTo(1);
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }

    @Test
    void a_form_cut_anywhere_is_refused_and_leaves_no_file() throws IOException {
        int end = GOOD.indexOf("--x-y--") + "--x-y--".length();
        for (int cut = 0; cut < end; cut++) {
            String part = GOOD.substring(0, cut);
            assertThat(status(() -> read(part, 1))).as("cut at %d", cut).isEqualTo(400);
        }
        assertThat(files()).isZero();
    }

    @Test
    void limits_hold_on_both_sides() throws IOException {
        String field = "--x-y\r\nContent-Disposition: form-data; name=a\r\n\r\n%s\r\n";
        String end = "--x-y--";
        try (Multipart form = read(field.formatted("a".repeat(20)) + end, 9)) {
            assertThat(form.field("a").orElseThrow()).hasSize(20);
        }
        assertThat(status(() -> read(field.formatted("a".repeat(21)) + end, 9))).isEqualTo(413);
        try (Multipart form = read(field.formatted("1").repeat(3) + end, 9)) {
            assertThat(form.parts()).hasSize(3);
        }
        assertThat(status(() -> read(field.formatted("1").repeat(4) + end, 9))).isEqualTo(400);
        String longHeader = "--x-y\r\nX: " + "a".repeat(9_000) + "\r\n\r\n--x-y--";
        assertThat(status(() -> read(longHeader, 9))).isEqualTo(400);
        assertThat(files()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--x-y--x",
                "--x-yz\r\n\r\n\r\n--x-y--",
                "--x-y\r\nContent-Disposition: form-data\r\n\r\n\r\n--x-y--",
                "--x-y\r\nContent-Disposition: attachment; name=a\r\n\r\n\r\n--x-y--",
                "--x-y\r\n\r\n\r\n--x-y--",
                "--x-y junk\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--x-y--",
            })
    void what_is_no_form_is_refused_or_empty(String body) throws IOException {
        try (Multipart form = read(body, 9)) {
            assertThat(form.parts()).isEmpty();
        } catch (RefusedException refused) {
            assertThat(refused.problem().status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary"
            })
    void a_type_without_boundary_is_refused(String type) throws IOException {
        assertThat(status(() -> Multipart.read(request(type, new byte[0], false), limits(9))))
                .isEqualTo(400);
    }

    @Test
    void another_type_is_415_and_a_field_that_is_not_utf8_is_400() throws IOException {
        assertThat(
                        status(() ->
                                Multipart.read(
                                        request("text/plain", new byte[0], false), limits(9))))
                .isEqualTo(415);
        String latin = "--x-y\r\nContent-Disposition: form-data; name=a\r\n\r\n\u00e9\r\n--x-y--";
        try (Multipart form =
                Multipart.read(request(TYPE, latin.getBytes(ISO_8859_1), false), limits(9))) {
            assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> form.field("a"));
        }
    }
}
