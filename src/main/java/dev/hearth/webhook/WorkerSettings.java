package dev.hearth.webhook;

import java.time.Duration;

/// How the worker works.
///
/// @param threads how many events are handled at once
/// @param claimed how many events it may have in hand; more save transactions, fewer share better between
///     machines
/// @param lease how long an event is its own without renewal: a killed worker's events go on after this
/// @param timeout how long a handler may take before it is interrupted and the event tried again
/// @param poll how often it looks for events that other processes have stored or that have become due
public record WorkerSettings(
        int threads,
        int claimed,
        Duration lease,
        Duration timeout,
        Duration poll,
        RetrySchedule retries) {

    /// Eight threads, leases of 20 s, a minute for a handler.
    public static final WorkerSettings DEFAULT =
            new WorkerSettings(
                    8,
                    512,
                    Duration.ofSeconds(20),
                    Duration.ofMinutes(1),
                    Duration.ofMillis(500),
                    RetrySchedule.DEFAULT);

    public WorkerSettings {
        if (threads < 1 || threads > 1_000 || claimed < threads) {
            throw new IllegalArgumentException(
                    "a worker has 1 to 1000 threads and claims at least as many events, was %d and %d"
                            .formatted(threads, claimed));
        }
        if (lease.compareTo(Duration.ofSeconds(1)) < 0 || poll.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "a lease has at least 1 s and a poll at least 1 ms, was %s and %s"
                            .formatted(lease, poll));
        }
    }

    /// The same with another number of threads.
    public WorkerSettings withThreads(int other) {
        return new WorkerSettings(other, Math.max(claimed, other), lease, timeout, poll, retries);
    }

    /// The same with other pauses between tries.
    public WorkerSettings withRetries(RetrySchedule other) {
        return new WorkerSettings(threads, claimed, lease, timeout, poll, other);
    }

    /// The same with other times.
    public WorkerSettings withTimes(
            Duration otherLease, Duration otherTimeout, Duration otherPoll) {
        return new WorkerSettings(threads, claimed, otherLease, otherTimeout, otherPoll, retries);
    }
}
