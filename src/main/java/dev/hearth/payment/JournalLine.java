package dev.hearth.payment;

import java.time.Instant;
import java.util.Optional;

/// One entry of the books: what one posting put into one account.
///
/// @param posting groups the entries that sum to zero
/// @param source what was posted, such as `payment` or `refund_reversal`
/// @param sourceId its id, ours or Stripe's
/// @param orderRef the order that it is for, where there is one
/// @param amount in minor units; what comes in is positive
public record JournalLine(
        Instant bookedAt,
        String posting,
        String source,
        String sourceId,
        Optional<String> paymentId,
        Optional<String> orderRef,
        String account,
        Currency currency,
        long amount) {

    /// The amount as a decimal: `-12.50`.
    public String decimal() {
        return Money.decimal(amount, currency);
    }
}
