package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.storage.Database.Work;
import dev.hearth.storage.DatabaseLocation.SqliteFile;
import dev.hearth.testing.Await;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedCommitsTest {
    private static final String INSERT = "INSERT INTO thing (name) VALUES (?)";

    @TempDir Path folder;
    private Database database;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch firstMayEnd = new CountDownLatch(1);
    private final CountDownLatch lastMayEnd = new CountDownLatch(1);
    private final List<Future<Integer>> writes = new ArrayList<>();

    @BeforeEach
    void open() throws SQLException {
        open(Duration.ofMinutes(1)); // so that only what a test does decides who shares a commit
        database.write(tx -> tx.update("CREATE TABLE thing (name TEXT NOT NULL)"));
    }

    private void open(Duration longestGroup) {
        database = Database.openSqlite(new SqliteFile(folder.resolve("hearth.db")), longestGroup);
    }

    @AfterEach
    void close() {
        firstMayEnd.countDown();
        lastMayEnd.countDown();
        threads.close();
        database.close();
    }

    /// Writes in a thread of its own, and returns once that has its turn or waits for it.
    private Future<Integer> write(Work<Integer, Exception> work) {
        int before = writes.size();
        Future<Integer> write = threads.submit(() -> database.<Integer, Exception>write(work));
        writes.add(write);
        Await.until("it is in the queue", () -> inQueue() == before + 1);
        return write;
    }

    private int inQueue() {
        PoolFigures writers = database.pools().getFirst();
        return writers.active() + writers.waiting();
    }

    /// One that holds the turn until it may end, so that those after it are one group with it.
    private Future<Integer> first() {
        return write(tx -> {
            int rows = tx.update(INSERT, "first");
            firstMayEnd.await();
            return rows;
        });
    }

    private List<String> names() throws SQLException {
        return database.read(
                tx -> tx.query("SELECT name FROM thing ORDER BY rowid", row -> row.text("name")));
    }

    @Test
    void who_waited_for_each_other_is_committed_together_and_nobody_is_told_before()
            throws Exception {
        Future<Integer> first = first();
        Future<Integer> second = write(tx -> tx.update(INSERT, "second"));
        CountDownLatch lastWorks = new CountDownLatch(1);
        List<String> seen = new ArrayList<>();
        Future<Integer> last =
                write(tx -> {
                    seen.addAll(tx.query("SELECT name FROM thing", row -> row.text("name")));
                    lastWorks.countDown();
                    lastMayEnd.await();
                    return tx.update(INSERT, "last");
                });

        firstMayEnd.countDown();
        lastWorks.await();

        assertThat(seen).containsExactly("first", "second");
        assertThat(List.of(first, second)).noneMatch(Future::isDone);
        assertThat(names()).as("nothing is committed yet").isEmpty();
        lastMayEnd.countDown();
        assertThat(List.of(first.get(), second.get(), last.get())).containsOnly(1);
        assertThat(names()).containsExactly("first", "second", "last");
    }

    @Test
    void who_has_waited_for_the_longest_time_is_committed_before_the_next_one_works()
            throws Exception {
        database.close();
        open(Duration.ZERO);
        Future<Integer> first = first();
        CountDownLatch secondWorks = new CountDownLatch(1);
        Future<Integer> second =
                write(tx -> {
                    int rows = tx.update(INSERT, "second"); // now it has its turn
                    secondWorks.countDown();
                    lastMayEnd.await();
                    return rows;
                });

        firstMayEnd.countDown();
        secondWorks.await();

        assertThat(first.get()).isEqualTo(1);
        assertThat(names()).containsExactly("first");
        lastMayEnd.countDown();
        assertThat(second.get()).isEqualTo(1);
        assertThat(names()).containsExactly("first", "second");
    }

    @Test
    void one_that_fails_is_undone_alone() throws Exception {
        Future<Integer> first = first();
        Future<Integer> failing =
                write(tx -> {
                    tx.update(INSERT, "undone");
                    throw new IllegalStateException("on purpose");
                });
        Future<Integer> last = write(tx -> tx.update(INSERT, "last"));

        firstMayEnd.countDown();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(failing::get)
                .withMessageContaining("on purpose");
        assertThat(List.of(first.get(), last.get())).containsOnly(1);
        assertThat(names()).containsExactly("first", "last");
    }

    @Test
    void the_last_one_that_fails_commits_for_the_others() throws Exception {
        Future<Integer> first = first();
        Future<Integer> failing = write(tx -> tx.update(INSERT, (String) null));

        firstMayEnd.countDown();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(failing::get)
                .withCauseInstanceOf(SQLException.class);
        assertThat(first.get()).isEqualTo(1);
        assertThat(names()).containsExactly("first");
    }

    @Test
    void the_first_one_that_fails_takes_nobody_with_it() throws Exception {
        Future<Integer> failing =
                write(tx -> {
                    tx.update(INSERT, "undone");
                    firstMayEnd.await();
                    throw new IllegalStateException("on purpose");
                });
        Future<Integer> next = write(tx -> tx.update(INSERT, "next"));

        firstMayEnd.countDown();

        assertThatExceptionOfType(ExecutionException.class).isThrownBy(failing::get);
        assertThat(next.get()).isEqualTo(1);
        assertThat(names()).containsExactly("next");
    }

    @Test
    void a_commit_that_fails_is_told_to_everyone_in_it_and_the_next_goes_on() throws Exception {
        database.write(tx -> tx.update("CREATE TABLE parent (id INTEGER PRIMARY KEY)"));
        database.write(tx ->
                tx.update(
                        "CREATE TABLE child (parent INTEGER REFERENCES parent (id)"
                                + " DEFERRABLE INITIALLY DEFERRED)"));
        Future<Integer> first = first();
        Future<Integer> orphan = write(tx -> tx.update("INSERT INTO child (parent) VALUES (7)"));

        firstMayEnd.countDown();

        for (Future<Integer> each : List.of(first, orphan)) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(each::get)
                    .withMessageContaining("FOREIGN KEY");
        }
        int next = database.write(tx -> tx.update(INSERT, "next"));
        assertThat(next).isEqualTo(1);
        assertThat(names()).containsExactly("next");
    }

    @Test
    void what_sqlite_has_undone_by_itself_is_told_to_everyone() throws Exception {
        Future<Integer> first = first();
        Future<Integer> all =
                write(tx -> {
                    tx.update(INSERT, "second");
                    tx.update("INSERT OR ROLLBACK INTO thing (name) VALUES (?)", (String) null);
                    return 1;
                });

        firstMayEnd.countDown();

        for (Future<Integer> each : List.of(first, all)) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(each::get)
                    .withCauseInstanceOf(SQLException.class);
        }
        int next = database.write(tx -> tx.update(INSERT, "next"));
        assertThat(next).isEqualTo(1);
        assertThat(names()).containsExactly("next");
    }

    @Test
    void who_is_interrupted_while_it_waits_leaves_the_queue() throws Exception {
        Future<Integer> first = first();
        Future<Integer> waiting = write(tx -> tx.update(INSERT, "never"));
        Future<Integer> last = write(tx -> tx.update(INSERT, "last"));

        waiting.cancel(true);
        Await.until("it has left", () -> inQueue() == 2);
        firstMayEnd.countDown();

        assertThat(List.of(first.get(), last.get())).containsOnly(1);
        assertThat(names()).containsExactly("first", "last");
    }

    @Test
    void a_thousand_from_thirty_two_threads_are_all_there_in_whatever_groups() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(32)) {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                int n = i;
                tasks.add(() -> writeUnlessSeventh(n));
            }
            int committed = 0;
            for (Future<Integer> each : pool.invokeAll(tasks)) {
                committed += each.get();
            }
            assertThat(names()).hasSize(committed).doesNotHaveDuplicates();
            assertThat(committed).isEqualTo(857);
        }
    }

    private int writeUnlessSeventh(int n) throws Exception {
        try {
            return database.<Integer, Exception>write(tx -> {
                int rows = tx.update(INSERT, "n" + n);
                if (n % 7 == 0) {
                    throw new IllegalStateException("undo");
                }
                return rows;
            });
        } catch (IllegalStateException undone) {
            return 0;
        }
    }
}
