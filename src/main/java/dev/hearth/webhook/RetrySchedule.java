package dev.hearth.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// When a failed event is tried again: after each pause in turn, stretched by up to a fifth at random so
/// that what failed together does not come back together.
///
/// @param pauses the pause after the first failure, the second …; after the last the event is dead
public record RetrySchedule(List<Duration> pauses) {

    /// 10 s, 1 m, 5 m, 30 m, 2 h, 6 h, 12 h, 24 h: almost two days in nine attempts.
    public static final RetrySchedule DEFAULT =
            new RetrySchedule(
                    List.of(
                            Duration.ofSeconds(10),
                            Duration.ofMinutes(1),
                            Duration.ofMinutes(5),
                            Duration.ofMinutes(30),
                            Duration.ofHours(2),
                            Duration.ofHours(6),
                            Duration.ofHours(12),
                            Duration.ofHours(24)));

    private static final double JITTER = 0.2;

    public RetrySchedule {
        pauses = List.copyOf(pauses);
        if (pauses.stream().anyMatch(pause -> pause.isNegative() || pause.isZero())) {
            throw new IllegalArgumentException("a pause must be longer than nothing: " + pauses);
        }
    }

    /// The next time to try after the given attempt (1 for the first) failed, or nothing once every pause
    /// is used up.
    public Optional<Instant> afterFailure(int attempt, Instant failedAt, RandomGenerator random) {
        if (attempt > pauses.size()) {
            return Optional.empty();
        }
        long millis = pauses.get(attempt - 1).toMillis();
        long stretch = (long) (millis * JITTER * random.nextDouble());
        return Optional.of(failedAt.plusMillis(millis + stretch));
    }
}
