package dev.hearth.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Hearth as it is installed in a place that sees nothing else, such as a container: `bin/hearth`, `lib/hearth.jar` and the libraries in `lib/lib`, of what this test
/// runs with; the program is one of the test's own.
public final class StandaloneInstallation {
    private StandaloneInstallation() {}

    /// Lays it out in a folder.
    public static void in(Path folder, Class<?> program) throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Path libraries = Files.createDirectories(folder.resolve("lib/lib"));
        Path launcher = folder.resolve("bin/hearth");
        Files.copy(Path.of("bin/hearth"), launcher);
        List<String> names = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":")) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                String name = "classes-" + names.size() + ".jar";
                pack(path, libraries.resolve(name));
                names.add(name);
            } else if (Files.exists(path) && !names.contains(path.getFileName().toString())) {
                link(path, libraries.resolve(path.getFileName()));
                names.add(path.getFileName().toString());
            }
        }
        writeProgram(folder.resolve("lib/hearth.jar"), program, names);
    }

    private static void writeProgram(Path jar, Class<?> program, List<String> libraries)
            throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, program.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                libraries.stream().map("lib/"::concat).collect(Collectors.joining(" ")));
        attributes.put(new Attributes.Name("Enable-Native-Access"), "ALL-UNNAMED");
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(each -> !each.equals(classes)).toList()) {
                boolean folder = Files.isDirectory(file);
                // Folders as well: Flyway looks for its scripts in one.
                out.putNextEntry(new JarEntry(classes.relativize(file) + (folder ? "/" : "")));
                if (!folder) {
                    Files.copy(file, out);
                }
            }
        }
    }

    private static void link(Path library, Path here) throws IOException {
        try {
            Files.createLink(here, library.toRealPath());
        } catch (FileSystemException otherDisk) {
            Files.copy(library, here);
        }
    }
}
