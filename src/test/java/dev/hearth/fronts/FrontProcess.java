package dev.hearth.fronts;

import dev.hearth.testing.Await;
import dev.hearth.testing.ChildProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/// A front server in a process of its own, in the foreground, logging to its standard error.
record FrontProcess(ChildProcess process, int port) implements Front {

    /// Skips the test, naming the Debian package, where the program is missing.
    static void requirePackage(String debianPackage, Path file) {
        if (!Files.exists(file)) {
            String missing =
                    "SKIPPED: the Debian package %s is not installed (no %s)"
                            .formatted(debianPackage, file);
            System.err.println(missing);
            Assumptions.abort(missing);
        }
    }

    /// Starts the command and returns once it listens on the port.
    static FrontProcess start(
            String name,
            int port,
            Path folder,
            Map<String, String> environment,
            List<String> command)
            throws IOException {
        ChildProcess process = ChildProcess.start(name, folder, environment, command);
        FrontProcess started = new FrontProcess(process, port);
        try {
            Await.until(
                    name + " listens on " + port,
                    () -> {
                        if (!process.isAlive()) {
                            throw new IllegalStateException("it has ended");
                        }
                        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                            return true;
                        }
                    });
        } catch (AssertionError neverListened) {
            started.close();
            throw new AssertionError(name + " printed: " + process.output(), neverListened);
        }
        return started;
    }

    static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    /// Whether the tests run as root: servers then keep that user, to reach the folders of the test.
    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    @Override
    public String log() {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
    }
}
