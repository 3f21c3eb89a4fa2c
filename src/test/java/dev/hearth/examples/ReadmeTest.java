package dev.hearth.examples;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the README shows of the library's payments compiles.
class ReadmeTest {
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir Path folder;

    static Stream<String> codeOfPayments() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        int begin = readme.indexOf("\n## Payments\n");
        Matcher code = CODE.matcher(readme.substring(begin, readme.indexOf("\n## ", begin + 1)));
        List<String> all = new ArrayList<>();
        while (code.find()) {
            all.add(code.group(1));
        }
        assertThat(all).hasSizeGreaterThanOrEqualTo(2);
        return all.stream();
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
