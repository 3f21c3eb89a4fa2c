package dev.hearth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever is handed to operators is loaded by a test.
class DeployTest {
    private static final Path DEPLOY = Path.of("deploy");

    /// The tests, as text; this one would name every file.
    private static final List<String> TESTS =
            Stream.of(
                            files(Path.of("src/test/java"))
                                    .filter(f -> !f.endsWith("DeployTest.java")),
                            files(Path.of("src/dist/test")))
                    .flatMap(files -> files)
                    .map(DeployTest::read)
                    .toList();

    static Stream<Path> deployed() {
        return files(DEPLOY).filter(file -> !file.toString().endsWith(".md"));
    }

    @ParameterizedTest
    @MethodSource("deployed")
    void every_file_of_deploy_is_named_by_a_test_that_loads_it(Path file) {
        String folder = DEPLOY.relativize(file).getName(0).toString();
        String name = file.getFileName().toString();
        assertThat(TESTS.stream().anyMatch(test -> isNamed(name, folder, test)))
                .as("a test names %s", file)
                .isTrue();
    }

    /// By its name and that of its server; or with all others of its folder.
    private static boolean isNamed(String name, String folder, String test) {
        return test.contains("every file of deploy/" + folder)
                || (Pattern.compile("[\"/]" + Pattern.quote(name) + "[\"`]").matcher(test).find()
                        && test.toLowerCase(Locale.ROOT).contains(folder));
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
