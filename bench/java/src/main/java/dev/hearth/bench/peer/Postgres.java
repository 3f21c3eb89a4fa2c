package dev.hearth.bench.peer;

import dev.hearth.bench.host.ServerProcess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A PostgreSQL of the bench's own: fresh, on a loopback port, with its defaults (fsync and synchronous_commit are on).
public final class Postgres implements AutoCloseable {

    /// The database of the Hearth that handles no events.
    public static final String TAKING_IN_ONLY = "hearth_takes_in";

    private final Shop shop;
    private final ServerProcess server;
    private final int port;

    private Postgres(Shop shop, ServerProcess server, int port) {
        this.shop = shop;
        this.server = server;
        this.port = port;
    }

    public static Postgres start(Shop shop) throws IOException, InterruptedException {
        Path programs = programs();
        Path folder = shop.made("pg");
        shop.delete(folder);
        Files.createDirectories(folder);
        if (shop.isRoot()) {
            // PostgreSQL refuses to run as root.
            shop.run("chown", "postgres", folder.toString());
        }
        shop.run(
                asServer(
                                shop,
                                programs.resolve("initdb").toString(),
                                "-D",
                                folder.resolve("data").toString(),
                                "-U",
                                "bench",
                                "-A",
                                "trust",
                                "-E",
                                "UTF8",
                                "--locale=C.UTF-8")
                        .toArray(String[]::new));
        int port = Address.freePort().port();
        List<String> command =
                asServer(
                        shop,
                        programs.resolve("postgres").toString(),
                        "-D",
                        folder.resolve("data").toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=");
        ServerProcess server =
                ServerProcess.start("postgres", command, Map.of(), shop.work().resolve("run"));
        Postgres postgres = new Postgres(shop, server, port);
        try {
            server.awaitReady(Duration.ofSeconds(20), () -> postgres.sql("postgres", "SELECT 1"));
            postgres.create("hearth");
            postgres.create(TAKING_IN_ONLY);
            postgres.create("php");
            postgres.sql("php", Files.readString(shop.source("php/events.sql")));
        } catch (IOException failed) {
            postgres.close();
            throw failed;
        }
        return postgres;
    }

    private static Path programs() throws IOException {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            Optional<Path> newest = versions.max(java.util.Comparator.naturalOrder());
            return newest.orElseThrow(() -> new IOException("no PostgreSQL is installed"))
                    .resolve("bin");
        }
    }

    private static List<String> asServer(Shop shop, String... command) {
        List<String> words = new ArrayList<>();
        if (shop.isRoot()) {
            words.addAll(
                    List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        words.addAll(List.of(command));
        return words;
    }

    public int port() {
        return port;
    }

    public ServerProcess server() {
        return server;
    }

    /// Makes an empty database.
    public void create(String database) throws IOException {
        sql("postgres", "CREATE DATABASE " + database);
    }

    /// What psql prints for this statement.
    public String sql(String database, String statement) throws IOException {
        try {
            return shop.run(
                            "psql",
                            "-XAtq",
                            "-v",
                            "ON_ERROR_STOP=1",
                            "-h",
                            "127.0.0.1",
                            "-p",
                            Integer.toString(port),
                            "-U",
                            "bench",
                            "-d",
                            database,
                            "-c",
                            statement)
                    .strip();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while psql ran", interrupted);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
