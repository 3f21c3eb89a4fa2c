package dev.hearth.jobs;

import java.time.Instant;
import java.util.Optional;

/// A job that waits or runs. `failures` are those since it last succeeded, `error` the last of them.
public record JobEntry(
        String name,
        String instance,
        Instant next,
        boolean running,
        Optional<Instant> lastSuccess,
        Optional<Instant> lastFailure,
        int failures,
        Optional<String> error) {

    /// What stands for the instance of a job that comes back.
    public static final String RECURRING = "recurring";

    /// Whether it comes back by itself; else it was put off once.
    public boolean recurs() {
        return instance.equals(RECURRING);
    }
}
