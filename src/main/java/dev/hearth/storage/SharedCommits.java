package dev.hearth.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Write transactions of many threads on SQLite's one writing connection, which share commits: those that wait
/// for each other anyway cost one fsync together.
///
/// They take turns in the order in which they came. Whoever ends its work while another one waits does not
/// commit, but hands the open transaction on and waits; the last of a group commits for all of it. So nobody
/// is delayed to fill a group, a group grows with the load, and a transaction alone costs what it always did.
/// An [Errand] that waits is done by whoever has the turn, who would wait for the end of the group anyway: its own thread
/// wakes up when all is committed, and not before, to work.
/// A group also takes in nobody more once the first whose work is done has waited for the longest time: short
/// transactions wait for one slow neighbour at the most, not for a row of them.
///
/// Each sees what those before it in its group wrote, and returns only when that is committed too. One that fails
/// is undone alone, back to its savepoint; a commit that fails does so for its whole group, also where a
/// deferred constraint of one of them is the reason.
///
/// Safe for many threads; a transaction belongs to the thread that began it.
final class SharedCommits implements TransactionSource {
    private static final int LARGEST_GROUP = 64;

    private final TransactionSource alone;
    private final Duration longestWait;
    private final Duration longestGroup;
    private final Queue<Turn> waiting = new ArrayDeque<>(); // guarded by this
    private @Nullable Thread holder; // of the turn; guarded by this
    private @Nullable Group group; // owned by the holder of the turn

    /// @param alone begins, commits and undoes one transaction for a whole group
    /// @param longestWait for the turn
    /// @param longestGroup how long one whose work is done waits for others to begin theirs
    SharedCommits(TransactionSource alone, Duration longestWait, Duration longestGroup) {
        this.alone = alone;
        this.longestWait = longestWait;
        this.longestGroup = longestGroup;
    }

    /// A thread that waits for its turn, or for another to do its errand.
    private static final class Turn {
        final Thread thread = Thread.currentThread();
        final @Nullable Errand<?, ?> errand;
        final Semaphore awake = new Semaphore(0);
        private boolean over; // the errand is; written before `awake` is released

        Turn(@Nullable Errand<?, ?> errand) {
            this.errand = errand;
        }

        void end() {
            over = true;
            awake.release();
        }
    }

    /// Transactions that are committed together.
    private static final class Group {
        final Connection connection;
        final List<Turn> guests = new ArrayList<>(); // whose errands are done; as members
        int members; // whose work is done; owned by the holder of the turn
        private long waitsSince; // of the first one whose work was done: its System.nanoTime()
        private boolean over; // guarded by this
        private @Nullable SQLException failure; // guarded by this

        Group(Connection connection) {
            this.connection = connection;
        }

        void done() {
            if (members++ == 0) {
                waitsSince = System.nanoTime();
            }
        }

        boolean takesMore(Duration longest) {
            return members < LARGEST_GROUP && System.nanoTime() - waitsSince < longest.toNanos();
        }

        void end(@Nullable SQLException why) {
            synchronized (this) {
                over = true;
                failure = why;
                notifyAll();
            }
            for (Turn guest : guests) {
                if (why != null && guest.errand != null) {
                    guest.errand.fail(why);
                }
                guest.end();
            }
        }

        synchronized boolean isOver() {
            return over;
        }

