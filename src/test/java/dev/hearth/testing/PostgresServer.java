package dev.hearth.testing;

import dev.hearth.storage.DatabaseLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A real PostgreSQL of its own in a temporary folder, on a free port of the loopback address, run by a user
/// that is not root. [#shared] is started once for all tests of a JVM; each takes a database of its own.
public final class PostgresServer implements AutoCloseable {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final Path folder;
    private final int port;

    private PostgresServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    private static final class Shared {
        static final PostgresServer SERVER = start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
        }
    }

    /// The server that the tests of this JVM share. Never stop it.
    public static PostgresServer shared() {
        return Shared.SERVER;
    }

    /// Starts one for the caller alone.
    public static PostgresServer start() {
        try {
            Path folder = Files.createTempDirectory("hearth-pg");
            if (isRoot()) {
                run(List.of("chown", "postgres", folder.toString()));
            }
            int port = freePort();
            PostgresServer server = new PostgresServer(folder, port);
            server.asOwner("initdb", "-D", server.data(), "-U", "hearth", "-A", "trust", "-N");
            server.begin();
            return server;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    /// Starts it again after [#stop].
    public void begin() {
        asOwner(
                "pg_ctl",
                "-D",
                data(),
                "-w",
                "-l",
                folder.resolve("log").toString(),
                "-o",
                "-p %d -k %s -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
                        .formatted(port, folder),
                "start");
    }

    /// Ends it: `fast` as an administrator would, `immediate` as a crash would.
    public void stop(String mode) {
        asOwner("pg_ctl", "-D", data(), "-m", mode, "-w", "stop");
    }

    /// A new, empty database.
    public DatabaseLocation.PostgreSql newDatabase() {
        String name = "hearth_" + DATABASES.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(url("postgres"), "hearth", "")) {
            connection.createStatement().execute("CREATE DATABASE " + name);
        } catch (SQLException failed) {
            throw new AssertionError("no database could be made", failed);
        }
        return new DatabaseLocation.PostgreSql(url(name), "hearth", "", 12);
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    @Override
    public void close() {
        try {
            stop("immediate");
        } catch (IllegalStateException alreadyStopped) {
            // what was to be reached
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .map(Path::toFile)
                    .forEach(file -> file.delete());
        } catch (IOException leftBehind) {
            throw new UncheckedIOException(leftBehind);
        }
    }

    private void asOwner(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.add(bin().resolve(program).toString());
        command.addAll(List.of(arguments));
        run(command);
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /// The newest version that Debian's packages have installed.
    private static Path bin() {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        } catch (IOException missing) {
            throw new IllegalStateException(
                    "these tests need PostgreSQL 15 or newer: apt-get install postgresql", missing);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void run(List<String> command) {
        try {
            Path output = Files.createTempFile("hearth-pg", ".out");
            Process process =
                    new ProcessBuilder(command)
                            .directory(new java.io.File("/"))
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            String said = Files.readString(output);
            Files.delete(output);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(command + " failed: " + said);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
