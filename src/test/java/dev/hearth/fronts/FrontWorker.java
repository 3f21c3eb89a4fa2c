package dev.hearth.fronts;

import dev.hearth.fastcgi.FastCgiServer;
import dev.hearth.fastcgi.Limits;
import dev.hearth.fastcgi.ListenAddress;
import dev.hearth.fastcgi.Listener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/// [Site] in a process of its own, on the socket that it is started with as file descriptor 0, or the one that `--listen` names.
final class FrontWorker {
    private FrontWorker() {}

    public static void main(String[] args) throws Exception {
        try (Listener listener = ListenAddress.parse(address(args)).open();
                FastCgiServer server =
                        FastCgiServer.start(
                                List.of(listener.channel()), new Site(), Limits.DEFAULT)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
            server.awaitStop();
        }
    }

    private static String address(String[] args) {
        int option = List.of(args).indexOf("--listen");
        return option < 0 ? "fd:0" : args[option + 1];
    }

    private static void stop(FastCgiServer server) {
        try {
            server.stopAccepting();
            System.err.println("stopping");
            server.drain(Duration.ofSeconds(5));
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(0); // told to end, and ended: not 143
    }

    /// A program that a front server can start, in this folder.
    static Path script(Path folder) throws IOException {
        Path script = folder.resolve("worker");
        Files.writeString(
                script,
                """
                #!/bin/sh
                exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m -cp '%s' %s "$@"
                """
                        .formatted(
                                ProcessHandle.current().info().command().orElse("java"),
                                System.getProperty("java.class.path"),
                                FrontWorker.class.getName()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }
}
