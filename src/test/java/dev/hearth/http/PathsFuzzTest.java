package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

final class PathsFuzzTest {

    @FuzzTest(maxDuration = "60s")
    void any_path_is_refused_or_safe(FuzzedDataProvider data) {
        String path;
        try {
            path = Paths.fromRaw(data.consumeRemainingAsString());
        } catch (RefusedException refused) {
            return; // as it should be
        }
        assertThat(path).startsWith("/").doesNotContain("//", "/../", "/./", "\0", "\n");
        assertThat(path.endsWith("/..")).isFalse();
    }
}
