package dev.hearth.bench.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a figure was measured on, and how quiet it was there.
public final class Machine {

    private Machine() {}

    /// Processor, cores, memory, kernel, system: what a reader needs to compare.
    public static Map<String, String> describe() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processor", fact("/proc/cpuinfo", "model name"));
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", fact("/proc/meminfo", "MemTotal"));
        facts.put("kernel", Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
        facts.put("system", osRelease());
        facts.put(
                "java",
                System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version"));
        return facts;
    }

    private static String fact(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.split(":", 2)[1].strip())
                .findFirst()
                .orElse("unknown");
    }

    private static String osRelease() throws IOException {
        return Files.readAllLines(Path.of("/etc/os-release")).stream()
                .filter(line -> line.startsWith("PRETTY_NAME="))
                .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                .findFirst()
                .orElse("unknown");
    }

    /// The first line that a command prints, or why it could not be run.
    public static String version(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException missing) {
            return "not installed";
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text.lines().findFirst().orElse("").strip();
    }

    /// Milliseconds that a fixed piece of work takes on one core: equal work, so its spread is the machine's noise.
    public static double fixedWorkMillis() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[1 << 20];
            long began = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                digest.update(block);
            }
            digest.digest();
            return (System.nanoTime() - began) / 1e6;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }

    /// CPU time since start that went to `user, nice, system, …, steal` of all cores, in ticks of 10 ms.
    public static List<Long> cpuTicks() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/stat")).getFirst();
        return java.util.Arrays.stream(line.split(" +")).skip(1).map(Long::valueOf).toList();
    }
}
