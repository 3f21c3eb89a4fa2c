package dev.hearth.bench.peer;

import dev.hearth.bench.peer.Peer.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// JVMs of the peers: every one gets the same flags, those that `bin/hearth` gives a server.
final class Jvm {

    private static final List<String> FLAGS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:-UsePerfData",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Xms24m",
                    "-Xmx256m",
                    "-XX:NewSize=10m",
                    "-XX:SurvivorRatio=5",
                    "-XX:TargetSurvivorRatio=80",
                    "-XX:TrimNativeHeapInterval=10000",
                    "-XX:CompileThresholdScaling=2");

    /// What `bin/hearth` tells glibc.
    private static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "2");

    private Jvm() {}

    /// A program of the bench's own jar.
    ///
    /// @param name names its log of collections
    static Command own(Shop shop, String name, Class<?> program, String... arguments)
            throws IOException {
        Path target = shop.home().resolve("java/target");
        return command(
                shop,
                name,
                List.of(
                        "-cp",
                        target.resolve("hearth-bench.jar") + ":" + target.resolve("lib/*"),
                        program.getName()),
                arguments);
    }

    /// A program of `bench/peers/hearth`, compiled and run against Hearth's jar as a user's would be.
    static Command onHearth(Shop shop, String name, String program, String... arguments)
            throws IOException, InterruptedException {
        Path jar = shop.root().resolve("target/hearth.jar");
        Path classes = compiled(shop, jar, program);
        return command(
                shop,
                name,
                List.of("--enable-native-access=ALL-UNNAMED", "-cp", jar + ":" + classes, program),
                arguments);
    }

    private static Command command(
            Shop shop, String name, List<String> program, String... arguments) throws IOException {
        Path log = shop.made("run/gc-" + name + ".log");
        Files.deleteIfExists(log);
        List<String> words = new ArrayList<>();
        words.add(shop.java().toString());
        words.addAll(FLAGS);
        words.add("-Xlog:gc:file=" + log + ":uptime:filecount=0");
        words.addAll(program);
        words.addAll(List.of(arguments));
        return new Command(words, ENVIRONMENT, Optional.of(log));
    }

    private static Path compiled(Shop shop, Path jar, String program)
            throws IOException, InterruptedException {
        if (!Files.exists(jar)) {
            throw new IOException(jar + " is missing: build Hearth first");
        }
        Path classes = shop.made("hearth-" + program);
        shop.run(
                shop.java().resolveSibling("javac").toString(),
                "-cp",
                jar + ":" + shop.root().resolve("target/lib/*"),
                "-d",
                classes.toString(),
                shop.source("hearth/" + program + ".java").toString());
        return classes;
    }
}