        /// Waits through interruptions: the outcome is in another thread's hands.
        synchronized void await() throws SQLException {
            boolean interrupted = false;
            while (!over) {
                try {
                    wait();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (failure != null) {
                throw failure;
            }
        }
    }

    @Override
    public Connection begin() throws SQLException {
        takeTurn(new Turn(null));
        return open();
    }

    /// Does the errand, or waits until another thread has. How it ended it tells itself.
    ///
    /// @throws SQLException if it was not begun
    void run(Errand<?, ?> errand) throws SQLException {
        Turn turn = new Turn(errand);
        takeTurn(turn);
        if (turn.over) {
            return;
        }
        Connection connection = open();
        try {
            if (errand.run(connection)) {
                commit(connection);
                return;
            }
        } catch (SQLException notCommitted) {
            errand.fail(notCommitted);
        }
        try {
            rollback(connection);
        } catch (SQLException alsoFailed) {
            errand.fail(alsoFailed);
        }
    }

    private Connection open() throws SQLException {
        Group joined = group;
        try {
            if (joined == null) {
                joined = new Group(alone.begin());
                group = joined;
            } else {
                execute(joined, "SAVEPOINT one");
            }
            return joined.connection;
        } catch (Throwable failed) {
            if (joined == null) {
                passTurn();
            } else {
                undoAll(joined, new SQLException("the group could not go on", failed));
            }
            throw failed;
        }
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        Group mine = ours();
        if (mine.members > 0) {
            execute(mine, "RELEASE one");
        }
        mine.done();
        goOn(mine);
        mine.await();
    }

    /// Undoes what this thread did; what others of its group did goes on. Where the commit failed there is nothing
    /// left to undo.
    @Override
    public void rollback(Connection connection) throws SQLException {
        if (!isOurTurn()) {
            return;
        }
        Group mine = ours();
        if (mine.members == 0) {
            undoAll(mine, new SQLException("undone"));
            return;
        }
        try {
            execute(mine, "ROLLBACK TO one");
            execute(mine, "RELEASE one");
        } catch (SQLException undone) { // SQLite has undone all of it by itself: a full disk, say
            undoAll(mine, undone);
            throw undone;
        }
        goOn(mine);
    }

    /// Who commits or undoes a group gives its connection back.
    @Override
    public void release(Connection connection) {}

    private Group ours() {
        Group mine = group;
        if (mine == null || !isOurTurn()) {
            throw new IllegalStateException("this thread has no transaction to end");
        }
        return mine;
    }

    /// Does the errands that wait, and hands the turn on, with the open transaction, to who does its own work; commits if
    /// nobody waits or the group takes nobody more.
    private void goOn(Group mine) {
        while (!mine.isOver()) {
            Turn next = mine.takesMore(longestGroup) ? next() : null;
            if (next == null) {
                commitAll(mine);
            } else if (next.errand == null) {
                grant(next);
                return;
            } else {
                run(next, next.errand, mine);
            }
        }
    }

    private void run(Turn turn, Errand<?, ?> errand, Group mine) {
        try {
            execute(mine, "SAVEPOINT one");
            if (errand.run(mine.connection)) {
                execute(mine, "RELEASE one");
                mine.done();
                mine.guests.add(turn);
            } else {
                execute(mine, "ROLLBACK TO one");
                execute(mine, "RELEASE one");
                turn.end();
            }
        } catch (SQLException undone) { // all of the group is
            errand.fail(undone);
            undoAll(mine, undone);
            turn.end();
        }
    }

    private void commitAll(Group mine) {
        SQLException failure = null;
        try {
            alone.commit(mine.connection);
        } catch (SQLException failed) {
            failure = failed;
            undo(mine, failed);
        }
        end(mine, failure);
    }

    private void undoAll(Group mine, SQLException why) {
        undo(mine, why);
        end(mine, why);
    }

    private void undo(Group mine, SQLException why) {
        try {
            alone.rollback(mine.connection);
        } catch (SQLException alsoFailed) {
            why.addSuppressed(alsoFailed);
        }
    }

    private void end(Group mine, @Nullable SQLException why) {
        SQLException failure = why;
        try {
            alone.release(mine.connection);
        } catch (SQLException notGivenBack) {
            if (failure != null) {
                failure.addSuppressed(notGivenBack);
            }
        } finally {
            group = null;
            passTurn(); // first, so that the next group begins while this one's threads are woken
            mine.end(failure);
        }
    }

    /// Waits until the turn is this thread's, or its errand is done.
    private void takeTurn(Turn turn) throws SQLTransientConnectionException {
        synchronized (this) {
            if (holder == null) {
                holder = turn.thread;
                return;
            }
            waiting.add(turn);
        }
        try {
            if (turn.awake.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            if (leave(turn)) {
                throw new SQLTransientConnectionException(
                        "waited %s for the turn to write".formatted(longestWait));
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            if (leave(turn)) {
                throw new SQLTransientConnectionException(
                        "interrupted while waiting for the turn to write", stopping);
            }
        }
        turn.awake.acquireUninterruptibly(); // it comes, or its errand is being done
    }

    /// Whether the turn had not come yet.
    private synchronized boolean leave(Turn turn) {
        return waiting.remove(turn);
    }

    private synchronized boolean isOurTurn() {
        return Thread.currentThread().equals(holder);
    }

    private synchronized @Nullable Turn next() {
        return waiting.poll();
    }

    private synchronized void grant(Turn next) {
        holder = next.thread;
        next.awake.release();
    }

    private synchronized void passTurn() {
        Turn next = waiting.poll();
        if (next == null) {
            holder = null;
        } else {
            grant(next);
        }
    }

    private static void execute(Group group, String sql) throws SQLException {
        try (PreparedStatement statement = group.connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    @Override
    public DataSource pool() {
        return alone.pool();
    }

    /// The pool's, with those that wait for their turn.
    @Override
    public PoolFigures figures() {
        PoolFigures pool = alone.figures();
        int queue;
        synchronized (this) {
            queue = waiting.size();
        }
        return new PoolFigures(
                pool.name(), pool.active(), pool.idle(), pool.waiting() + queue, pool.most());
    }

    @Override
    public void close() {
        alone.close();
    }
}
