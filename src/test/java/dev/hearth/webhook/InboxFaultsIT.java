package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hearth.http.Response;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.Await;
import dev.hearth.testing.ChildProcess;
import dev.hearth.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What breaks around the inbox: processes, the database, the disk.
class InboxFaultsIT {
    /// With `-Dhearth.test.long=true` (as `bin/test --long`) the workers are killed for a minute, each after some seconds.
    private static final boolean LONG = Boolean.getBoolean("hearth.test.long");

    private static final int ROUNDS = LONG ? 12 : 4;
    private static final int EACH_ROUND = LONG ? 1_500 : 20;

    @TempDir Path folder;

    private static Inbox inbox(Database database) {
        return inbox(database, new EventHandlers());
    }

    private static Inbox inbox(Database database, EventHandlers handlers) {
        return Inbox.open(
                database,
                List.of(new Source("stripe", new StripeScheme(), List.of(InboxProcess.SECRET))),
                handlers,
                InstantSource.system());
    }

    private static List<String> effects(Database database) throws Exception {
        return database.read(tx -> tx.query("SELECT event FROM effect", row -> row.text("event")));
    }

    @Test
    void workers_killed_one_after_the_other_give_each_event_exactly_one_effect() throws Exception {
        DatabaseLocation location = PostgresServer.shared().newDatabase();
        List<ChildProcess> workers = new ArrayList<>();
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        AtomicBoolean over = new AtomicBoolean();
        try (Database database = Database.open(location);
                Inbox inbox = inbox(database);
                ExecutorService senders = Executors.newFixedThreadPool(2)) {
            database.write(tx -> tx.update("CREATE TABLE effect (event TEXT NOT NULL)"));
            for (int i = 0; i < 3; i++) {
                workers.add(InboxProcess.start(folder, location, InboxProcess.NO_EVENT, List.of()));
            }
            for (int sender = 0; sender < 2; sender++) {
                String prefix = "evt_" + sender + "_";
                senders.submit(() -> send(inbox, prefix, over, accepted));
            }
            for (int round = 0; round < ROUNDS; round++) {
                ChildProcess next = workers.get(round % 3).awaitOutput("ready");
                int before = effects(database).size();
                Await.until("work goes on", () -> effects(database).size() > before + EACH_ROUND);
                next.kill();
                workers.set(
                        round % 3,
                        InboxProcess.start(folder, location, InboxProcess.NO_EVENT, List.of()));
            }
            over.set(true);
            senders.shutdown();
            assertThat(senders.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            Await.until(
                    "every accepted event has an effect",
                    () -> effects(database).size() >= accepted.size());

            assertThat(effects(database)).containsExactlyInAnyOrderElementsOf(accepted);
        } finally {
            over.set(true);
            workers.forEach(ChildProcess::close);
        }
    }

    @Test
    void an_event_that_kills_its_process_is_dead_after_some_and_its_neighbours_are_handled_once()
            throws Exception {
        DatabaseLocation location = PostgresServer.shared().newDatabase();
        List<String> neighbours = new ArrayList<>();
        int died = 0;
        try (Database database = Database.open(location);
                Inbox inbox = inbox(database)) {
            database.write(tx -> tx.update("CREATE TABLE effect (event TEXT NOT NULL)"));
            for (int i = 0; i < 200; i++) {
                String id = i == 20 ? InboxProcess.POISON : "evt_" + i;
                assertThat(InboxProcess.post(inbox, id).status()).isEqualTo(200);
                if (i != 20) {
                    neighbours.add(id);
                }
            }
            while (stateOf(inbox, InboxProcess.POISON) != InboxState.DEAD) {
                try (ChildProcess worker =
                        InboxProcess.start(folder, location, InboxProcess.NO_EVENT, List.of())) {
                    Await.until(
                            "it dies of the event, or gives it up",
                            () ->
                                    !worker.isAlive()
                                            || stateOf(inbox, InboxProcess.POISON)
                                                    == InboxState.DEAD);
                    died += worker.isAlive() ? 0 : 1;
                    if (worker.isAlive()) {
                        Await.until(
                                "the rest is handled",
                                () -> effects(database).size() >= neighbours.size());
                    }
                }
            }

            assertThat(died).isEqualTo(LostLeases.MOST);
            assertThat(effects(database)).containsExactlyInAnyOrderElementsOf(neighbours);
            InboxEntry dead = inbox.records().find(InboxProcess.POISON).orElseThrow();
            assertThat(dead.lastError())
                    .hasValueSatisfying(error -> assertThat(error).contains("process"));
        }
    }

    @Test
    void events_of_a_killed_worker_go_on_within_thirty_seconds() throws Exception {
        Duration lease = WorkerSettings.DEFAULT.lease();
        DatabaseLocation location = PostgresServer.shared().newDatabase();
        try (Database database = Database.open(location);
                Inbox inbox = inbox(database)) {
            database.write(tx -> tx.update("CREATE TABLE effect (event TEXT NOT NULL)"));
            Instant leaseEnd;
            try (ChildProcess other =
                    InboxProcess.start(folder, location, InboxProcess.NO_EVENT, List.of(), lease)) {
                other.awaitOutput("ready");
                other.signal("STOP"); // or it could be the one that takes the event
                try (ChildProcess dying =
                        InboxProcess.start(
                                folder,
                                location,
                                "evt_1",
                                List.of(StopPoint.AFTER_HANDLER),
                                lease)) {
                    assertThat(dying.awaitExit()).as(dying.output()).isEqualTo(137);
                } finally {
                    other.signal("CONT");
                }
                leaseEnd = inbox.records().find("evt_1").orElseThrow().nextAt().orElseThrow();
                Await.until("it goes on", () -> stateOf(inbox, "evt_1") == InboxState.DONE);
            }

            InboxEntry done = inbox.records().find("evt_1").orElseThrow();
            assertThat(done.doneAt().orElseThrow())
                    .isBetween(leaseEnd, leaseEnd.plusSeconds(30).minus(lease));
            assertThat(done.attempts()).isEqualTo(2);
            assertThat(effects(database)).containsExactly("evt_1");
        }
    }

    private static InboxState stateOf(Inbox inbox, String id) throws Exception {
        return inbox.records().find(id).orElseThrow().state();
    }

    @Test
    void workers_restarted_one_after_the_other_lose_nothing_and_repeat_nothing() throws Exception {
        DatabaseLocation location = PostgresServer.shared().newDatabase();
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        try (Database database = Database.open(location)) {
            database.write(tx -> tx.update("CREATE TABLE effect (event TEXT NOT NULL)"));
            for (int generation = 0; generation < 3; generation++) {
                AtomicBoolean over = new AtomicBoolean();
                String prefix = "evt_" + generation + "_";
                EventHandlers handlers =
                        new EventHandlers().on("stripe", "*", InboxProcess::noteEffect);
                try (Inbox serving = inbox(database, handlers);
                        ExecutorService senders = Executors.newFixedThreadPool(2);
                        InboxWorker _ = serving.startWorker(WorkerSettings.DEFAULT)) {
                    senders.submit(() -> send(serving, prefix + "a", over, accepted));
                    senders.submit(() -> send(serving, prefix + "b", over, accepted));
                    int before = effects(database).size();
                    Await.until("work goes on", () -> effects(database).size() > before + 100);
                    over.set(true);
                }
            }
            // What the last one did not begin it has given back: nobody waits for a lease to end.
            assertThat(InboxCrashIT.count(database, "webhook_inbox WHERE state = 'processing'"))
                    .isZero();
            try (Inbox last = inbox(database, new EventHandlers())) {
                assertThat(last.search().backlog()).doesNotContainKey(InboxState.PROCESSING);
            }
            assertThat(effects(database)).doesNotHaveDuplicates();
            assertThat(accepted).containsAll(effects(database));
            List<String> left =
                    database.read(tx ->
                            tx.query(
                                    "SELECT external_id FROM webhook_inbox WHERE state <> 'done'",
                                    row -> row.text("external_id")));
            assertThat(effects(database).size() + left.size()).isEqualTo(accepted.size());
        }
    }

    private static Void send(Inbox inbox, String prefix, AtomicBoolean over, Set<String> accepted)
            throws Exception {
        for (int i = 0; !over.get(); i++) {
            String id = prefix + i;
            if (InboxProcess.post(inbox, id).status() == 200) {
                accepted.add(id);
            }
            LockSupport.parkNanos(Duration.ofMillis(3).toNanos()); // some hundred events a second
        }
        return null;
    }

    @Test
    void a_database_that_goes_and_comes_back_costs_503s_and_no_event() throws Exception {
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        AtomicInteger refused = new AtomicInteger();
        try (PostgresServer server = PostgresServer.start();
                Database database = Database.open(server.newDatabase());
                Inbox inbox = inbox(database)) {
            for (int i = 0; i < 20; i++) {
                assertThat(InboxProcess.post(inbox, "before_" + i).status()).isEqualTo(200);
                accepted.add("before_" + i);
            }
            server.stop("immediate");
            Response gone = InboxProcess.post(inbox, "meanwhile");
            assertThat(gone.status()).isEqualTo(503);
            assertThat(gone.headers().first("Retry-After")).isPresent();
            server.begin();
            Await.until(
                    "it accepts again",
                    () -> {
                        int status = InboxProcess.post(inbox, "after").status();
                        refused.addAndGet(status == 503 ? 1 : 0);
                        return status == 200;
                    });
            accepted.add("after");

            List<String> stored =
                    database.read(tx ->
                            tx.query(
                                    "SELECT external_id FROM webhook_inbox",
                                    row -> row.text("external_id")));
            assertThat(stored).containsAll(accepted);
        }
    }

    @Test
    void a_database_restarted_under_load_keeps_every_200_and_gives_each_one_effect()
            throws Exception {
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        AtomicBoolean over = new AtomicBoolean();
        EventHandlers handlers = new EventHandlers().on("stripe", "*", InboxProcess::noteEffect);
        WorkerSettings settings =
                WorkerSettings.DEFAULT.withTimes(
                        Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMillis(50));
        try (PostgresServer server = PostgresServer.start();
                Database database = Database.open(server.newDatabase());
                Inbox inbox = inbox(database, handlers);
                ExecutorService senders = Executors.newFixedThreadPool(8)) {
            database.write(tx -> tx.update("CREATE TABLE effect (event TEXT NOT NULL)"));
            try (InboxWorker _ = inbox.startWorker(settings)) {
                for (int sender = 0; sender < 8; sender++) {
                    String prefix = "evt_" + sender + "_";
                    senders.submit(() -> send(inbox, prefix, over, accepted));
                }
                for (String mode : List.of("immediate", "fast")) {
                    int before = accepted.size();
                    Await.until("events come in", () -> accepted.size() > before + 200);
                    server.stop(mode);
                    server.begin();
                }
                int before = accepted.size();
                Await.until("events come in again", () -> accepted.size() > before + 200);
                over.set(true);
                senders.shutdown();
                assertThat(senders.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
                Await.until(
                        "every accepted event has its effect",
                        () -> effects(database).containsAll(accepted));
            } finally {
                over.set(true);
            }
            // One whose 200 was lost on the way may be there beside them.
            assertThat(effects(database)).doesNotHaveDuplicates().containsAll(accepted);
        }
    }

    /// As one that is frozen, or whose machine is gone: connections stay, and nothing comes.
    @Test
    void a_postgresql_that_is_silent_is_503_and_then_success() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            DatabaseLocation.PostgreSql location = server.newDatabase();
            try (Database database = Database.open(location);
                    Inbox inbox = inbox(database);
                    ExecutorService sender = Executors.newSingleThreadExecutor();
                    var other =
                            DriverManager.getConnection(
                                    location.url(), location.user(), location.password())) {
                other.setAutoCommit(false);
                other.createStatement().execute("LOCK TABLE webhook_inbox");
                Response silent =
                        sender.submit(() -> InboxProcess.post(inbox, "evt_1"))
                                .get(1, TimeUnit.MINUTES);
                assertThat(silent.status()).isEqualTo(503);
                assertThat(silent.headers().first("Retry-After")).hasValue("5");
                other.rollback();

                assertThat(InboxProcess.post(inbox, "evt_1").status()).isEqualTo(200);
                assertThat(InboxCrashIT.count(database, "webhook_inbox")).isEqualTo(1);
            }
        }
    }

