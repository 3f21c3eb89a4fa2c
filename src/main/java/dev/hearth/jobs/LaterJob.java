package dev.hearth.jobs;

/// Work that was put off, with the data that was kept for it.
///
/// It may run twice: a process that ends in the middle leaves it to the next.
@FunctionalInterface
public interface LaterJob<T> {

    /// Does the work, on a thread of its own.
    ///
    /// @throws Exception any: it is tried again after 10 s, 1 m, 5 m, 30 m, 2 h, 6 h, 12 h and a day, then kept
    ///     as dead
    void run(T data, JobRun run) throws Exception;
}
