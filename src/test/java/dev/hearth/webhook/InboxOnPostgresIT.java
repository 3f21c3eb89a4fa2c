package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InboxOnPostgresIT {
    @Nested
    class Receiving extends ReceivingContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Handling extends HandlingContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Order extends OrderContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Failure extends FailureContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Records extends RecordsContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Search extends SearchContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Plans extends InboxFixture {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }

        @Test
        void whether_an_event_is_alone_is_told_by_an_index_also_where_the_server_has_no_statistics()
                throws SQLException {
            database.write(
                    tx -> tx.update("ALTER TABLE webhook_inbox SET (autovacuum_enabled = false)"));
            database.write(tx -> tx.update(MANY));

            List<String> plan =
                    database.read(tx ->
                            tx.query(
                                    "EXPLAIN " + InboxQueue.SELECT_EACH_NOT_ALONE,
                                    row -> row.text("QUERY PLAN"),
                                    List.of("1"),
                                    List.of("stripe"),
                                    List.of("o")));

            assertThat(plan)
                    .anyMatch(line -> line.contains("webhook_inbox_turn"))
                    .noneMatch(line -> line.contains("Seq Scan"));
        }

        private static final String MANY =
                """
                INSERT INTO webhook_inbox (id, source, external_id, event_type, object_id, event_created,
                       received_at, headers_json, body_sha256, state, next_at)
                SELECT i, 'stripe', 'evt_' || i, 'thing.changed', 'o' || i, i, i, '{}', '', 'received', i
                  FROM generate_series(1, 2000) i
                """;
    }
}
