package dev.hearth.bench;

import dev.hearth.bench.peer.Postgres;
import dev.hearth.bench.peer.Shop;

import java.io.IOException;
import java.nio.file.Path;

/// The table of the inbox, looked at and filled past Hearth.
sealed interface InboxStore {

    /// What the database prints for a statement.
    String ask(String statement) throws IOException, InterruptedException;

    /// An expression for the numbers 1 to `count` as a table `numbers(i)`.
    String numbers(long count);

    /// An expression for a body of so many bytes.
    String bytes(int count);

    /// After a large change: what the database does by itself in the night.
    String tidy();

    record OnPostgres(Postgres postgres, String database) implements InboxStore {
        @Override
        public String ask(String statement) throws IOException {
            return postgres.sql(database, statement);
        }

        @Override
        public String numbers(long count) {
            return "generate_series(1, %d) AS numbers(i)".formatted(count);
        }

        @Override
        public String bytes(int count) {
            return "convert_to(repeat('x', %d), 'UTF8')".formatted(count);
        }

        @Override
        public String tidy() {
            return "VACUUM ANALYZE webhook_inbox";
        }
    }

    record OnSqlite(Shop shop, Path file) implements InboxStore {
        @Override
        public String ask(String statement) throws IOException, InterruptedException {
            return shop.run("sqlite3", "-cmd", ".timeout 10000", file.toString(), statement + ";")
                    .strip();
        }

        @Override
        public String numbers(long count) {
            return "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n) AS numbers"
                    .formatted(count);
        }

        @Override
        public String bytes(int count) {
            return "zeroblob(%d)".formatted(count);
        }

        @Override
        public String tidy() {
            return "ANALYZE";
        }
    }

    /// Rows that are done long since, with small bodies.
    default void fill(long count) throws IOException, InterruptedException {
        insert("fill", count, 200, "'done', 1, NULL, 1700000000000");
        ask(tidy());
    }

    /// Rows that wait to be handled now, with the bodies of real events.
    default void backlog(String run, long count) throws IOException, InterruptedException {
        insert(run, count, 2000, "'received', 0, 1700000000000, NULL");
        ask(tidy());
    }

    private void insert(String run, long count, int bodyBytes, String state)
            throws IOException, InterruptedException {
        ask(
                """
                INSERT INTO webhook_inbox (id, source, external_id, event_type, object_type, object_id,
                    event_created, received_at, headers_json, body, body_sha256,
                    state, attempts, next_at, done_at)
                SELECT '%1$s-' || (1000000000 + i), 'stripe', 'evt_%1$s' || i, 'payment_intent.succeeded',
                    'payment_intent', 'pi_%1$s' || i, 1700000000000, 1700000000000, '{}', %2$s, %3$s, %4$s
                  FROM %5$s\
                """
                        .formatted(run, bytes(bodyBytes), bytes(32), state, numbers(count)));
    }

    default long waiting() throws IOException, InterruptedException {
        return Long.parseLong(ask("SELECT count(*) FROM webhook_inbox WHERE next_at IS NOT NULL"));
    }

    /// The median of the milliseconds between an event's arrival and its handler's commit.
    default double medianDelay(String idsBegin) throws IOException, InterruptedException {
        String those =
                "FROM webhook_inbox WHERE state = 'done' AND external_id LIKE '%s%%'"
                        .formatted(idsBegin);
        return Double.parseDouble(
                ask(
                        "SELECT done_at - received_at %s ORDER BY 1 LIMIT 1 OFFSET (SELECT count(*) / 2 %s)"
                                .formatted(those, those)));
    }
}
