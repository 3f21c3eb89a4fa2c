package dev.hearth.testing;

import dev.hearth.app.Main;
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

/// Hearth as it is installed in a place that sees nothing else, such as a container: `bin/hearth`, `lib/hearth.jar`
/// and the libraries in `lib/lib`, of what this test runs with. The launcher starts a program of the test's own.
public final class StandaloneInstallation {
    private StandaloneInstallation() {}

    /// Lays it out in a folder.
    public static void in(Path folder, Class<?> program) throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Path libraries = Files.createDirectories(folder.resolve("lib/lib"));
        Path launcher = folder.resolve("bin/hearth");
        Files.copy(Path.of("bin/hearth"), launcher); // with its mode
        Files.writeString(
                launcher,
                Files.readString(launcher).replace(Main.class.getName(), program.getName()));
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
        writeJar(folder.resolve("lib/hearth.jar"), names);
    }

    /// A jar that holds nothing but the names of the others.
    private static void writeJar(Path jar, List<String> libraries) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(
                Attributes.Name.CLASS_PATH,
                libraries.stream().map("lib/"::concat).collect(Collectors.joining(" ")));
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
