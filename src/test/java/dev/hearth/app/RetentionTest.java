package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.storage.TestClock;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.testing.Await;
import dev.hearth.webhook.InboxEntry;
import dev.hearth.webhook.InboxFiles;
import dev.hearth.webhook.InboxRecords;
import dev.hearth.webhook.OutboxRecords;
import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    @TempDir Path folder;
    private final TestClock clock = new TestClock(START);
    private final TimeOrderedIds ids = new TimeOrderedIds(clock);
    private Database database;
    private InboxRecords inbox;
    private Retention retention;

    @BeforeEach
    void open() {
        database = Database.open(new DatabaseLocation.SqliteFile(folder.resolve("hearth.db")));
        inbox = new InboxRecords(database, clock);
        retention =
                new Retention(
                        inbox,
                        new OutboxRecords(database, clock),
                        new Settings.Retention(Duration.ofDays(90), Duration.ofDays(400)),
                        clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /// Stores an event with the body `{}`, received now.
    private String store(String name, String state) throws Exception {
        String id = ids.next();
        String line =
                """
                {"id":"%s","source":"stripe","external_id":"%s","type":"a.b","received_at":%d,"state":"%s",\
                "sha256":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","body":"e30="}
                """
                        .formatted(id, name, clock.millis(), state);
        assertThat(
                        new InboxFiles(database)
                                .importFrom(new BufferedReader(new StringReader(line)))
                                .stored())
                .isOne();
        return id;
    }

    private boolean hasBody(String id) throws Exception {
        return inbox.find(id).map(InboxEntry::hasBody).orElse(false);
    }

    @Test
    void each_time_forgets_what_is_too_old_by_then_and_is_over() throws Exception {
        String over = store("evt_1", "done");
        String waits = store("evt_2", "received");
        clock.advance(Duration.ofDays(60));
        String younger = store("evt_3", "done");
        clock.advance(Duration.ofDays(31));

        try (AutoCloseable _ = retention.start(Duration.ZERO, Duration.ofMillis(10))) {
            Await.until("the first is forgotten", () -> !hasBody(over));
            assertThat(hasBody(younger)).isTrue();
            clock.advance(Duration.ofDays(60));
            Await.until("the next is, at a later time", () -> !hasBody(younger));
            clock.advance(Duration.ofDays(400));
            Await.until("then it is gone altogether", () -> inbox.find(over).isEmpty());
            assertThat(hasBody(waits)).isTrue();
        }
    }

    @Test
    void a_time_that_fails_is_not_the_last() throws Exception {
        String over = store("evt_1", "done");
        clock.advance(Duration.ofDays(91));
        database.write(tx -> tx.update("ALTER TABLE outgoing_webhook RENAME TO away"));

        try (AutoCloseable _ = retention.start(Duration.ZERO, Duration.ofMillis(10))) {
            Await.until("it forgets events, and then fails", () -> !hasBody(over));
            String next = store("evt_2", "done");
            clock.advance(Duration.ofDays(91));
            Await.until("it comes again", () -> !hasBody(next));
        }
    }
}