    @Test
    void a_locked_sqlite_file_is_503_and_then_success() throws Exception {
        Path file = folder.resolve("hearth.db");
        try (Database database = Database.open(new DatabaseLocation.SqliteFile(file));
                Inbox inbox = inbox(database);
                var other = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            other.createStatement().execute("BEGIN EXCLUSIVE");
            assertThat(InboxProcess.post(inbox, "evt_1").status()).isEqualTo(503);
            other.createStatement().execute("COMMIT");

            assertThat(InboxProcess.post(inbox, "evt_1").status()).isEqualTo(200);
        }
    }

    @Test
    void a_full_disk_is_503_and_all_goes_on_when_there_is_space_again() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()))
                .as("mounting a small disk needs root")
                .isZero();
        try {
            try (Database database =
                            Database.open(
                                    new DatabaseLocation.SqliteFile(disk.resolve("hearth.db")));
                    Inbox inbox = inbox(database)) {
                assertThat(InboxProcess.post(inbox, "evt_0").status()).isEqualTo(200);
                Path filler = disk.resolve("filler");
                fill(disk, filler);
                int stored = 1;
                int status = 200;
                for (int i = 1; i < 1_000 && status == 200; i++) {
                    status = InboxProcess.post(inbox, "evt_" + i).status();
                    stored += status == 200 ? 1 : 0;
                }
                assertThat(status).isEqualTo(503);
                Files.delete(filler);

                assertThat(InboxProcess.post(inbox, "evt_last").status()).isEqualTo(200);
                assertThat(InboxCrashIT.count(database, "webhook_inbox")).isEqualTo(stored + 1);
                String check =
                        database.read(tx ->
                                        tx.first(
                                                "PRAGMA integrity_check",
                                                row -> row.text("integrity_check")))
                                .orElseThrow();
                assertThat(check).isEqualTo("ok");
            }
        } finally {
            run("umount", disk.toString());
        }
    }

    private static void fill(Path disk, Path filler) throws Exception {
        long free = Files.getFileStore(disk).getUsableSpace();
        Files.write(filler, new byte[(int) Math.max(0, free - 64 * 1024)]);
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }

    @Test
    void a_clock_ten_minutes_off_refuses_and_says_nothing_more() throws Exception {
        try (Database database =
                Database.open(new DatabaseLocation.SqliteFile(folder.resolve("hearth.db")))) {
            for (Duration off : List.of(Duration.ofMinutes(10), Duration.ofMinutes(-10))) {
                Inbox inbox =
                        Inbox.open(
                                database,
                                List.of(
                                        new Source(
                                                "stripe",
                                                new StripeScheme(),
                                                List.of(InboxProcess.SECRET))),
                                new EventHandlers(),
                                () -> Instant.now().plus(off));
                Response response = InboxProcess.post(inbox, "evt_1");
                assertThat(response.status()).isEqualTo(400);
                assertThat(
                                response.body()
                                                instanceof
                                                dev.hearth.http.Body.Bytes(byte[] content)
                                        ? new String(content, UTF_8)
                                        : "")
                        .contains("invalid-signature");
            }
        }
    }
}
