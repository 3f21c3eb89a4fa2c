package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.MalformedInputException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ReasonsTest {

    @Test
    void a_failure_without_words_of_its_own_is_told_in_ours() {
        assertThat(Reasons.of(new ConnectException())).isEqualTo("nobody listens there");
        assertThat(Reasons.of(new NoSuchFileException("/a/b")))
                .isEqualTo("there is no such file or folder");
        assertThat(Reasons.of(new MalformedInputException(1))).isEqualTo("it is not text in UTF-8");
    }

    @Test
    void the_systems_own_words_are_kept() {
        assertThat(Reasons.of(new ConnectException("Connection refused")))
                .isEqualTo("Connection refused");
        assertThat(Reasons.of(new IOException("No space left on device")))
                .isEqualTo("No space left on device");
    }
}
