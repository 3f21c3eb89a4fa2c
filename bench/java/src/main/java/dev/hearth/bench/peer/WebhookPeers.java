package dev.hearth.bench.peer;

import dev.hearth.bench.peer.Peer.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The peers that take webhooks in.
public final class WebhookPeers {

    /// Hearth with `inbox.threads = 0`.
    public static final String TAKING_IN_ONLY = "hearth-takes-in";

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
                onSqlite("hearth"),
                onSqlite("hearth-tcp").overTcp(),
                NativePeers.libfcgiVerify(Map.of("BENCH_SECRET", secret)),
                php(shop, "php-fpm", 8, "", true));
    }

    /// Those that also store it in PostgreSQL.
    public List<Peer> onPostgres(Shop shop) {
        String dsn =
                "pgsql:host=127.0.0.1;port=%d;dbname=php;user=bench".formatted(postgres.port());
        return List.of(
                onPostgres("hearth", "hearth"),
                takingInOnly(),
                php(shop, "php-fpm", 8, dsn, true),
                php(shop, "php-fpm-16", 16, dsn, true),
                php(shop, "php-fpm-plain-pdo", 8, dsn, false));
    }

    /// Those that also store it in SQLite.
    public List<Peer> onSqlite(Shop shop) throws IOException {
        return List.of(
                onSqlite("hearth"),
                phpOnSqlite(shop, "php-fpm", true),
                phpOnSqlite(shop, "php-fpm-plain-pdo", false));
    }

    /// Hearth with its events in SQLite.
    public Peer onSqlite(String name) {
        return Peer.fastCgi(name, (shop, address) -> hearth(shop, name, address, ""));
    }

    /// Hearth that stores events and leaves them to other processes, as PHP does here.
    private Peer takingInOnly() {
        return onPostgres(TAKING_IN_ONLY, Postgres.TAKING_IN_ONLY, "[inbox]\nthreads = 0\n");
    }

    /// Hearth with its events in this database of PostgreSQL; several of different names may share it.
    public Peer onPostgres(String name, String database) {
        return onPostgres(name, database, "");
    }

    private Peer onPostgres(String name, String database, String more) {
        String settings =
                """
                [database]
                url = "jdbc:postgresql://127.0.0.1:%d/%s"
                user = "bench"
                %s\
                """
                        .formatted(postgres.port(), database, more);
        return Peer.fastCgi(name, (shop, address) -> hearth(shop, name, address, settings));
    }

    /// Hearth of this name once more, with the settings and the data that it had.
    public Peer again(String name) {
        return Peer.fastCgi(
                name, (shop, _) -> command(shop, name, shop.made("webhooks-" + name + ".toml")));
    }

    /// Where Hearth's events end up on SQLite.
    public static Path hearthSqlite(Shop shop, String name) throws IOException {
        return shop.made("data-webhooks-" + name).resolve("hearth.db");
    }

    /// Where PHP's events end up on SQLite.
    public static Path phpSqlite(Shop shop, String name) throws IOException {
        return shop.made(name + "-events.db");
    }

    private Command hearth(Shop shop, String name, Address address, String database)
            throws IOException, InterruptedException {
        Path settings =
                HearthPeers.settings(
                        shop,
                        "webhooks-" + name,
                        address,
                        "off",
                        database
                                + """
                                [webhook.stripe]
                                scheme = "stripe"
                                secret = "%s"
                                """
                                        .formatted(secret));
        return command(shop, name, settings);
    }

    private Command command(Shop shop, String name, Path settings)
            throws IOException, InterruptedException {
        return Jvm.onHearth(shop, "webhooks-" + name, "Webhooks", "--config", settings.toString())
                .with(Map.of("HEARTH_WEBHOOK_STRIPE_SECRET", secret));
    }

    private Peer php(Shop shop, String name, int children, String dsn, boolean persistent) {
        return PhpPeers.fpm(
                shop,
                name,
                children,
                Map.of(
                        "BENCH_SECRET",
                        secret,
                        "BENCH_DSN",
                        dsn,
                        "BENCH_PERSISTENT",
                        persistent ? "1" : ""));
    }

    private Peer phpOnSqlite(Shop shop, String name, boolean persistent) throws IOException {
        Path file = phpSqlite(shop, name);
        return php(shop, name, 8, "sqlite:" + file, persistent).after(s -> createSqlite(s, file));
    }

    /// A new file with the table that peers other than Hearth store events in.
    static void createSqlite(Shop shop, Path file) throws IOException, InterruptedException {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(file + suffix));
        }
        shop.run(
                "sqlite3",
                file.toString(),
                "PRAGMA journal_mode = WAL;" + Files.readString(shop.source("php/events.sql")));
    }
}
