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
    void a_page_is_told_which_field_is_no_text_and_keeps_the_others() {
        Query query = Query.parseReadable("a=x&b=%00&c=%ff&%zz=1&d=%41&b=y");

        assertThat(query.names()).containsExactly("a", "d", "b");
        assertThat(query.first("d")).contains("A");
        assertThat(query.isUnreadable("b")).isTrue();
        assertThat(query.isUnreadable("c")).isTrue();
        assertThat(query.isUnreadable("a")).isFalse();
        assertThat(Query.parseReadable("").names()).isEmpty();
    }

    @Test
    void more_parameters_than_any_form_has_are_refused_either_way() {
        String most = "a&".repeat(Query.MAX_PARAMETERS);

        assertThat(Query.parse(most).all("a")).hasSize(Query.MAX_PARAMETERS);
        assertThat(Query.parseReadable(most).all("a")).hasSize(Query.MAX_PARAMETERS);
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> Query.parse(most + "a"));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Query.parseReadable(most + "a"));
    }

    @Test
    void its_text_holds_no_values() {
        assertThat(Query.parse("token=secret&a=b")).hasToString("Query[token, a]");
    }
}
