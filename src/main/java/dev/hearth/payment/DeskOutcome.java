package dev.hearth.payment;

/// What came of what an operator asked for.
public sealed interface DeskOutcome {

    /// It is done.
    record Done(Payment payment) implements DeskOutcome {}

    /// Stripe did not answer. Hearth goes on by itself, and does it once.
    record Unknown(Payment payment) implements DeskOutcome {}

    /// It is not done.
    ///
    /// @param stale whether only because the payment has changed since it was shown
    /// @param reason a sentence to show
    record Refused(boolean stale, String reason) implements DeskOutcome {}

    /// In a word or two, for the audit.
    default String words() {
        return switch (this) {
            case Done _ -> "done";
            case Unknown _ -> "asked, no answer yet";
            case Refused(_, String reason) -> "refused: " + reason;
        };
    }
}
