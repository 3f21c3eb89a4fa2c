package dev.hearth.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.storage.DatabaseLocation.PostgreSql;
import dev.hearth.testing.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchingOnPostgresIT extends WatchingContract {
    @Override
    DatabaseLocation location() {
        return PostgresServer.shared().newDatabase();
    }

    @Test
    void whoever_can_only_read_its_database_is_not_ready() throws Exception {
        PostgreSql location = PostgresServer.shared().newDatabase();
        String name = location.url().substring(location.url().lastIndexOf('/') + 1);
        try (Database database = Database.open(location)) {
            assertThat(failing(database)).isEmpty();
            database.write(tx ->
                    tx.update(
                            "ALTER DATABASE %s SET default_transaction_read_only = on"
                                    .formatted(name)));
        }
        try (Database database = Database.open(location)) {
            assertThat(failing(database)).containsExactly("the database can only be read");
        }
    }

    private static List<String> failing(Database database) {
        return new Readiness(
                        database,
                        List.of(),
                        Optional.empty(),
                        Duration.ofHours(1),
                        database.clock())
                .checks().stream()
                        .filter(check -> !check.ok())
                        .map(Readiness.Check::detail)
                        .toList();
    }
}
