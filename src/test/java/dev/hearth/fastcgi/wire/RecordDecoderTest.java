package dev.hearth.fastcgi.wire;

import static dev.hearth.fastcgi.wire.Wire.decode;
import static dev.hearth.fastcgi.wire.Wire.hex;
import static dev.hearth.fastcgi.wire.Wire.join;
import static dev.hearth.fastcgi.wire.Wire.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordDecoderTest {
    private static final byte[] NOTHING = {};

    private final RecordDecoder decoder = new RecordDecoder();

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void reads_every_record_of_a_web_server() throws ProtocolException { // F11, F15
        assertThat(
                        decode(
                                decoder,
                                hex("01 01 0102 0008 00 00  0001 01 0000000000"),
                                record(4, 0x0102, text("pairs"), 3),
                                record(4, 0x0102, NOTHING, 0),
                                record(5, 0x0102, text("body"), 4),
                                record(5, 0x0102, NOTHING, 0),
                                record(8, 0x0102, text("file"), 4),
                                record(8, 0x0102, NOTHING, 0),
                                record(2, 0x0102, NOTHING, 0),
                                record(9, 0, text("names"), 3)))
                .containsExactly(
                        "begin 258 role 1 keep",
                        "params 258: pairs",
                        "params 258 ends",
                        "stdin 258: body",
                        "stdin 258 ends",
                        "data 258: file",
                        "data 258 ends",
                        "abort 258",
                        "get values names");
        assertThat(decoder.isInsideRecord()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 255})
    void skips_any_padding_on_every_type(int padding) throws ProtocolException { // F7
        assertThat(
                        decode(
                                decoder,
                                record(1, 65535, hex("0001 00 0000000000"), padding),
                                record(4, 65535, NOTHING, padding),
                                record(5, 65535, text("b"), padding),
                                record(5, 65535, NOTHING, padding),
                                record(8, 65535, NOTHING, padding),
                                record(2, 65535, NOTHING, padding),
                                record(9, 0, NOTHING, padding),
                                record(77, 0, text("x"), padding),
                                record(3, 1, hex("0000000000000000"), padding),
                                record(2, 1, NOTHING, 0)))
                .containsExactly(
                        "begin 65535 role 1",
                        "params 65535 ends",
                        "stdin 65535: b",
                        "stdin 65535 ends",
                        "data 65535 ends",
                        "abort 65535",
                        "get values ",
                        "unknown 77",
                        "abort 1");
    }

    @Test
    void ignores_reserved_bytes_and_unknown_flags() throws ProtocolException { // F7, F25
        assertThat(decode(decoder, hex("01 01 0001 0008 00 ff  ffff fe ffffffffff")))
                .containsExactly("begin 1 role 65535");
        assertThat(decode(decoder, hex("01 01 0001 0008 00 00  0001 ff 0000000000")))
                .containsExactly("begin 1 role 1 keep");
    }

    @Test
    void reads_the_largest_record() throws ProtocolException { // T4
        byte[] content = new byte[65_535];
        Arrays.fill(content, (byte) 'x');
        assertThat(decode(decoder, record(5, 1, content, 255), record(2, 1, NOTHING, 0)))
                .containsExactly("stdin 1: " + "x".repeat(65_535), "abort 1");
    }

    @ParameterizedTest
    @CsvSource({
        "00 01 0001 0008 00 00, version 0",
        "02 01 0001 0008 00 00, version 2",
        "ff 01 0001 0000 00 00, version 255",
        "47 45 5420 2f20 48 54, an HTTP request",
    })
    void refuses_another_version(String header, String why) { // F9
        assertThatExceptionOfType(ProtocolException.class)
                .as(why)
                .isThrownBy(() -> decode(decoder, hex(header)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 9, 65535})
    void refuses_a_begin_of_another_length(int length) { // F25
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> decode(decoder, record(1, 1, new byte[length], 0)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5, 8})
    void refuses_request_records_without_a_request(int type) { // F14
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> decode(decoder, record(type, 0, new byte[8], 0)))
                .withMessageContaining("request id 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 6, 7, 9, 10, 11, 12, 255, 0})
    void passes_over_what_is_not_for_an_application(int type) throws ProtocolException { // F14, F16
        assertThat(decode(decoder, record(type, 1, text("x"), 7), record(2, 1, NOTHING, 0)))
                .containsExactly("abort 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 6, 7, 10, 11})
    void passes_over_what_only_applications_say(int type) throws ProtocolException { // F16
        assertThat(decode(decoder, record(type, 0, text("x"), 7), record(2, 1, NOTHING, 0)))
                .containsExactly("abort 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 12, 100, 255})
    void tells_of_management_types_that_it_does_not_know(int type) throws ProtocolException { // F24
        assertThat(decode(decoder, record(type, 0, text("abc"), 5), record(2, 1, NOTHING, 0)))
                .containsExactly("unknown " + type, "abort 1");
    }

    @Test
    void a_body_of_records_is_bytes() throws ProtocolException { // T5
        byte[] inner = join(record(2, 1, NOTHING, 0), record(5, 1, NOTHING, 0));
        assertThat(decode(decoder, record(5, 1, inner, 0)))
                .containsExactly("stdin 1: " + new String(inner, StandardCharsets.ISO_8859_1));
    }

    @Test
    void any_cut_of_the_bytes_gives_the_same_records() throws ProtocolException { // F10, F15
        Random random = new Random(20_261_121);
        for (int run = 0; run < 300; run++) {
            byte[] all = conversation(random);
            List<String> whole = decode(new RecordDecoder(), all);
            assertThat(decode(new RecordDecoder(), cut(all, random))).isEqualTo(whole);
            assertThat(decode(new RecordDecoder(), byteByByte(all))).isEqualTo(whole);
        }
    }

    private static byte[] conversation(Random random) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = random.nextInt(1, 20); i > 0; i--) {
            int type = random.nextInt(1, 14);
            byte[] content =
                    new byte[type == 1 ? 8 : random.nextInt(random.nextBoolean() ? 9 : 300)];
            random.nextBytes(content);
            boolean management = type == 9 || type > 11;
            int id = management ? 0 : random.nextInt(1, 65_536);
            all.writeBytes(record(type, id, content, random.nextInt(256)));
        }
        return all.toByteArray();
    }

    private static byte[][] cut(byte[] all, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < all.length; ) {
            int length = Math.min(all.length - at, random.nextInt(40));
            pieces.add(Arrays.copyOfRange(all, at, at + length));
            at += length;
        }
        return pieces.toArray(byte[][]::new);
    }

    private static byte[][] byteByByte(byte[] all) {
        byte[][] pieces = new byte[all.length][];
        for (int i = 0; i < all.length; i++) {
            pieces[i] = new byte[] {all[i]};
        }
        return pieces;
    }
}
