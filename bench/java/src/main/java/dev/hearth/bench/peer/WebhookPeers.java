package dev.hearth.bench.peer;

import dev.hearth.bench.peer.Peer.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The peers that take webhooks in.
public final class WebhookPeers {

    private static final String NO_SCRIPTS = "/var/www/html";

    private final String secret;
    private final Postgres postgres;

    /// @param secret what the events are signed with
    public WebhookPeers(String secret, Postgres postgres) {
        this.secret = secret;
        this.postgres = postgres;
    }

    /// Those that verify a signature and read the event, without a database.
    public List<Peer> verifying(Shop shop) {
        return List.of(
                new Peer("hearth", NO_SCRIPTS, true, this::hearthSqlite),
                new Peer("libfcgi", NO_SCRIPTS, false, this::libfcgi),
                php(shop, "php-fpm", 8, ""));
    }

    /// Those that also store it in PostgreSQL.
    public List<Peer> onPostgres(Shop shop) {
        String dsn =
                "pgsql:host=127.0.0.1;port=%d;dbname=php;user=bench".formatted(postgres.port());
        return List.of(
                new Peer("hearth", NO_SCRIPTS, true, this::hearthPostgres),
                php(shop, "php-fpm", 8, dsn),
                php(shop, "php-fpm-16", 16, dsn));
    }

    /// Those that also store it in SQLite.
    public List<Peer> onSqlite(Shop shop) throws IOException {
        return List.of(
                new Peer("hearth", NO_SCRIPTS, true, this::hearthSqlite),
                php(shop, "php-fpm", 8, "sqlite:" + phpSqlite(shop)));
    }

    /// Where Hearth's events end up on SQLite.
    public static Path hearthSqlite(Shop shop) throws IOException {
        return shop.made("data-webhooks").resolve("hearth.db");
    }

    /// Where PHP's events end up on SQLite.
    public static Path phpSqlite(Shop shop) throws IOException {
        return shop.made("php-events.db");
    }

    private Command hearthSqlite(Shop shop, Path socket) throws IOException, InterruptedException {
        return hearth(shop, socket, "");
    }

    private Command hearthPostgres(Shop shop, Path socket)
            throws IOException, InterruptedException {
        return hearth(
                shop,
                socket,
                """
                [database]
                url = "jdbc:postgresql://127.0.0.1:%d/hearth"
                user = "bench"
                """
                        .formatted(postgres.port()));
    }

    private Command hearth(Shop shop, Path socket, String database)
            throws IOException, InterruptedException {
        Path data = shop.made("data-webhooks");
        shop.delete(data);
        Path settings =
                shop.write(
                        "webhooks.toml",
                        """
                        data = "%s"
                        listen = "unix:%s"
                        http = "off"
                        %s
                        [webhook.stripe]
                        scheme = "stripe"
                        secret = "%s"
                        """
                                .formatted(data, socket, database, secret));
        // A secret that all may read is refused.
        Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-------"));
        Command command = Peers.onHearth(shop, "Webhooks", "--config", settings.toString());
        return new Command(command.words(), Map.of("BENCH_SECRET", secret));
    }

    private Command libfcgi(Shop shop, Path socket) throws IOException, InterruptedException {
        Path program = shop.made("libfcgi-verify");
        shop.run(
                "gcc",
                "-O2",
                "-o",
                program.toString(),
                shop.source("libfcgi/verify.c").toString(),
                "-lfcgi",
                "-lcrypto",
                "-lcjson");
        return new Command(
                List.of(program.toString(), socket.toString(), "8"),
                Map.of("BENCH_SECRET", secret));
    }

    private Peer php(Shop shop, String name, int children, String dsn) {
        return new Peer(
                name,
                shop.source("php").toString(),
                false,
                (s, socket) -> {
                    if (dsn.startsWith("sqlite:")) {
                        createPhpSqlite(s);
                    }
                    Map<String, String> environment = new HashMap<>();
                    environment.put("BENCH_SECRET", secret);
                    environment.put("BENCH_DSN", dsn);
                    return new Command(
                            Peers.phpFpm(s, socket, name, children).words(), environment);
                });
    }

    private static void createPhpSqlite(Shop shop) throws IOException, InterruptedException {
        Path file = phpSqlite(shop);
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(file + suffix));
        }
        shop.run(
                "sqlite3",
                file.toString(),
                "PRAGMA journal_mode = WAL;" + Files.readString(shop.source("php/events.sql")));
    }
}
