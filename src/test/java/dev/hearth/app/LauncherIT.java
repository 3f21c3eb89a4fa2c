package dev.hearth.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launchers with a program of a few lines in place of Hearth, installed in a folder: which code do they run?
class LauncherIT {
    private static final String PROGRAM =
            """
            package dev.hearth.app;

            public class Main {
                public static void main(String[] words) throws Exception {
                    java.util.List<String> said = java.util.List.of(words);
                    boolean once = said.isEmpty() || said.contains("version");
                    if (!once && (words[0].equals("serve") || words[0].equals("run"))) {
                        System.out.println("the program is ready at http://127.0.0.1:1");
                        Thread.currentThread().join();
                    }
                    if (said.contains("--environment")) {
                        System.out.println(System.getenv("MALLOC_ARENA_MAX"));
                        return;
                    }
                    System.out.println("this is the VERSION code" + String.join(",", words));
                }
            }
            """;

    private static final FileTime LONG_AGO = FileTime.fromMillis(1_700_000_000_000L);

    @TempDir Path folder;

    private Path jar;

    private record Run(int exitCode, String output, String errors) {}

    @BeforeEach
    void install() throws Exception {
        jar = folder.resolve("lib/hearth.jar");
        Files.createDirectories(folder.resolve("lib/lib"));
        Files.createDirectories(folder.resolve("bin"));
        for (String launcher : List.of("hearth", "hearth-cgi")) {
            Files.copy(
                    Path.of("bin", launcher),
                    folder.resolve("bin").resolve(launcher),
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        writeJar("old");
        writeLibrary();
    }

    /// Versions of three letters make jars of one length, and all were written at one time.
    private void writeJar(String version) throws IOException {
        writeJar(version, PROGRAM);
    }

    private void writeJar(String version, String program) throws IOException {
        Path source = Files.createDirectories(folder.resolve(version)).resolve("Main.java");
        Files.writeString(source, program.replace("VERSION", version));
        int code =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-d",
                                source.getParent().toString(),
                                source.toString());
        assertThat(code).isZero();
        byte[] compiled = Files.readAllBytes(source.resolveSibling("dev/hearth/app/Main.class"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "lib/some.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            ZipEntry entry = new ZipEntry("dev/hearth/app/Main.class");
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(compiled.length);
            CRC32 sum = new CRC32();
            sum.update(compiled);
            entry.setCrc(sum.getValue());
            entry.setLastModifiedTime(LONG_AGO);
            out.putNextEntry(entry);
            out.write(compiled);
        }
        Files.setLastModifiedTime(jar, LONG_AGO);
    }

    private void writeLibrary() throws IOException {
        try (OutputStream file = Files.newOutputStream(folder.resolve("lib/lib/some.jar"));
                JarOutputStream out = new JarOutputStream(file, new Manifest())) {
            out.putNextEntry(new ZipEntry("nothing"));
        }
    }

    private Run run(Map<String, String> more, String launcher, String... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(folder.resolve("bin").resolve(launcher).toString());
        command.addAll(List.of(words));
        return run(more, command);
    }

    private Run run(Map<String, String> more, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.putAll(more);
        Path errors = folder.resolve("stderr");
        Process process =
                builder.redirectInput(Path.of("/dev/null").toFile())
                        .redirectError(errors.toFile())
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), output, Files.readString(errors));
    }

    private Run asCgi(Map<String, String> more, String launcher, String... words) throws Exception {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("GATEWAY_INTERFACE", "CGI/1.1");
        return run(environment, launcher, words);
    }

    private void train() throws Exception {
        Run trained = run(Map.of(), "hearth", "train");
        assertThat(trained.errors()).contains("learned");
        assertThat(trained.exitCode()).isZero();
    }

