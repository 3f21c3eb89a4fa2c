package dev.hearth.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
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

    /// A thread that waits for its turn.
    private record Turn(Thread thread, Semaphore granted) {}

    /// Transactions that are committed together.
    private static final class Group {
        final Connection connection;
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

        synchronized void end(@Nullable SQLException why) {
            over = true;
            failure = why;
            notifyAll();
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
        takeTurn();
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
        if (!handOn(mine)) {
            commitAll(mine);
        }
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
        if (!handOn(mine)) {
            commitAll(mine);
        }
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

    private void takeTurn() throws SQLTransientConnectionException {
        Turn turn = new Turn(Thread.currentThread(), new Semaphore(0));
        synchronized (this) {
            if (holder == null) {
                holder = turn.thread;
                return;
            }
            waiting.add(turn);
        }
        try {
            if (!turn.granted.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS)
                    && leave(turn)) {
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
    }

    /// Whether the turn had not come yet.
    private synchronized boolean leave(Turn turn) {
        return waiting.remove(turn);
    }

    private synchronized boolean isOurTurn() {
        return Thread.currentThread().equals(holder);
    }

    /// Gives the turn, with the open transaction, to who waits; false if nobody does or the group takes nobody more.
    private synchronized boolean handOn(Group mine) {
        return mine.takesMore(longestGroup) && next();
    }

    private synchronized void passTurn() {
        if (!next()) {
            holder = null;
        }
    }

    private synchronized boolean next() {
        Turn next = waiting.poll();
        if (next == null) {
            return false;
        }
        holder = next.thread;
        next.granted.release();
        return true;
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
