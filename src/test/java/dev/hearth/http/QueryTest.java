package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QueryTest {

    @ParameterizedTest
    @ValueSource(strings = {"%", "a=%zz", "a=%f", "%ff=1", "a=%00", "a\0b=1", "a=\u20ac"})
    void what_is_no_text_is_refused(String raw) { // C8
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Query.parse(raw))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(400));
    }

    @Test
    void its_text_holds_no_values() {
        assertThat(Query.parse("token=secret&a=b")).hasToString("Query[token, a]");
    }
}
