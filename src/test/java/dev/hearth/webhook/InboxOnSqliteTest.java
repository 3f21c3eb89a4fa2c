package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.storage.Dialect;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxOnSqliteTest {
    @TempDir Path folder;

    @Nested
    class Receiving extends ReceivingContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Handling extends HandlingContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Order extends OrderContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Failure extends FailureContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Records extends RecordsContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Search extends SearchContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Plans extends InboxFixture {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }

        @Test
        void what_has_lost_a_lease_is_found_by_its_index_also_with_statistics_of_a_backlog()
                throws SQLException {
            database.write(tx -> tx.update(ROWS, 100_000, "done", null));
            database.write(tx -> tx.update(ROWS, 500, "received", 1));
            database.write(tx -> tx.update("ANALYZE"));
            // SQLite before 3.46, such as Debian's command, leaves out what it finds empty.
            database.write(
                    tx -> tx.update("DELETE FROM sqlite_stat1 WHERE idx = 'webhook_inbox_lost'"));

            List<String> plan;
            try (Database whoReadsThemNow = Database.open(location())) {
                plan =
                        whoReadsThemNow.read(tx ->
                                tx.query(
                                        "EXPLAIN QUERY PLAN "
                                                + InboxClaims.selectSuspect(Dialect.SQLITE),
                                        row -> row.text("detail"),
                                        clock.instant()));
            }

            assertThat(plan).singleElement().asString().contains("webhook_inbox_lost");
        }

        private static final String ROWS =
                """
                INSERT INTO webhook_inbox (id, source, external_id, event_type, event_created,
                       received_at, headers_json, body_sha256, state, next_at)
                WITH RECURSIVE n(i, state, next_at) AS (
                    VALUES (?, ?, ?) UNION ALL SELECT i - 1, state, next_at FROM n WHERE i > 1)
                SELECT state || i, 'stripe', state || i, 'a', 1, 1, '{}', zeroblob(32), state, next_at
                  FROM n
                """;
    }
}
