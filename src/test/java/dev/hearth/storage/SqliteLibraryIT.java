package dev.hearth.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.DatabaseLocation.SqliteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// In processes of their own: a library is loaded once in each.
class SqliteLibraryIT {
    @TempDir Path folder;

    /// Opens the database that its argument names, and tells which library it loaded.
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            try (Database database =
                    Database.openForOneRequest(new SqliteFile(Path.of(arguments[0])))) {
                database.read(tx -> tx.query("SELECT 1", _ -> 1));
            }
            try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                maps.filter(line -> line.contains("sqlite") && line.contains("r-xp"))
                        .map(line -> line.substring(line.indexOf('/')))
                        .forEach(System.out::println);
            }
        }
    }

    private String libraryLoaded() throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        ProcessHandle.current().info().command().orElse("java"),
                                        "-XX:TieredStopAtLevel=1",
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Program.class.getName(),
                                        folder.resolve("hearth.db").toString()))
                        .redirectError(folder.resolve("stderr").toFile())
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return output.strip();
    }

    private Path kept() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("native"))) {
            return files.toList().getFirst();
        }
    }

    @Test
    void is_unpacked_once_and_loaded_from_there_ever_after() throws Exception {
        assertThat(libraryLoaded()).startsWith(folder.resolve("native").toString());
        FileTime unpacked = Files.getLastModifiedTime(kept());

        assertThat(libraryLoaded()).isEqualTo(kept().toString());
        assertThat(Files.getLastModifiedTime(kept())).isEqualTo(unpacked);
    }

    @Test
    void is_not_loaded_where_others_may_have_written_it() throws Exception {
        libraryLoaded();
        Files.setPosixFilePermissions(kept(), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(libraryLoaded()).doesNotStartWith(folder.toString()).contains("sqlite");
        assertThat(folder.resolve("stderr")).content().contains("others may have written it");
    }

    @Test
    void is_not_loaded_through_a_link() throws Exception {
        libraryLoaded();
        Path library = kept();
        Files.createSymbolicLink(library, Files.move(library, folder.resolve("planted.so")));

        assertThat(libraryLoaded()).doesNotStartWith(folder.toString()).contains("sqlite");
    }
}
