package dev.hearth.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The peers that take payments, and what stands for Stripe behind them.
public final class PaymentPeers {

    private final String callerKey;

    /// @param callerKey what callers of the peers prove themselves with
    public PaymentPeers(String callerKey) {
        this.callerKey = callerKey;
    }

    /// The stand-in as a command of its own.
    public static Peer.Command stripe(Shop shop, String name, Address address, int pauseMillis)
            throws IOException {
        return Jvm.own(
                shop, name, StripeAnswers.class, address.text(), Integer.toString(pauseMillis));
    }

    /// Hearth on SQLite; `/hello` is answered too.
    public Peer hearth(String name, Address stripe) {
        return Peer.fastCgi(
                name,
                (shop, address) -> {
                    Path settings =
                            HearthPeers.settings(
                                    shop,
                                    "payments-" + name,
                                    address,
                                    "off",
                                    """
                                    [stripe]
                                    api_key = "%s"
                                    api_base = "http://%s"
                                    [payments]
                                    api_key = "%s"
                                    public_url = "https://shop.example"
                                    """
                                            .formatted(StripeAnswers.KEY, stripe, callerKey));
                    return Jvm.onHearth(
                            shop, "payments-" + name, "Hello", "--config", settings.toString());
                });
    }

    /// PHP-FPM doing the same by hand: the intention stored, Stripe called, the outcome stored.
    public Peer php(Shop shop, String name, Address stripe) {
        return PhpPeers.fpm(
                        shop,
                        name,
                        8,
                        Map.of(
                                "BENCH_CALLER_KEY",
                                callerKey,
                                "BENCH_STRIPE_KEY",
                                StripeAnswers.KEY,
                                "BENCH_STRIPE",
                                "http://" + stripe,
                                "BENCH_DSN",
                                "sqlite:" + shop.work().resolve("php-payments.db")))
                .after(PaymentPeers::createSqlite);
    }

    private static void createSqlite(Shop shop) throws IOException, InterruptedException {
        Path file = shop.made("php-payments.db");
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(file + suffix));
        }
        shop.run(
                "sqlite3",
                file.toString(),
                "PRAGMA journal_mode = WAL;"
                        + Files.readString(shop.source("php/payments/payments.sql")));
    }
}
