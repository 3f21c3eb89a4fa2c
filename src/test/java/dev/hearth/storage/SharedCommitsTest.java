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
        database = SqliteOpening.open(new SqliteFile(folder.resolve("hearth.db")), longestGroup);
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
        return queued(() -> database.<Integer, Exception>write(work));
    }

    /// The same, for work that any thread may do.
    private Future<Integer> errand(Work<Integer, Exception> work) {
        return queued(() -> database.<Integer, Exception>writeOnAnyThread(work));
    }

    private Future<Integer> queued(Callable<Integer> writing) {
        int before = writes.size();
        Future<Integer> write = threads.submit(writing);
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

    private Future<Integer> firstThatFails() throws Exception {
        return write(tx -> {
            tx.update(INSERT, "undone");
            firstMayEnd.await();
            throw new IllegalStateException("on purpose");
        });
    }

    @Test
    void the_first_one_that_fails_takes_nobody_with_it() throws Exception {
        Future<Integer> failing = firstThatFails();
        Future<Integer> next = write(tx -> tx.update(INSERT, "next"));

        firstMayEnd.countDown();

        assertThatExceptionOfType(ExecutionException.class).isThrownBy(failing::get);
        assertThat(next.get()).isEqualTo(1);
        assertThat(names()).containsExactly("next");
    }

    /// A row that is refused when it is committed, and not before.
    private static final String ORPHAN = "INSERT INTO child (parent) VALUES (7)";

    private void makeTablesOfOrphans() throws SQLException {
        database.write(tx -> tx.update("CREATE TABLE parent (id INTEGER PRIMARY KEY)"));
        database.write(tx ->
                tx.update(
                        "CREATE TABLE child (parent INTEGER REFERENCES parent (id)"
                                + " DEFERRABLE INITIALLY DEFERRED)"));
    }

    @Test
    void a_commit_that_fails_is_told_to_everyone_in_it_and_the_next_goes_on() throws Exception {
        makeTablesOfOrphans();
        Future<Integer> first = first();
        Future<Integer> orphan = write(tx -> tx.update(ORPHAN));

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
    void an_errand_is_done_by_who_has_the_turn_and_its_own_thread_hears_of_it_after_the_commit()
            throws Exception {
        List<Thread> workers = new ArrayList<>();
        List<Thread> told = new ArrayList<>();
        Future<Integer> first =
                write(tx -> {
                    workers.add(Thread.currentThread());
                    int rows = tx.update(INSERT, "first");
                    firstMayEnd.await();
                    return rows;
                });
        Future<Integer> errand =
                errand(tx -> {
                    workers.add(Thread.currentThread());
                    tx.afterCommit(() -> told.add(Thread.currentThread()));
                    return tx.update(INSERT, "errand");
                });
        CountDownLatch lastWorks = new CountDownLatch(1);
        Future<Integer> last =
                write(tx -> {
                    int rows = tx.update(INSERT, "last");
                    lastWorks.countDown();
                    lastMayEnd.await();
                    return rows;
                });

        firstMayEnd.countDown();
        lastWorks.await();

        assertThat(errand.isDone()).as("told before the commit").isFalse();
        assertThat(told).isEmpty();
        lastMayEnd.countDown();
        assertThat(List.of(first.get(), errand.get(), last.get())).containsOnly(1);
        assertThat(names()).containsExactly("first", "errand", "last");
        assertThat(workers.get(1)).isEqualTo(workers.get(0));
        assertThat(told).hasSize(1).doesNotContainAnyElementsOf(workers);
    }

    @Test
    void an_errand_that_nobody_can_do_is_done_by_its_own_thread() throws Exception {
        Thread worker =
                database.writeOnAnyThread(tx -> {
                    tx.update(INSERT, "alone");
                    return Thread.currentThread();
                });

        assertThat(worker).isEqualTo(Thread.currentThread());
        assertThat(names()).containsExactly("alone");
    }

    @Test
    void an_errand_without_a_statement_keeps_nobody_from_writing() throws Exception {
        assertThat(database.<Integer, Exception>writeOnAnyThread(_ -> 7)).isEqualTo(7);
        assertThat(database.<Integer, Exception>write(tx -> tx.update(INSERT, "next")))
                .isEqualTo(1);
    }

    @Test
    void an_errand_that_fails_is_undone_alone() throws Exception {
        Future<Integer> first = first();
        Future<Integer> failing =
                errand(tx -> {
                    tx.update(INSERT, "undone");
                    throw new IllegalStateException("on purpose");
                });
        Future<Integer> last = errand(tx -> tx.update(INSERT, "last"));

        firstMayEnd.countDown();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(failing::get)
                .withMessageContaining("on purpose");
        assertThat(List.of(first.get(), last.get())).containsOnly(1);
        assertThat(names()).containsExactly("first", "last");
    }

    @Test
    void an_errand_that_fails_on_its_own_thread_is_undone() throws Exception {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() ->
                        database.writeOnAnyThread(tx -> {
                            tx.update(INSERT, "undone");
                            return tx.update(INSERT, (String) null);
                        }));

        assertThat(database.<Integer, Exception>write(tx -> tx.update(INSERT, "next")))
                .isEqualTo(1);
        assertThat(names()).containsExactly("next");
    }

    @Test
    void after_one_that_failed_the_errand_of_the_next_begins_a_group() throws Exception {
        Future<Integer> failing = firstThatFails();
        Future<Integer> errand = errand(tx -> tx.update(INSERT, "errand"));

        firstMayEnd.countDown();

        assertThatExceptionOfType(ExecutionException.class).isThrownBy(failing::get);
        assertThat(errand.get()).isEqualTo(1);
        assertThat(names()).containsExactly("errand");
    }

    @Test
    void a_commit_that_fails_is_told_to_whose_errand_was_done_in_it() throws Exception {
        makeTablesOfOrphans();
        Future<Integer> first = first();
        Future<Integer> orphan = errand(tx -> tx.update(ORPHAN));
        Future<Integer> innocent = errand(tx -> tx.update(INSERT, "innocent"));

        firstMayEnd.countDown();

        for (Future<Integer> each : List.of(first, orphan, innocent)) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(each::get)
                    .withMessageContaining("FOREIGN KEY");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void what_sqlite_has_undone_during_an_errand_is_told_to_everyone_and_the_next_goes_on()
            throws Exception {
        Future<Integer> first = first();
        Future<Integer> second = errand(tx -> tx.update(INSERT, "second"));
        Future<Integer> all =
                errand(tx ->
                        tx.update(
                                "INSERT OR ROLLBACK INTO thing (name) VALUES (?)", (String) null));
        Future<Integer> next = errand(tx -> tx.update(INSERT, "next"));

        firstMayEnd.countDown();

        for (Future<Integer> each : List.of(first, second, all)) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(each::get)
                    .withCauseInstanceOf(SQLException.class);
        }
        assertThat(next.get()).isEqualTo(1);
        assertThat(names()).containsExactly("next");
    }

    @Test
    void who_is_interrupted_while_its_errand_waits_takes_it_away() throws Exception {
        Future<Integer> first = first();
        Future<Integer> waiting = errand(tx -> tx.update(INSERT, "never"));

        waiting.cancel(true);
        Await.until("it has left", () -> inQueue() == 1);
        firstMayEnd.countDown();

        assertThat(first.get()).isEqualTo(1);
        assertThat(names()).containsExactly("first");
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
        Work<Integer, Exception> work =
                tx -> {
                    int rows = tx.update(INSERT, "n" + n);
                    if (n % 7 == 0) {
                        throw new IllegalStateException("undo");
                    }
                    return rows;
                };
        try {
            return n % 3 == 0 ? database.write(work) : database.writeOnAnyThread(work);
        } catch (IllegalStateException undone) {
            return 0;
        }
    }
}
