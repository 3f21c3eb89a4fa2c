package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.storage.DatabaseLocation;
import dev.hearth.storage.Transaction;
import dev.hearth.testing.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
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

        @Test
        void events_are_found_by_their_ids_also_by_plans_that_were_made_while_the_table_was_empty()
                throws SQLException {
            database.write(
                    tx -> tx.update("ALTER TABLE webhook_inbox SET (autovacuum_enabled = false)"));
            List<String> ids = IntStream.rangeClosed(1, 50).mapToObj(Integer::toString).toList();

            for (int i = 0; i < USES_BEFORE_A_PLAN_IS_KEPT; i++) {
                database.write(tx -> {
                    InboxQueue.renew(tx, "nobody", ids, clock.instant());
                    InboxQueue.release(tx, "nobody", ids, clock.instant());
                    InboxQueue.finish(tx, "nobody", ids, InboxState.DONE, clock.instant());
                    return assertThat(timesReadAsAWhole(tx)).isZero();
                });
            }
            database.write(tx -> tx.update(MANY));
            int claimed =
                    database.write(tx -> {
                        List<InboxClaims.Run> runs =
                                InboxClaims.claim(tx, claimant(), clock.instant(), 50, List.of());
                        assertThat(timesReadAsAWhole(tx)).isZero();
                        return runs.size();
                    });

            assertThat(claimed).isEqualTo(50);
        }

        @Test
        void a_process_that_freezes_while_it_claims_does_not_keep_others_from_it()
                throws Exception {
            CountDownLatch holds = new CountDownLatch(1);
            CountDownLatch thaws = new CountDownLatch(1);
            try (ExecutorService other = Executors.newSingleThreadExecutor()) {
                Future<Integer> frozen =
                        other.submit(() ->
                                database.<Integer, Exception>write(tx -> {
                                    InboxClaims.claim(
                                            tx, claimant(), clock.instant(), 50, List.of());
                                    holds.countDown();
                                    thaws.await();
                                    return 1;
                                }));
                holds.await();
                try {
                    database.write(tx ->
                            InboxClaims.claim(tx, claimant(), clock.instant(), 50, List.of()));
                } finally {
                    thaws.countDown();
                }
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(frozen::get)
                        .withCauseInstanceOf(SQLException.class);
            }
        }

        /// Five until the driver names a statement, five more until the server may plan it for good.
        private static final int USES_BEFORE_A_PLAN_IS_KEPT = 12;

        private static long timesReadAsAWhole(Transaction tx) throws SQLException {
            return tx.first(
                            "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'webhook_inbox'",
                            row -> row.number("seq_scan"))
                    .orElseThrow();
        }

        private InboxClaims.Claimant claimant() {
            return new InboxClaims.Claimant(
                    "me",
                    clock.instant().plusSeconds(20),
                    _ -> false,
                    _ -> false,
                    true,
                    _ -> {},
                    (_, _) -> false);
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
