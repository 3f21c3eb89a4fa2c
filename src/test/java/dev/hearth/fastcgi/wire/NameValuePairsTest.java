package dev.hearth.fastcgi.wire;

import static dev.hearth.fastcgi.wire.Wire.hex;
import static dev.hearth.fastcgi.wire.Wire.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameValuePairsTest {

    private static NameValuePairs decode(byte[] bytes) throws ProtocolException {
        return NameValuePairs.decode(bytes, bytes.length, 1_000);
    }

    private static byte[] encoded(String name, String value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NameValuePairs.encode(out, name, value);
        return out.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "02 03,             one byte each",
        "02 80000003,       one and four",
        "80000002 03,       four and one",
        "80000002 80000003, four each",
    })
    void reads_lengths_of_one_and_of_four_bytes(String lengths, String why)
            throws ProtocolException { // F17
        NameValuePairs pairs = decode(join(hex(lengths), text("ab123")));
        assertThat(pairs.toMap()).as(why).containsOnlyKeys("ab").containsEntry("ab", "123");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 1, 126, 127, 128, 129, 255, 256, 32_767, 32_768, 40_000, 65_535, 65_536, 70_000
            })
    void reads_back_what_it_wrote(int length) throws ProtocolException { // F17, F18, T1
        String value = "v".repeat(length);
        assertThat(decode(encoded("NAME", value)).get("NAME")).contains(value);
        assertThat(decode(encoded(value, "x")).get(value)).contains("x");
    }

    @Test
    void a_value_that_holds_what_looks_like_pairs_is_one_value() throws ProtocolException { // T1
        String value = "x".repeat(39_980) + "\u000b\u0002SERVER_PORT80abcde";
        NameValuePairs pairs = decode(join(encoded("A", value), encoded("B", "2")));
        assertThat(pairs.size()).isEqualTo(2);
        assertThat(pairs.get("A")).contains(value);
        assertThat(pairs.get("SERVER_PORT")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "04,                         the length of the value is missing",
        "80,                         the first length is cut short",
        "80000001,                   the second length is missing",
        "01 8000,                    the second length is cut short",
        "01 01 61,                   the value is missing",
        "04 ffffffff 61626364,       the value is longer than the stream",
        "ffffffff ffffffff 61,       both lengths at their most",
        "ffffff7f 7f 61,             the sum of the lengths overflows",
        "ffffffff 01 61,             the sum of the lengths overflows",
        "ff000000 00 61,             a name of nearly 2 GiB",
    })
    void refuses_pairs_that_reach_past_the_end(String bytes, String why) { // F18, T2
        assertThatExceptionOfType(ProtocolException.class)
                .as(why)
                .isThrownBy(() -> decode(hex(bytes)));
    }

    @Test
    void bytes_survive_as_they_are() throws ProtocolException { // F19
        StringBuilder value = new StringBuilder();
        for (char c = 1; c <= 255; c++) {
            value.append(c);
        }
        NameValuePairs pairs = decode(encoded("N", value.toString()));
        assertThat(pairs.get("N")).contains(value.toString());
        assertThat(pairs.valueBytes(0)).isEqualTo(text(value.toString()));
    }

    @Test
    void empty_names_and_values_are_pairs_like_others() throws ProtocolException { // F19
        NameValuePairs pairs = decode(hex("00 00  01 00 61  00 01 62"));
        assertThat(pairs.size()).isEqualTo(3);
        assertThat(pairs.get("a")).contains("");
        assertThat(pairs.get("")).contains("b");
        assertThat(decode(new byte[0]).size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 15, 16, 17, 31})
    void refuses_a_nul_wherever_it_stands(int at) { // F19, F40
        StringBuilder value = new StringBuilder("x".repeat(32));
        value.setCharAt(at, '\0');
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> decode(encoded("N", value.toString())))
                .withMessageContaining("NUL");
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> decode(encoded(value.toString(), "x")));
    }

    @Test
    void a_name_sent_twice_has_its_last_value() throws ProtocolException { // F21
        NameValuePairs pairs =
                decode(join(encoded("A", "1"), encoded("B", "2"), encoded("A", "3")));
        assertThat(pairs.get("A")).contains("3");
        assertThat(pairs.value(pairs.findFirst("A"))).isEqualTo("1");
        assertThat(pairs.toMap()).containsEntry("A", "3").containsEntry("B", "2");
    }

    @Test
    void names_compare_without_the_case_of_ascii_letters() throws ProtocolException { // C1
        NameValuePairs pairs = decode(join(encoded("Request_Method", "get"), encoded("A[", "x")));
        assertThat(pairs.get("REQUEST_METHOD")).contains("get");
        assertThat(pairs.get("A{")).isEmpty();
        assertThat(pairs.getOrEmpty("CONTENT_LENGTH")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP_, true",
        "HTTP_A, true",
        "http_a, true",
        "HTTP, false",
        "'', false",
        "XHTTP_A, false"
    })
    void tells_what_a_name_begins_with(String name, boolean begins) throws ProtocolException {
        NameValuePairs pairs = decode(join(encoded("HTTP_", "HTTP_"), encoded(name, "HTTP_")));
        assertThat(pairs.nameStartsWith(1, "HTTP_")).isEqualTo(begins);
    }

    @Test
    void takes_as_many_pairs_as_allowed_and_not_one_more() throws ProtocolException { // T3
        byte[] three = join(encoded("A", "1"), encoded("B", "2"), encoded("C", "3"));
        assertThat(NameValuePairs.decode(three, three.length, 3).size()).isEqualTo(3);
        assertThatExceptionOfType(TooManyPairsException.class)
                .isThrownBy(() -> NameValuePairs.decode(three, three.length, 2));
    }

    @Test
    void reads_only_the_given_length() throws ProtocolException {
        byte[] pair = encoded("A", "1");
        byte[] longer = join(pair, hex("ff ff"));
        assertThat(NameValuePairs.decode(longer, pair.length, 10).toMap()).containsEntry("A", "1");
    }

    @Test
    void its_text_holds_no_values() throws ProtocolException { // C33
        assertThat(decode(encoded("HTTP_AUTHORIZATION", "secret")).toString())
                .contains("HTTP_AUTHORIZATION")
                .doesNotContain("secret");
    }
}
