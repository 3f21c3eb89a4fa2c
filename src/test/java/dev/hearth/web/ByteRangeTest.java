package dev.hearth.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class ByteRangeTest {
    @Test
    void is_told_in_ascii_whatever_the_locale() {
        Locale before = Locale.getDefault(Locale.Category.FORMAT);
        Locale.setDefault(Locale.Category.FORMAT, Locale.of("fa", "IR"));
        try {
            assertThat("%d".formatted(1)).as("what a locale can do").isEqualTo("\u06f1");
            assertThat(new ByteRange(0, 9).of(1_000)).isEqualTo("bytes 0-9/1000");
        } finally {
            Locale.setDefault(Locale.Category.FORMAT, before);
        }
    }
}
