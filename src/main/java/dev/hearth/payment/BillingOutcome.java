package dev.hearth.payment;

/// What came of what an operator asked for with a subscription or an invoice.
public sealed interface BillingOutcome {

    /// It is done.
    record Done() implements BillingOutcome {}

    /// Stripe did not answer. Hearth goes on by itself, and does it once.
    record Unknown() implements BillingOutcome {}

    /// It is not done.
    ///
    /// @param reason a sentence to show
    record Refused(String reason) implements BillingOutcome {}

    /// In a word or two, for the audit.
    default String words() {
        return switch (this) {
            case Done _ -> "done";
            case Unknown _ -> "asked, no answer yet";
            case Refused(String reason) -> "refused: " + reason;
        };
    }
}
