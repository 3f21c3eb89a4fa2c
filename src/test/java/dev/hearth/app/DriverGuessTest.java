package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverGuessTest {
    @TempDir Path folder;

    private static boolean guess(Map<String, String> environment, String... arguments) {
        return DriverGuess.isSqlite(List.of(arguments), environment);
    }

    private String file(String text) throws Exception {
        return Files.writeString(folder.resolve("hearth.toml"), text).toString();
    }

    @Test
    void a_variable_decides_before_the_file() throws Exception {
        String file = file("database.url = \"jdbc:postgresql://db/hearth\"\n");
        String name = "HEARTH_DATABASE_URL";
        assertThat(guess(Map.of(name, "jdbc:postgresql://db/x"))).isFalse();
        assertThat(guess(Map.of(name, "jdbc:sqlite:/x.db", "HEARTH_CONFIG", file))).isTrue();
        assertThat(guess(Map.of(name, "", "HEARTH_CONFIG", file))).isFalse();
    }

    @Test
    void the_file_that_will_be_read_is_looked_at_but_for_its_comments() throws Exception {
        String file = file("[database]\n  url = \"jdbc:postgresql://db/hearth\"\n");
        assertThat(guess(Map.of(), "serve", "--config", file)).isFalse();
        assertThat(guess(Map.of(), "serve", "--config=" + file)).isFalse();
        assertThat(guess(Map.of("HEARTH_CONFIG", "/nowhere"), "--config=" + file)).isFalse();
        assertThat(guess(Map.of("HEARTH_CONFIG", file))).isFalse();

        file("  # url = \"jdbc:postgresql://db/hearth\"\n");
        assertThat(guess(Map.of("HEARTH_CONFIG", file))).isTrue();
    }

    @Test
    void without_a_file_that_can_be_read_it_is_sqlite() {
        assertThat(guess(Map.of("HEARTH_CONFIG", folder.resolve("none").toString()))).isTrue();
        assertThat(guess(Map.of(), "--config", "\0")).isTrue();
        assertThat(guess(Map.of("HEARTH_CONFIG", folder.toString()), "--config")).isTrue();
    }

    @Test
    void whether_there_is_a_file_of_settings() throws Exception {
        assertThat(DriverGuess.hasFile(Map.of("HEARTH_CONFIG", file("")))).isTrue();
        String none = folder.resolve("none").toString();
        assertThat(DriverGuess.hasFile(Map.of("HEARTH_CONFIG", none))).isFalse();
        assertThat(DriverGuess.hasFile(Map.of("HEARTH_CONFIG", "\0"))).isFalse();
    }
}
