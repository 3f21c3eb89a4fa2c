package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.ProtocolException;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import java.io.InputStream;

final class CgiRequestFuzzTest {

    @FuzzTest(maxDuration = "60s")
    void any_variables_make_a_request_or_are_refused(byte[] bytes) { // C1, C5, C8, C14, C36
        NameValuePairs pairs;
        try {
            pairs = NameValuePairs.decode(bytes, bytes.length, 1_000);
        } catch (ProtocolException refused) {
            return; // the engine's business
        }
        try {
            Request request =
                    new Request(
                            new CgiRequest(Variables.of(pairs), -1, InputStream.nullInputStream()));
            assertThat(request.path()).startsWith("/").doesNotContain("//", "/../", "\0", "\n");
            assertThat(request.method()).isNotEmpty();
            request.headers()
                    .forEach((name, value) -> {
                        assertThat(name + value).doesNotContain("\r", "\n", "\0");
                        assertThat(request.headers().first(name)).isEqualTo(request.header(name));
                    });
            request.cookies();
            request.host();
            request.scheme();
            request.protocol();
            request.variables();
            request.query().names();
        } catch (RefusedException refused) {
            assertThat(refused.problem().status()).isIn(400, 414);
        }
    }
}