    private String whereTheProgramCameFrom() throws IOException {
        return Files.readAllLines(folder.resolve("classes")).stream()
                .filter(line -> line.contains(" dev.hearth.app.Main "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void what_learns_uses_nothing_that_the_environment_names() throws Exception {
        writeJar(
                "old",
                PROGRAM.replace(
                        "java.util.List<String> said",
                        "if (System.getenv().containsValue(\"theirs\")) System.exit(1); java.util.List<String> said"));
        Map<String, String> theirs = new HashMap<>();
        for (String name :
                List.of(
                        "HEARTH_DATABASE_URL",
                        "HEARTH_HTTP",
                        "HEARTH_STRIPE_API_KEY",
                        "HEARTH_RUN",
                        "PORT",
                        "CREDENTIALS_DIRECTORY",
                        "NOTIFY_SOCKET")) {
            theirs.put(name, "theirs");
        }

        Run trained = run(theirs, "hearth", "train");

        assertThat(trained.errors()).contains("learned; the caches are in");
        assertThat(trained.exitCode()).isZero();
        assertThat(run(theirs, "hearth", "version").exitCode()).as("a run of theirs").isOne();
    }

    @Test
    void a_trained_program_comes_from_the_cache() throws Exception {
        train();
        Map<String, String> logged =
                Map.of("HEARTH_JAVA_OPTIONS", "-Xlog:class+load:file=" + folder.resolve("classes"));

        assertThat(asCgi(logged, "hearth-cgi").output()).isEqualTo("this is the old code\n");
        assertThat(whereTheProgramCameFrom()).contains("shared objects file");
        assertThat(run(logged, "hearth", "version").output()).contains("the old code");
        assertThat(whereTheProgramCameFrom()).contains("shared objects file");
    }

    @Test
    void a_changed_jar_is_never_served_from_the_cache_of_the_old_one() throws Exception {
        train();
        long size = Files.size(jar);
        writeJar("new");
        assertThat(Files.size(jar)).isEqualTo(size);
        assertThat(Files.getLastModifiedTime(jar)).isEqualTo(LONG_AGO);

        for (Run run :
                List.of(
                        asCgi(Map.of(), "hearth-cgi"),
                        asCgi(Map.of(), "hearth"),
                        run(Map.of(), "hearth", "version"))) {
            assertThat(run.output()).startsWith("this is the new code");
            assertThat(run.errors()).hasLineCount(1).contains("made from other jars");
            assertThat(run.exitCode()).isZero();
        }
    }

    /// Makes a checkout of the installation, which is trained and whose sources are newer than its jar, with a Maven that
    /// builds this program.
    private Map<String, String> checkoutThatBuilds(String program) throws Exception {
        Files.createDirectories(folder.resolve("src/main"));
        Files.createFile(folder.resolve("pom.xml"));
        Files.move(folder.resolve("lib"), folder.resolve("target"));
        jar = folder.resolve("target/hearth.jar");
        FileTime longerAgo = FileTime.fromMillis(LONG_AGO.toMillis() - 1_000);
        Files.setLastModifiedTime(folder.resolve("pom.xml"), longerAgo);
        Files.setLastModifiedTime(folder.resolve("src/main"), longerAgo);
        train();
        jar = folder.resolve("built.jar");
        writeJar("new", program);
        Path maven = Files.createDirectories(folder.resolve("tools")).resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\ncp built.jar target/hearth.jar\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        Files.setLastModifiedTime(folder.resolve("pom.xml"), FileTime.from(Instant.now()));
        return Map.of("PATH", maven.getParent() + ":/usr/bin:/bin");
    }

    @Test
    void what_it_builds_is_learned_at_once() throws Exception {
        Map<String, String> maven = checkoutThatBuilds(PROGRAM);
        Run first = run(maven, "hearth", "version");
        assertThat(first.output()).isEqualTo("this is the new codeversion\n");
        assertThat(first.errors()).contains("built in", "learning").doesNotContain("stay slower");

        Run second = run(maven, "hearth", "version");
        assertThat(second.output()).isEqualTo(first.output());
        assertThat(second.errors()).isEmpty();
    }

    /// Its Maven, as the real one, writes into the jar that is there.
    @Test
    void what_runs_keeps_the_jar_that_it_was_started_from() throws Exception {
        Map<String, String> maven = checkoutThatBuilds(PROGRAM);
        Path started = folder.resolve("target/hearth.jar");
        byte[] old = Files.readAllBytes(started);
        Path open = Files.createLink(folder.resolve("open.jar"), started);

        assertThat(run(maven, "hearth", "version").output()).startsWith("this is the new code");
        assertThat(open).hasBinaryContent(old);
    }

    @Test
    void a_source_of_a_time_to_come_does_not_stop_the_start() throws Exception {
        Map<String, String> maven = checkoutThatBuilds(PROGRAM);
        Files.setLastModifiedTime(
                folder.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(3_600)));
        Run run = run(maven, "hearth", "version");
        assertThat(run.output()).isEqualTo("this is the new codeversion\n");
        assertThat(run.errors()).contains("learning").doesNotContain("stay slower");
    }

    @Test
    void what_another_command_has_built_meanwhile_runs_without_the_cache_of_the_old()
            throws Exception {
        Map<String, String> tools = checkoutThatBuilds(PROGRAM);
        Path flock = folder.resolve("tools/flock"); // waits until the other has built
        Files.writeString(
                flock, "#!/bin/sh\ncd '" + folder + "' && cp built.jar target/hearth.jar\n");
        assertThat(flock.toFile().setExecutable(true)).isTrue();
        Run run = run(tools, "hearth", "version");
        assertThat(run.output()).isEqualTo("this is the new codeversion\n");
        assertThat(run.errors()).doesNotContain("building");
    }

    @Test
    void what_it_builds_runs_without_the_cache_of_the_old_where_nothing_can_be_learned()
            throws Exception {
        Map<String, String> maven =
                checkoutThatBuilds(
                        PROGRAM.replace("Thread.currentThread().join();", "System.exit(1);")
                                .replace("is ready", "is not"));
        Run run = run(maven, "hearth", "version");
        assertThat(run.output()).isEqualTo("this is the new codeversion\n");
        assertThat(run.errors()).contains("stay slower");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void a_library_that_is_added_ends_the_use_of_the_cache_too() throws Exception {
        train();
        Files.copy(folder.resolve("lib/lib/some.jar"), folder.resolve("lib/lib/more.jar"));
        assertThat(asCgi(Map.of(), "hearth-cgi").errors()).contains("made from other jars");
    }

    @Test
    void a_cache_of_another_jvm_is_left_alone_with_one_line() throws Exception {
        train();
        Path java = folder.resolve("another/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(
                java,
                "#!/bin/sh\nexec '%s/bin/java' \"$@\"\n"
                        .formatted(System.getProperty("java.home")));
        Files.createDirectories(folder.resolve("another/lib"));
        Files.writeString(folder.resolve("another/lib/modules"), "another");
        assertThat(java.toFile().setExecutable(true)).isTrue();

        Map<String, String> other = Map.of("HEARTH_JAVA", java.toString());
        Run run = asCgi(other, "hearth-cgi");
        assertThat(run.output()).isEqualTo("this is the old code\n");
        assertThat(run.errors()).hasLineCount(1).contains("by another JVM");
        assertThat(run(other, "hearth", "version").errors()).hasLineCount(1);
    }

    @Test
    void what_the_jvm_makes_of_a_broken_cache_does_not_reach_standard_output() throws Exception {
        train();
        Run run =
                asCgi(
                        Map.of("HEARTH_JAVA_OPTIONS", "-XX:+UseParallelGC -XX:-UseSerialGC"),
                        "hearth-cgi");
        assertThat(run.output()).isEqualTo("this is the old code\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void a_server_shares_few_stores_of_memory_unless_told_otherwise() throws Exception {
        assertThat(run(Map.of(), "hearth", "--environment").output()).isEqualTo("2\n");
        Map<String, String> own = Map.of("MALLOC_ARENA_MAX", "5");
        assertThat(run(own, "hearth", "--environment").output()).isEqualTo("5\n");
    }

    @Test
    void words_of_a_query_reach_neither_the_jvm_nor_the_program() throws Exception { // C21
        for (String launcher : List.of("hearth-cgi", "hearth")) {
            Run untrained = asCgi(Map.of(), launcher, "-version", "-XshowSettings");
            assertThat(untrained.output()).isEqualTo("this is the old code\n");
        }
        train();
        Run trained = asCgi(Map.of(), "hearth-cgi", "-version", "-XshowSettings");
        assertThat(trained.output()).isEqualTo("this is the old code\n");
    }

    @Test
    void no_file_of_the_jvm_is_taken_for_a_body_where_the_web_server_gives_none() throws Exception {
        writeJar(
                "own",
                """
                package dev.hearth.app;

                public class Main {
                    public static void main(String[] words) throws Exception {
                        System.out.println(System.in.read() + " " + System.getenv("HTTP_PROXY"));
                    }
                }
                """);
        Map<String, String> request =
                Map.of("GATEWAY_INTERFACE", "CGI/1.1", "HTTP_PROXY", "http://192.0.2.1");
        for (String launcher : List.of("hearth-cgi", "hearth")) {
            String program = folder.resolve("bin").resolve(launcher).toString();
            Run closed = run(request, List.of("sh", "-c", "exec \"$0\" <&-", program));
            assertThat(closed.output()).isEqualTo("-1 null\n"); // C35
        }
        // Of no request, it is the operator's own.
        assertThat(run(Map.of("HTTP_PROXY", "http://own"), "hearth").output())
                .isEqualTo("-1 http://own\n");
    }

    @Test
    void tells_the_program_that_standard_input_is_what_was_passed() throws Exception {
        writeJar(
                "own",
                """
                package dev.hearth.app;

                public class Main {
                    public static void main(String[] words) throws Exception {
                        System.out.println(
                                System.getProperty("hearth.passed") + " " + System.getenv("LISTEN_FDS"));
                    }
                }
                """);
        String launcher = folder.resolve("bin/hearth").toString();
        String start = "export LISTEN_FDS=%s LISTEN_PID=$$; exec \"$0\" 3< /dev/null 4< /dev/null";
        assertThat(run(Map.of(), List.of("sh", "-c", start.formatted("1"), launcher)).output())
                .isEqualTo("true null\n");
        assertThat(run(Map.of(), List.of("sh", "-c", start.formatted("2"), launcher)).output())
                .isEqualTo("null 2\n");
    }
}
