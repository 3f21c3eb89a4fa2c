package dev.hearth.program;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// The compiler of the JDK that runs this, from text to bytes in memory.
final class Javac {
    private Javac() {}

    static CompiledProgram compile(
            String version, Path path, String className, String source, Consumer<String> warnings)
            throws DoesNotCompileException, IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IOException(
                    "this Java has no compiler: a JDK is needed, or a program that was compiled already");
        }
        StringWriter says = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Output output = new Output(files)) {
            boolean compiled =
                    compiler.getTask(
                                    says,
                                    output,
                                    null,
                                    List.of(
                                            "-cp",
                                            System.getProperty("java.class.path"),
                                            "-parameters",
                                            "-g",
                                            "-proc:none",
                                            // what its strings are joined by need not be made at
                                            // each start
                                            "-XDstringConcat=inline"),
                                    null,
                                    List.of(new Source(path, className, source)))
                            .call();
            if (!compiled) {
                throw new DoesNotCompileException(says.toString().stripTrailing());
            }
            warnings.accept(says.toString());
            return new CompiledProgram(version, className, output.classes());
        }
    }

    /// The file under the name that the user knows it by, whatever class it holds.
    private static final class Source extends SimpleJavaFileObject {
        private final Path path;
        private final String text;

        Source(Path path, String className, String text) {
            super(URI.create("string:///" + className + ".java"), Kind.SOURCE);
            this.path = path;
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public String getName() {
            return path.toString();
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return kind == Kind.SOURCE;
        }
    }

    private static final class Output extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new TreeMap<>();

        Output(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            URI name = URI.create("memory:///" + className.replace('.', '/') + kind.extension);
            return new SimpleJavaFileObject(name, kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    written.put(className, bytes);
                    return bytes;
                }
            };
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new TreeMap<>();
            written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }
    }
}
