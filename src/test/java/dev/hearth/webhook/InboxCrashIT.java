package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.Await;
import dev.hearth.testing.ChildProcess;
import dev.hearth.testing.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Real processes that die as if by `kill -9`, at each step of an event's way.
class InboxCrashIT {
    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void a_crash_loses_nothing_and_repeats_nothing_on_sqlite(StopPoint point) throws Exception {
        crashAt(point, new DatabaseLocation.SqliteFile(folder.resolve("hearth.db")));
    }

    /// There is no moment after the insert and before the commit: both are one statement.
    @ParameterizedTest
    @EnumSource(names = {"AFTER_COMMIT", "AFTER_CLAIM", "AFTER_DONE"})
    void a_crash_loses_nothing_and_repeats_nothing_on_postgresql(StopPoint point) throws Exception {
        crashAt(point, PostgresServer.shared().newDatabase());
    }

    private void crashAt(StopPoint point, DatabaseLocation location) throws Exception {
        try (Database database = Database.open(location)) {
            database.write(tx -> tx.update("CREATE TABLE effect (event TEXT NOT NULL)"));
            try (ChildProcess dying =
                    InboxProcess.start(folder, location, "evt_1", List.of(point))) {
                assertThat(dying.awaitExit()).as(dying.output()).isEqualTo(137);
            }
            boolean committed =
                    switch (point) {
                        case AFTER_VERIFY, AFTER_INSERT -> false;
                        case AFTER_COMMIT, BEFORE_ANSWER, AFTER_CLAIM, AFTER_HANDLER, AFTER_DONE ->
                                true;
                    };
            assertThat(count(database, "webhook_inbox")).isEqualTo(committed ? 1 : 0);
            if (point != StopPoint.BEFORE_ANSWER) { // then its handler may have been quicker
                assertThat(count(database, "effect")).isZero();
            }

            try (ChildProcess next = InboxProcess.start(folder, location, "evt_1", List.of())) {
                next.awaitOutput("answer 200");
                Await.until("the event has its effect", () -> count(database, "effect") > 0);
                Await.until(
                        "it is done",
                        () ->
                                new InboxRecords(database, java.time.InstantSource.system())
                                                .find("evt_1")
                                                .orElseThrow()
                                                .state()
                                        == InboxState.DONE);
            }
            assertThat(count(database, "webhook_inbox")).isOne();
            assertThat(count(database, "effect")).isOne();
        }
    }

    static long count(Database database, String table) throws Exception {
        return database.read(tx ->
                        tx.first("SELECT count(*) AS n FROM " + table, row -> row.number("n")))
                .orElseThrow();
    }
}
