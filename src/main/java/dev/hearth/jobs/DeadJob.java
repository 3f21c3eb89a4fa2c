package dev.hearth.jobs;

import java.time.Instant;

/// A job that failed so often that it is not tried again by itself. `data` is its JSON.
public record DeadJob(
        String name, String instance, String data, int attempts, Instant failedAt, String error) {}
