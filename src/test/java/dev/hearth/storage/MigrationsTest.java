package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.storage.CannotStartException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationsTest {
    @TempDir Path folder;

    private static List<Integer> scripts(Dialect dialect) throws IOException {
        try (Stream<Path> files =
                Files.list(Path.of("src/main/resources", Migrations.FOLDER, dialect.folder()))) {
            return files.map(file -> file.getFileName().toString())
                    .map(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_newest_script_is_the_one_the_program_knows(Dialect dialect) throws IOException {
        assertThat(scripts(dialect)).last().isEqualTo(Migrations.NEWEST);
    }

    @Test
    void both_folders_have_the_same_versions() throws IOException {
        assertThat(scripts(Dialect.SQLITE)).isEqualTo(scripts(Dialect.POSTGRESQL));
    }

    @Test
    void a_newer_schema_is_refused_with_a_sentence() throws Exception {
        var location = new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        try (Database database = Database.open(location)) {
            database.write(tx ->
                    tx.update(
                            """
                            INSERT INTO flyway_schema_history
                            SELECT installed_rank + 1, '999', 'newer', type, 'V999__newer.sql', checksum,
                                   installed_by, installed_on, execution_time, success
                              FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1
                            """));
        }

        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> Database.open(location).close())
                .withMessageContaining("schema version 999")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION));
    }
}
