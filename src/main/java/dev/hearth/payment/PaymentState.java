package dev.hearth.payment;

import java.util.Optional;

/// Where a payment is. Each state holds exactly what is known in it.
///
/// ```
/// created ─► unknown ─► pending ─► requires_action ─► processing ─► authorized ─► paid
///                          └────────────┴── failed, canceled, expired
/// ```
/// States are read from Stripe, which may have moved several steps since it was last asked, so every step
/// forward is legal; what is final stays. Refunds and disputes are no states: they are sums beside a
/// payment that stays paid.
public sealed interface PaymentState {

    /// Written down, and nothing sent to Stripe yet.
    record Created() implements PaymentState {}

    /// Sent to Stripe, and no answer came: it may exist there or not. Solved by asking again.
    record Unknown() implements PaymentState {}

    /// Waits for the buyer to choose how to pay.
    record Pending() implements PaymentState {}

    /// Waits for the buyer to prove who they are.
    record RequiresAction() implements PaymentState {}

    /// The bank has it; the outcome comes within minutes or days.
    record Processing() implements PaymentState {}

    /// The bank holds the amount; it becomes ours when captured.
    record Authorized(long capturable) implements PaymentState {}

    /// The money is ours.
    record Paid(long captured) implements PaymentState {}

    /// The last attempt failed. The buyer may try again where the payment exists at Stripe.
    record Failed(Optional<String> reason) implements PaymentState {}

    /// Given up, by us or by Stripe. Final.
    record Canceled() implements PaymentState {}

    /// The buyer did not pay in time. Final.
    record Expired() implements PaymentState {}

    /// The state's name, in the database and for callers.
    default String word() {
        return switch (this) {
            case Created _ -> "created";
            case Unknown _ -> "unknown";
            case Pending _ -> "pending";
            case RequiresAction _ -> "requires_action";
            case Processing _ -> "processing";
            case Authorized _ -> "authorized";
            case Paid _ -> "paid";
            case Failed _ -> "failed";
            case Canceled _ -> "canceled";
            case Expired _ -> "expired";
        };
    }

    /// Whether nothing can change it any more.
    default boolean isFinal() {
        return switch (this) {
            case Paid _, Canceled _, Expired _ -> true;
            case Created _, Unknown _, Pending _, RequiresAction _, Processing _, Authorized _ ->
                    false;
            case Failed _ -> false;
        };
    }

    /// Whether the buyer has still to do something.
    default boolean waitsForBuyer() {
        return switch (this) {
            case Pending _, RequiresAction _, Failed _ -> true;
            case Created _, Unknown _, Processing _, Authorized _ -> false;
            case Paid _, Canceled _, Expired _ -> false;
        };
    }

    /// Whether the next state can follow this one.
    default boolean mayBecome(PaymentState next) {
        if (equals(next)) {
            return true;
        }
        return switch (this) {
            case Created _ -> true;
            case Unknown _, Pending _, RequiresAction _, Processing _, Failed _ ->
                    !(next instanceof Created);
            case Authorized _ ->
                    switch (next) {
                        case Authorized _, Processing _, Paid _, Failed _, Canceled _ -> true;
                        case Created _, Unknown _, Pending _, RequiresAction _, Expired _ -> false;
                    };
            case Paid _, Canceled _, Expired _ -> false;
        };
    }

    /// The next state, if it can follow this one.
    ///
    /// @throws IllegalTransitionException if it cannot; names both
    default PaymentState become(PaymentState next) throws IllegalTransitionException {
        if (!mayBecome(next)) {
            throw new IllegalTransitionException(this, next);
        }
        return next;
    }
}
