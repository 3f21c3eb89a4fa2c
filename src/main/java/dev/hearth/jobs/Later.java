package dev.hearth.jobs;

import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/// Puts work off. It is kept with the caller's transaction: rolled back, it never was. Each method gives the id by
/// which operators know it (the instance of `hearth jobs list`).
public final class Later<T> {
    private final Jobs jobs;
    private final Declared.Later<T> job;

    Later(Jobs jobs, Declared.Later<T> job) {
        this.jobs = jobs;
        this.job = job;
    }

    /// Does it as soon as the transaction is committed.
    public String now(T data, Transaction transaction) throws SQLException {
        return at(jobs.clock().instant(), data, transaction);
    }

    /// Does it when so much time has passed.
    public String after(Duration delay, T data, Transaction transaction) throws SQLException {
        return at(jobs.clock().instant().plus(delay), data, transaction);
    }

    /// Does it at this time, or at once where that is past.
    public String at(Instant due, T data, Transaction transaction) throws SQLException {
        return jobs.put(job, data, due, transaction);
    }
}
