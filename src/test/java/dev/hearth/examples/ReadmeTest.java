package dev.hearth.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the README shows of the library's payments and of tests compiles.
class ReadmeTest {
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir Path folder;

    static Stream<String> codeOfPayments() throws Exception {
        List<String> all = codeOf("\n## Payments\n", "\n## ");
        assertThat(all).hasSizeGreaterThanOrEqualTo(2);
        return all.stream();
    }

    private static List<String> codeOf(String heading, String nextHeading) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        int begin = readme.indexOf(heading);
        Matcher code =
                CODE.matcher(readme.substring(begin, readme.indexOf(nextHeading, begin + 1)));
        List<String> all = new ArrayList<>();
        while (code.find()) {
            all.add(code.group(1));
        }
        return all;
    }

    @Test
    void its_code_about_tests_compiles() throws Exception {
        List<String> code = codeOf("\n### Tests\n", "\n### ");

        assertThat(code).hasSize(1);
        assertCompiles(
                """
                import static org.assertj.core.api.Assertions.assertThat;
                import dev.hearth.*;
                import dev.hearth.app.Application;

                record NewItem(String name) {}
                record Item(long id, boolean paid) {}

                static class Shop {
                    static void routes(Application app) {}
                }

                void main() {
                %s
                }
                """
                        .formatted(code.getFirst()));
    }

    @ParameterizedTest
    @MethodSource("codeOfPayments")
    void its_code_about_payments_compiles(String code) {
        String program =
                """
                import dev.hearth.Hearth;
                import dev.hearth.http.*;
                import dev.hearth.payment.*;
                import dev.hearth.payment.Currency;

                void main(String[] args) {
                    Hearth.run(args, app -> {
                %s
                    });
                }
                """
                        .formatted(code);
        assertCompiles(program);
    }

    private void assertCompiles(String program) {
        StringWriter errors = new StringWriter();
        boolean compiled =
                ToolProvider.getSystemJavaCompiler()
                        .getTask(
                                errors,
                                null,
                                null,
                                List.of(
                                        "-proc:none",
                                        "-d",
                                        folder.toString(),
                                        "-cp",
                                        System.getProperty("java.class.path")),
                                null,
                                List.of(source(program)))
                        .call();
        assertThat(compiled).as(errors.toString()).isTrue();
    }

    private static JavaFileObject source(String text) {
        return new SimpleJavaFileObject(
                URI.create("string:///Shown.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
