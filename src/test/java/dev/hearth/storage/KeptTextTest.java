package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeptTextTest {
    private static final String SMILE = "\ud83d\ude00";

    @Test
    void leaves_text_alone_that_every_database_keeps() {
        String text = "Zürich\t€\n" + SMILE + "\u007f\u0001";
        assertThat(KeptText.of(text, 100)).isEqualTo(text);
        assertThat(KeptText.of("", 100)).isEmpty();
    }

    @Test
    void replaces_what_no_database_keeps() {
        assertThat(KeptText.of("a\0b", 100)).isEqualTo("a\ufffdb");
        assertThat(KeptText.of("\ud83d a \ude00", 100)).isEqualTo("\ufffd a \ufffd");
    }

    @Test
    void cuts_between_characters() {
        assertThat(KeptText.of("abc", 3)).isEqualTo("abc");
        assertThat(KeptText.of("abcd", 3)).isEqualTo("abc");
        assertThat(KeptText.of("ab" + SMILE, 4)).isEqualTo("ab" + SMILE);
        assertThat(KeptText.of("ab" + SMILE, 3)).isEqualTo("ab");
    }
}
