package dev.hearth.fastcgi.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

final class RecordDecoderFuzzTest {

    @FuzzTest(maxDuration = "60s")
    void any_bytes_are_read_or_refused_however_they_are_cut(byte[] bytes) { // F10, T2
        byte[][] single = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            single[i] = new byte[] {bytes[i]};
        }
        assertThat(outcome(single)).isEqualTo(outcome(bytes));
    }

    private static List<String> outcome(byte[]... pieces) {
        try {
            return Wire.decode(new RecordDecoder(), pieces);
        } catch (ProtocolException refused) {
            return List.of(String.valueOf(refused.getMessage()));
        }
    }
}
