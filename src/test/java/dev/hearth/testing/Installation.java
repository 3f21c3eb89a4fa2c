package dev.hearth.testing;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/// A folder as an installer makes it: the real `bin/hearth`, and a `lib/hearth.jar` that holds nothing but the names
/// of the classes under test.
public record Installation(Path folder) {

    /// Installs into this folder, which is made.
    public static Installation in(Path folder) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path lib = Files.createDirectories(folder.resolve("lib"));
        Files.copy(
                Path.of("bin/hearth"),
                bin.resolve("hearth"),
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, "dev.hearth.app.Main");
        main.putValue("Enable-Native-Access", "ALL-UNNAMED");
        main.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        try (OutputStream out = Files.newOutputStream(lib.resolve("hearth.jar"));
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
        return new Installation(folder);
    }

    /// The launcher.
    public Path command() {
        return folder.resolve("bin/hearth");
    }
}
