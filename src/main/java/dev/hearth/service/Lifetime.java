package dev.hearth.service;

import java.time.Duration;
import java.util.Optional;

/// When a process has served for long enough. Zero stands for never.
///
/// @param idle without a request for this long it sleeps
/// @param age it is started anew after this long
/// @param requests it is started anew after so many requests
public record Lifetime(Duration idle, Duration age, long requests) {

    /// Serves until it is told to stop.
    public static final Lifetime ENDLESS = new Lifetime(Duration.ZERO, Duration.ZERO, 0);

    public Lifetime {
        if (idle.isNegative() || age.isNegative() || requests < 0) {
            throw new IllegalArgumentException("a lifetime must not be negative");
        }
    }

    /// Why a process ends.
    public sealed interface End {
        /// For people.
        String reason();

        /// Nothing is asked of it; the next request starts it again.
        record Sleep(String reason) implements End {}

        /// It ends so that a fresh one takes its place.
        record Renewal(String reason) implements End {}
    }

    /// Why a process of this age should end now, if it should.
    ///
    /// @param idleFor without a request, nor anything else to do
    public Optional<End> end(Duration runsFor, Duration idleFor, long requestsSoFar) {
        if (requests > 0 && requestsSoFar >= requests) {
            return Optional.of(
                    new End.Renewal("%d requests (restart.after_requests)".formatted(requests)));
        }
        if (age.isPositive() && runsFor.compareTo(age) >= 0) {
            return Optional.of(new End.Renewal("%s old (restart.after)".formatted(age)));
        }
        if (idle.isPositive() && idleFor.compareTo(idle) >= 0) {
            return Optional.of(new End.Sleep("no request for %s (idle.exit)".formatted(idle)));
        }
        return Optional.empty();
    }
}
