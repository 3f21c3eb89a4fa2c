package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Payments through random faults and kills. `-Dhearth.test.kill.payments=1000` (as `bin/test --long`) takes
/// more of them, `-Dhearth.test.seed` others.
class RandomKillsIT {
    private static final long SEED = Long.getLong("hearth.test.seed", 20261121);
    private static final int PAYMENTS = Integer.getInteger("hearth.test.kill.payments", 30);

    @TempDir Path folder;

    private void live(DatabaseLocation location, int processes) throws Exception {
        try (KilledShop shop = new KilledShop(SEED, folder, location, processes, PAYMENTS)) {
            shop.live(PAYMENTS);
            assertThat(shop.kills()).as("servers were killed, with seed " + SEED).isPositive();
        }
    }

    @Test
    void whoever_is_killed_wherever_nothing_is_charged_or_refunded_twice_on_sqlite()
            throws Exception {
        live(new DatabaseLocation.SqliteFile(folder.resolve("shop.db")), 1);
    }

    @Test
    void nor_by_two_processes_on_one_postgresql() throws Exception {
        live(PostgresServer.shared().newDatabase(), 2);
    }
}
