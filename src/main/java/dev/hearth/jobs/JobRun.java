package dev.hearth.jobs;

import java.time.Instant;

/// One run of a job: which, when it was due, and the how many-eth attempt this is, from 1. `instance` is the
/// same for every attempt at one piece of work, so other systems can be asked with it as an idempotency key.
public record JobRun(String name, String instance, Instant due, int attempt) {}
