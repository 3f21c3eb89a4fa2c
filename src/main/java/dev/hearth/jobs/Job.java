package dev.hearth.jobs;

/// Work that comes back by itself.
///
/// It may run twice: a process that ends in the middle leaves it to the next. On PostgreSQL one of all the
/// processes runs it.
@FunctionalInterface
public interface Job {

    /// Does the work, on a thread of its own.
    ///
    /// @throws Exception any: it is logged, and the job runs again after 10 s, 1 m, 5 m … or at its next time,
    ///     whichever is sooner
    void run(JobRun run) throws Exception;
}
