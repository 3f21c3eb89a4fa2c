package dev.hearth.payment;

import java.time.Instant;
import java.util.Optional;

/// Where a subscription is. Each state holds exactly what is known in it; all but the first two are Stripe's.
public sealed interface SubscriptionState {

    /// What is paid for, and what comes after.
    ///
    /// @param paidUntil when the present period ends
    /// @param endsThen whether the subscription ends with it
    record Period(Instant paidUntil, boolean endsThen) {}

    /// Written down, and nothing sent to Stripe yet.
    record Created() implements SubscriptionState {}

    /// Sent to Stripe, and no answer came.
    record Unknown() implements SubscriptionState {}

    /// Waits for the buyer on Stripe's page.
    record Pending() implements SubscriptionState {}

    /// The first payment is not through.
    record Incomplete() implements SubscriptionState {}

    /// Not paid for yet, and not due.
    record Trialing(Period period) implements SubscriptionState {}

    /// Paid for.
    record Active(Period period) implements SubscriptionState {}

    /// The last payment failed; Stripe tries again.
    record PastDue(Period period) implements SubscriptionState {}

    /// The last payment failed, and Stripe no longer tries.
    record Unpaid() implements SubscriptionState {}

    /// Stopped for a while.
    record Paused() implements SubscriptionState {}

    /// Ended. Final.
    record Canceled() implements SubscriptionState {}

    /// Never begun in time. Final.
    record Expired() implements SubscriptionState {}

    /// Stripe refused to begin it. Final.
    record Failed(Optional<String> reason) implements SubscriptionState {}

    /// The state's name, in the database and for callers.
    default String word() {
        return switch (this) {
            case Created _ -> "created";
            case Unknown _ -> "unknown";
            case Pending _ -> "pending";
            case Incomplete _ -> "incomplete";
            case Trialing _ -> "trialing";
            case Active _ -> "active";
            case PastDue _ -> "past_due";
            case Unpaid _ -> "unpaid";
            case Paused _ -> "paused";
            case Canceled _ -> "canceled";
            case Expired _ -> "expired";
            case Failed _ -> "failed";
        };
    }

    /// The present period, where there is one.
    default Optional<Period> current() {
        return switch (this) {
            case Trialing(Period period) -> Optional.of(period);
            case Active(Period period) -> Optional.of(period);
            case PastDue(Period period) -> Optional.of(period);
            case Created _, Unknown _, Pending _, Incomplete _, Unpaid _, Paused _ ->
                    Optional.empty();
            case Canceled _, Expired _, Failed _ -> Optional.empty();
        };
    }

    /// Whether it exists at Stripe and can be changed or ended.
    default boolean isRunning() {
        return switch (this) {
            case Trialing _, Active _, PastDue _, Unpaid _, Paused _, Incomplete _ -> true;
            case Created _, Unknown _, Pending _, Canceled _, Expired _, Failed _ -> false;
        };
    }

    /// Whether nothing can change it any more.
    default boolean isFinal() {
        return this instanceof Canceled || this instanceof Expired || this instanceof Failed;
    }

    /// The next state, if it can follow this one: what has ended stays, and nothing becomes new again.
    ///
    /// @throws IllegalTransitionException if it cannot; names both
    default SubscriptionState become(SubscriptionState next) throws IllegalTransitionException {
        boolean legal =
                equals(next)
                        || (!isFinal() && !(next instanceof Created))
                        || (this instanceof Failed && next.isRunning()); // begun after all
        if (!legal) {
            throw new IllegalTransitionException(this, next);
        }
        return next;
    }
}
