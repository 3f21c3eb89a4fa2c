package dev.hearth.bench.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Where peers are built and run: `home` is the folder `bench`, `work` is for everything made, never committed.
public record Shop(Path home, Path work, Path java) {

    /// As the scripts in `bench` set it.
    public static Shop fromProperties() {
        return new Shop(
                Path.of(System.getProperty("bench.home")),
                Path.of(System.getProperty("bench.work")),
                Path.of(System.getProperty("java.home"), "bin", "java"));
    }

    public Path source(String below) {
        return home.resolve("peers").resolve(below);
    }

    public Path root() {
        return home.toAbsolutePath().getParent();
    }

    public Path made(String below) throws IOException {
        Path path = work.resolve(below);
        Files.createDirectories(path.getParent());
        return path;
    }

    /// A path for a unix socket; short, since 107 bytes are all that an address holds.
    public Path socket(String name) throws IOException {
        Path socket = made("s/" + name);
        Files.deleteIfExists(socket);
        return socket;
    }

    /// Removes a folder of ours, or nothing where there is none.
    public void delete(Path folder) throws IOException {
        if (!folder.startsWith(work)) {
            throw new IllegalArgumentException(folder + " is not in " + work);
        }
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /// Runs a step to its end and returns what it printed.
    public String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(work.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + output.strip());
        }
        return output;
    }

    /// What a command prints; empty where it cannot be run.
    public static String output(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(false).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output;
        } catch (IOException missing) {
            return "";
        }
    }

    public Path write(String below, String text) throws IOException {
        return Files.writeString(made(below), text);
    }

    /// A command as a reader of the results wants it: without the folders of the machine that measured.
    public String tidy(List<String> command) {
        return String.join(" ", command)
                .replace(java.toString(), "java")
                .replace(java.getParent().getParent().toString(), "JDK")
                .replace(work.toString(), "bench/scratch")
                .replace(root().toString() + "/", "");
    }

    public boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }
}
