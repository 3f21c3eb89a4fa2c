package dev.hearth.fastcgi.wire;

import static dev.hearth.fastcgi.wire.Wire.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordEncoderTest {

    private static byte[] written(ByteBuffer out) {
        byte[] bytes = new byte[out.remaining()];
        out.get(bytes);
        return bytes;
    }

    @Test
    void a_header_is_eight_bytes() { // F6, F11
        ByteBuffer out = ByteBuffer.allocate(8);
        RecordEncoder.header(out, RecordType.STDOUT, 0xfedc, 0x1234, 4);
        assertThat(written(out.flip())).isEqualTo(hex("01 06 fedc 1234 04 00"));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,7", "7,1", "8,0", "9,7", "65521,7", "65528,0"})
    void content_is_padded_to_eight_bytes_with_zeros(int length, int padding) { // F6, F8, I9
        assertThat(RecordEncoder.padding(length)).isEqualTo(padding);
        ByteBuffer out = ByteBuffer.allocate(8).put(new byte[] {9, 9, 9, 9, 9, 9, 9, 9}).clear();
        RecordEncoder.pad(out, length);
        assertThat(written(out.flip())).isEqualTo(new byte[padding]);
    }

    @Test
    void the_longest_content_needs_no_padding() { // T4
        assertThat(RecordEncoder.padding(RecordEncoder.MAX_CONTENT)).isZero();
        assertThat(RecordEncoder.MAX_CONTENT + 8).isGreaterThan(0xffff);
    }

    @Test
    void what_does_not_fit_a_record_is_refused() { // F6
        ByteBuffer out = ByteBuffer.allocate(8);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordEncoder.header(out, RecordType.STDOUT, 1, 65_536, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordEncoder.header(out, RecordType.STDOUT, 1, 8, 256));
    }

    @Test
    void the_end_of_a_request_has_a_big_endian_status_and_zeros() { // F30
        ByteBuffer out = ByteBuffer.allocate(16);
        RecordEncoder.endRequest(out, 0x0102, 0x0a0b0c0d, ProtocolStatus.UNKNOWN_ROLE);
        assertThat(written(out.flip())).isEqualTo(hex("01 03 0102 0008 00 00  0a0b0c0d 03 000000"));
    }

    @Test
    void the_end_of_a_stream_is_an_empty_record() { // F31
        ByteBuffer out = ByteBuffer.allocate(8);
        RecordEncoder.endOfStream(out, RecordType.STDOUT, 1);
        assertThat(written(out.flip())).isEqualTo(hex("01 06 0001 0000 00 00"));
    }

    @Test
    void an_unknown_type_is_named_and_nothing_else() { // F24
        assertThat(written(RecordEncoder.unknownType(0xfe)))
                .isEqualTo(hex("01 0b 0000 0008 00 00  fe 00000000000000"));
    }

    @Test
    void pairs_fill_the_content_of_a_result_exactly() { // F22, I11
        assertThat(written(RecordEncoder.getValuesResult(Map.of())))
                .isEqualTo(hex("01 0a 0000 0000 00 00"));
        assertThat(
                        written(
                                RecordEncoder.getValuesResult(
                                        new TreeMap<>(Map.of("A", "1", "B", "23")))))
                .isEqualTo(
                        hex("01 0a 0000 0009 07 00  01 01 41 31  01 02 42 3233  00000000000000"));
    }
}
