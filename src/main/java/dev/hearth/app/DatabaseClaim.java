package dev.hearth.app;

import dev.hearth.storage.CannotStartException;
import dev.hearth.storage.Database;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The right to work on the database, which on SQLite one process has at a time.
final class DatabaseClaim implements AutoCloseable {
    private final Closing held = new Closing();

    private DatabaseClaim(AutoCloseable lock) {
        held.add(lock);
    }

    /// Claims the database.
    ///
    /// @param patience how long to wait for another process to let go of it
    /// @throws CannotStartException if it does not
    static DatabaseClaim of(Database database, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return new DatabaseClaim(database.claimForServing());
            } catch (CannotStartException inUse) {
                if (System.nanoTime() - deadline >= 0) {
                    throw inUse;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /// Leaves it to the next process. Twice is harmless.
    void release() {
        held.close();
    }

    @Override
    public void close() {
        release();
    }
}
