package dev.hearth.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every numbered statement about the wire is named by a test that proves it, in a comment beside its name:
/// F for FastCGI 1.0, C for CGI/1.1, I for what front servers do, T for traps.
class StatementsTest {
    private static final Map<String, Integer> STATEMENTS =
            Map.of("F", 46, "C", 36, "I", 16, "T", 22);
    private static final Pattern COMMENT = Pattern.compile("// ((?:[FCIT][0-9]{1,2}(?:, )?)+)");

    @Test
    void each_is_named_by_a_test() throws IOException {
        Set<String> all =
                STATEMENTS.entrySet().stream()
                        .flatMap(kind ->
                                IntStream.rangeClosed(1, kind.getValue())
                                        .mapToObj(number -> kind.getKey() + number))
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> named = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            files.filter(Files::isRegularFile).forEach(file -> named.addAll(statementsIn(file)));
        }
        assertThat(all).allSatisfy(statement -> assertThat(named).contains(statement));
        assertThat(all).as("a statement that does not exist").containsAll(named);
    }

    private static Set<String> statementsIn(Path file) {
        try {
            return COMMENT.matcher(Files.readString(file))
                    .results()
                    .flatMap(match -> Stream.of(match.group(1).split(", ")))
                    .collect(Collectors.toSet());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
