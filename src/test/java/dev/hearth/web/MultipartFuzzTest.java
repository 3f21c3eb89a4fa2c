package dev.hearth.web;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hearth.http.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;

final class MultipartFuzzTest {

    @FuzzTest(maxDuration = "60s")
    void any_bytes_are_read_or_refused(byte[] bytes) throws IOException {
        MultipartReader reader = new MultipartReader(new ByteArrayInputStream(bytes), "b");
        try {
            while (reader.next().isPresent()) {
                reader.copyTo(OutputStream.nullOutputStream());
            }
        } catch (RefusedException expected) {
            // refused, as it should be
        }
    }
}
