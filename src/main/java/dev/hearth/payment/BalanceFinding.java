package dev.hearth.payment;

/// What one currency came to when the books were held against Stripe's balance.
///
/// @param stripe what moved at Stripe, in minor units
/// @param journal what of it is in the books
/// @param unmatched the ids of what is not in the books as it moved, by which the difference is found
public record BalanceFinding(Currency currency, long stripe, long journal, String unmatched) {

    /// Always nothing, unless something is wrong.
    public long difference() {
        return stripe - journal;
    }
}
