package dev.hearth.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hearth.service.PassedSockets.Passed;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassedSocketsTest {
    @Test
    void none_are_passed_without_the_variable() {
        assertThat(PassedSockets.of(Map.of(), 7)).isEmpty();
        assertThat(PassedSockets.of(Map.of("LISTEN_FDS", "", "LISTEN_PID", "8"), 7)).isEmpty();
    }

    @Test
    void they_begin_at_3_and_have_the_names_of_their_units() {
        assertThat(
                        PassedSockets.of(
                                Map.of(
                                        "LISTEN_FDS", "3",
                                        "LISTEN_PID", "7",
                                        "LISTEN_FDNAMES", "fastcgi::"),
                                7))
                .containsExactly(
                        new Passed(3, "fastcgi"),
                        new Passed(4, "unknown"),
                        new Passed(5, "unknown"));
    }

    @Test
    void those_of_another_process_are_refused_in_one_sentence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PassedSockets.of(Map.of("LISTEN_FDS", "1", "LISTEN_PID", "8"), 7))
                .withMessageContaining("is for process 8")
                .withMessageContaining("this is process 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PassedSockets.of(Map.of("LISTEN_FDS", "1"), 7))
                .withMessageContaining("for process nobody");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "65", "one", "1x", "99999999999"})
    void a_number_that_is_none_is_refused(String number) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> PassedSockets.of(Map.of("LISTEN_FDS", number, "LISTEN_PID", "7"), 7))
                .withMessageContaining("must be 1 to 64, was \"" + number + "\"");
    }
}
