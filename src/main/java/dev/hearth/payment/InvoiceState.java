package dev.hearth.payment;

import java.util.Optional;

/// Where an invoice is. Each state holds exactly what is known in it; all but the first two are Stripe's.
public sealed interface InvoiceState {

    /// Written down, and nothing sent to Stripe yet.
    record Created() implements InvoiceState {}

    /// A call for it got no answer.
    record Unknown() implements InvoiceState {}

    /// At Stripe, and not to be seen by the customer yet.
    record Draft() implements InvoiceState {}

    /// To be paid.
    ///
    /// @param page Stripe's, where the customer sees and pays it
    record Open(Optional<String> page) implements InvoiceState {}

    /// Paid. Final.
    record Paid(long amount) implements InvoiceState {}

    /// Taken back. Final.
    record TakenBack() implements InvoiceState {}

    /// Given up. It can still be paid.
    record Uncollectible() implements InvoiceState {}

    /// Stripe refused to make it. Final.
    record Failed(Optional<String> reason) implements InvoiceState {}

    /// The state's name, in the database and for callers.
    default String word() {
        return switch (this) {
            case Created _ -> "created";
            case Unknown _ -> "unknown";
            case Draft _ -> "draft";
            case Open _ -> "open";
            case Paid _ -> "paid";
            case TakenBack _ -> "void";
            case Uncollectible _ -> "uncollectible";
            case Failed _ -> "failed";
        };
    }

    /// Whether the customer cannot have seen it yet.
    default boolean isBeingMade() {
        return this instanceof Created || this instanceof Unknown || this instanceof Draft;
    }

    /// Whether nothing can change it any more.
    default boolean isFinal() {
        return this instanceof Paid || this instanceof TakenBack || this instanceof Failed;
    }

    /// The next state, if it can follow this one.
    ///
    /// @throws IllegalTransitionException if it cannot; names both
    default InvoiceState become(InvoiceState next) throws IllegalTransitionException {
        boolean legal =
                equals(next)
                        || switch (this) {
                            case Created _, Unknown _ -> !(next instanceof Created);
                            case Draft _ ->
                                    !(next instanceof Created) && !(next instanceof Unknown);
                            case Open _, Uncollectible _ ->
                                    switch (next) {
                                        case Open _, Paid _, TakenBack _, Uncollectible _ -> true;
                                        case Created _, Unknown _, Draft _, Failed _ -> false;
                                    };
                            case Paid _, TakenBack _, Failed _ -> false;
                        };
        if (!legal) {
            throw new IllegalTransitionException(this, next);
        }
        return next;
    }
}
