package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.ABORT;
import static dev.hearth.fastcgi.FakeWebServer.BEGIN;
import static dev.hearth.fastcgi.FakeWebServer.DATA;
import static dev.hearth.fastcgi.FakeWebServer.END;
import static dev.hearth.fastcgi.FakeWebServer.PARAMS;
import static dev.hearth.fastcgi.FakeWebServer.STDIN;
import static dev.hearth.fastcgi.FakeWebServer.STDOUT;
import static dev.hearth.fastcgi.FakeWebServer.beginBody;
import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.pairs;
import static dev.hearth.fastcgi.FakeWebServer.record;
import static dev.hearth.fastcgi.FakeWebServer.request;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FakeWebServer.Answer;
import dev.hearth.fastcgi.FakeWebServer.Received;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class RecordsTest {
    private static final byte[] NOTHING = {};

    private TestServer server;
    private FakeWebServer nginx;

    @BeforeEach
    void connect() throws IOException {
        server = TestServer.start(RecordsTest::answer);
        nginx = server.connect();
    }

    @AfterEach
    void close() throws IOException {
        nginx.close();
        server.close();
    }

    private static int answer(FastCgiRequest request) throws IOException {
        return switch (request.params().getOrEmpty("SCRIPT_NAME")) {
            case "/variable" -> TestServer.variable(request);
            case "/empty" -> 0;
            case "/names" -> {
                request.stdout().writeLatin1("\r\n" + request.params().toMap().keySet());
                yield 0;
            }
            case String path when path.startsWith("/text/") -> {
                int length = Integer.parseInt(path.substring("/text/".length()));
                request.stdout().writeLatin1("\r\n");
                request.stdout().writeLatin1(text(length));
                yield 0;
            }
            default -> TestServer.echo(request);
        };
    }

    /// Every character that is one byte, and some that are none, over and over.
    private static String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) (i % 0x102));
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "65525, 1", "65526, 1", "65527, 2", "131054, 2", "131055, 3"})
    void text_goes_on_in_the_next_record(int length, int records) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        List<Received> sent = nginx.send(get(1, true, "/text/" + length)).recordsOf(1);
        sent.stream()
                .filter(record -> record.type() == STDOUT)
                .map(Received::content)
                .forEach(content::writeBytes);
        assertThat(content.toByteArray())
                .isEqualTo(
                        ("\r\n" + text(length))
                                .replace('\u0100', '?')
                                .replace('\u0101', '?')
                                .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(sent).hasSize(records + 2); // the ends of the stream and of the request
    }

    @Test
    void every_record_sent_keeps_the_form() throws IOException { // F6, F8, F16, F30, F31, I1, I9
        byte[] body = new byte[100_001];
        nginx.send(request(0xfedc, true, variables("POST", "/", body.length), body));
        List<Received> records = nginx.recordsOf(0xfedc);
        for (Received record : records) {
            assertThat(record.version()).isEqualTo(1);
            assertThat(record.id()).isEqualTo(0xfedc);
            assertThat(record.type()).isIn(STDOUT, END);
            assertThat(record.padding()).hasSizeLessThan(8);
            assertThat(record.padding()).isEqualTo(new byte[record.padding().length]);
            assertThat((record.content().length + record.padding().length) % 8).isZero();
        }
        assertThat(records.getLast().content()).isEqualTo(new byte[8]);
        assertThat(records.get(records.size() - 2).content()).isEmpty();
        assertThat(records).filteredOn(record -> record.type() == END).hasSize(1);
        assertThat(nginx.isQuietAndUsable()).isTrue(); // I4: nothing behind the end
    }

    @Test
    void a_response_without_a_byte_still_ends_its_stream() throws IOException { // F31, F32
        nginx.send(get(1, true, "/empty"));
        assertThat(nginx.recordsOf(1)).extracting(Received::type).containsExactly(STDOUT, END);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 255, 256, 257, 32_767, 32_768, 65_534, 65_535})
    void any_id_works_in_both_bytes(int id) throws IOException { // F11
        assertThat(nginx.send(get(id, true, "/hello")).answer(id).appStatus()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 7, 8, 254, 255})
    void padding_of_any_length_is_skipped_on_every_record(int padding)
            throws IOException { // F7, I6
        byte[] stdin = "0123456789".getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(record(BEGIN, 1, beginBody(1, 1), padding));
        all.writeBytes(record(PARAMS, 1, pairs(variables("POST", "/", 20)), padding));
        all.writeBytes(record(PARAMS, 1, NOTHING, padding));
        all.writeBytes(record(STDIN, 1, stdin, padding));
        all.writeBytes(record(STDIN, 1, stdin, padding));
        all.writeBytes(record(STDIN, 1, NOTHING, padding));
        assertThat(nginx.send(all.toByteArray()).answer(1).stdout())
                .endsWith("\r\n\r\n01234567890123456789");
    }

    @Test
    void one_byte_at_a_time_is_as_good_as_one_segment() throws IOException { // F10, F20
        byte[] request = request(1, true, variables("POST", "/", 3), new byte[] {'a', 'b', 'c'});
        assertThat(nginx.sendByteByByte(request).answer(1).stdout()).endsWith("\r\n\r\nabc");
    }

    @Test
    void pairs_may_be_cut_by_records_at_any_byte() throws IOException { // F15, F20
        Map<String, String> variables = variables("GET", "/variable?LONG", 0);
        variables.put("LONG", "v".repeat(300)); // a length of four bytes, to be cut inside
        byte[] pairs = pairs(variables);
        for (int cut = 0; cut <= pairs.length; cut++) {
            nginx.begin(1, true);
            if (cut > 0) {
                nginx.send(PARAMS, 1, Arrays.copyOf(pairs, cut));
            }
            if (cut < pairs.length) {
                nginx.send(PARAMS, 1, Arrays.copyOfRange(pairs, cut, pairs.length));
            }
            nginx.send(PARAMS, 1, NOTHING).send(STDIN, 1, NOTHING);
            assertThat(nginx.answer(1).stdout()).as("cut at %d", cut).endsWith("v".repeat(300));
        }
    }

    @Test
    void records_of_one_byte_make_the_same_streams() throws IOException { // F15, I15
        nginx.begin(1, true);
        for (byte b : pairs(variables("POST", "/", 5))) {
            nginx.send(PARAMS, 1, new byte[] {b});
        }
        nginx.send(PARAMS, 1, NOTHING);
        for (byte b : "12345".getBytes(StandardCharsets.ISO_8859_1)) {
            nginx.send(STDIN, 1, new byte[] {b});
        }
        assertThat(nginx.send(STDIN, 1, NOTHING).answer(1).stdout()).endsWith("\r\n\r\n12345");
    }

    @Test
    void two_requests_in_one_write_and_half_a_third() throws IOException { // F10, T7
        byte[] third = get(3, true, "/3");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(get(1, true, "/1"));
        all.writeBytes(get(2, true, "/2"));
        all.writeBytes(Arrays.copyOf(third, 30));
        nginx.send(all.toByteArray());
        assertThat(List.of(nginx.recordsOf(1), nginx.recordsOf(2))).hasSize(2);
        nginx.send(Arrays.copyOfRange(third, 30, third.length));
        assertThat(nginx.answer(3).appStatus()).isZero();
    }

    @Test
    void records_of_ids_that_are_not_active_are_ignored() throws IOException { // F12
        nginx.send(record(PARAMS, 5, "junk".getBytes(StandardCharsets.ISO_8859_1), 4));
        nginx.send(record(STDIN, 5, new byte[65_535], 255));
        nginx.send(record(DATA, 5, new byte[7], 1));
        nginx.send(record(ABORT, 5, NOTHING, 0));
        nginx.send(record(ABORT, 5, new byte[3], 5));
        assertThat(nginx.isQuietAndUsable()).isTrue();
        assertThat(nginx.send(get(5, true, "/")).answer(5).appStatus()).isZero();
        nginx.send(STDIN, 5, "late").send(STDIN, 5, NOTHING).send(ABORT, 5, NOTHING);
        nginx.send(PARAMS, 5, "late").send(PARAMS, 5, NOTHING);
        assertThat(nginx.isQuietAndUsable()).isTrue();
        assertThat(nginx.send(get(5, true, "/")).answer(5).appStatus()).isZero(); // F13
    }

    @Test
    void what_follows_the_end_of_a_stream_is_not_part_of_it() throws IOException { // F15
        nginx.begin(1, true).send(PARAMS, 1, pairs(variables("POST", "/names", 2)));
        nginx.send(PARAMS, 1, NOTHING);
        nginx.send(PARAMS, 1, pairs(Map.of("LATE", "1"))).send(PARAMS, 1, NOTHING);
        nginx.send(STDIN, 1, "ab").send(STDIN, 1, NOTHING).send(STDIN, 1, "cd");
        assertThat(nginx.answer(1).stdout()).contains("REQUEST_METHOD").doesNotContain("LATE");
        assertThat(nginx.isQuietAndUsable()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1, begin of an active id",
        "2, another version",
        "3, begin with id 0",
        "4, begin of 7 bytes",
        "5, body before the end of the variables",
        "6, file before the end of the variables",
    })
    void a_breach_of_the_protocol_closes_the_connection(int breach, String why)
            throws IOException { // F9, F13, F14, F25
        nginx.begin(1, true);
        switch (breach) {
            case 1 -> nginx.begin(1, true);
            case 2 -> nginx.send(new byte[] {2, 1, 0, 2, 0, 0, 0, 0});
            case 3 -> nginx.begin(0, true);
            case 4 -> nginx.send(BEGIN, 2, new byte[7]);
            case 5 -> nginx.send(STDIN, 1, "body");
            default -> nginx.send(DATA, 1, "file");
        }
        assertThat(nginx.recordsUntilClosed()).as(why).isEmpty();
        assertThat(server.server().statistics().protocolErrors()).isEqualTo(1);
        try (FakeWebServer other = server.connect()) {
            assertThat(other.send(get(1, true, "/")).answer(1).appStatus()).isZero();
        }
    }

    @Test
    void what_only_applications_say_is_not_acted_on() throws IOException { // F16
        nginx.begin(1, true).send(PARAMS, 1, pairs(variables("GET", "/", 0)));
        nginx.send(END, 1, new byte[8]).send(STDOUT, 1, "x").send(7, 1, "x");
        nginx.send(10, 0, "x").send(11, 0, new byte[8]).send(END, 0, new byte[8]);
        nginx.send(PARAMS, 1, NOTHING).send(STDIN, 1, NOTHING);
        assertThat(nginx.answer(1).appStatus()).isZero();
        assertThat(nginx.isQuietAndUsable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, 8_192, 59_302, 65_527, 65_528, 65_534, 65_535, 65_536, 100_001, 131_071})
    void bodies_of_any_length_come_back_byte_by_byte(int length) throws IOException { // T11
        byte[] body = new byte[length];
        new Random(length).nextBytes(body);
        Map<String, String> variables = variables("POST", "/", length);
        byte[] answer = nginx.send(request(1, true, variables, body)).answer(1).stdoutBytes();
        int head = answer.length - length;
        assertThat(new String(answer, 0, head, StandardCharsets.ISO_8859_1)).endsWith("\r\n\r\n");
        assertThat(Arrays.copyOfRange(answer, head, answer.length)).isEqualTo(body);
    }

    @Test
    void a_body_of_records_is_delivered_as_bytes() throws IOException { // T5
        byte[] body = get(1, true, "/inner");
        Map<String, String> variables = variables("POST", "/", body.length);
        Answer answer = nginx.send(request(1, true, variables, body)).answer(1);
        assertThat(answer.stdout()).endsWith(new String(body, StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(ints = {127, 128, 8_192, 32_767, 32_768, 40_000, 65_535, 65_536, 70_000})
    void variables_of_any_length_arrive_whole(int length) throws IOException { // F17, F18, T1
        String value = "x".repeat(length - 20) + "\u000b\u0002SERVER_PORT80abcde";
        Map<String, String> variables = variables("GET", "/variable?HTTP_LONG", 0);
        variables.put("HTTP_LONG", value);
        byte[] pairs = pairs(variables);
        nginx.begin(1, true);
        for (int at = 0; at < pairs.length; at += 16_384) {
            int end = Math.min(pairs.length, at + 16_384);
            nginx.send(PARAMS, 1, Arrays.copyOfRange(pairs, at, end));
        }
        nginx.send(PARAMS, 1, NOTHING).send(STDIN, 1, NOTHING);
        assertThat(nginx.answer(1).stdout()).isEqualTo("\r\n" + value);
    }

    @Test
    void a_peer_that_ends_its_side_gets_the_answer_to_what_it_had_sent() throws IOException { // F42
        nginx.send(get(1, true, "/")).shutdownOutput();
        assertThat(nginx.answer(1).appStatus()).isZero();
        assertThat(nginx.isClosedByServer()).isTrue();
    }
}
