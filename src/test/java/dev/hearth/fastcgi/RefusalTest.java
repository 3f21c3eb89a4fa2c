package dev.hearth.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
    /// As `gateway` names them, whichever gateway it is.
    @ParameterizedTest
    @CsvSource({
        "BAD_LENGTH, 400, bad-content-length",
        "BODY_CUT, 400, content-cut",
        "TIMEOUT, 408, request-timeout",
        "BODY_TOO_LARGE, 413, content-too-large",
        "PARAMS_TOO_LARGE, 431, headers-too-large",
        "FAILED, 500, internal-error",
        "OVERLOADED, 503, busy",
    })
    void a_refusal_of_the_engine_has_the_type_of_a_gateways(
            Refusal refusal, int status, String type) {
        assertThat(new String(refusal.response(), StandardCharsets.ISO_8859_1))
                .startsWith("Status: " + status + " ")
                .contains("{\"type\":\"urn:hearth:problem:" + type + "\",");
    }
}
