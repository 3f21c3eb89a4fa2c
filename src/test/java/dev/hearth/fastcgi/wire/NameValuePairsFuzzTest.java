package dev.hearth.fastcgi.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;

final class NameValuePairsFuzzTest {

    @FuzzTest(maxDuration = "60s")
    void any_bytes_are_refused_or_can_be_written_again(byte[] bytes) { // F17, F18, T2
        NameValuePairs pairs;
        try {
            pairs = NameValuePairs.decode(bytes, bytes.length, 1_000);
        } catch (ProtocolException refused) {
            return; // as it should be
        }
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        for (int i = 0; i < pairs.size(); i++) {
            NameValuePairs.encode(again, pairs.name(i), pairs.value(i));
            assertThat(pairs.find(pairs.name(i))).isGreaterThanOrEqualTo(i);
            assertThat(pairs.findFirst(pairs.name(i))).isLessThanOrEqualTo(i).isNotNegative();
        }
        assertThat(decode(again.toByteArray()).toMap()).isEqualTo(pairs.toMap());
    }

    private static NameValuePairs decode(byte[] bytes) {
        try {
            return NameValuePairs.decode(bytes, bytes.length, 1_000);
        } catch (ProtocolException ours) {
            throw new AssertionError(ours);
        }
    }
}
