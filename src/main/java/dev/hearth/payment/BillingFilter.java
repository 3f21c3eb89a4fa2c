package dev.hearth.payment;

import java.util.Optional;

/// Which subscriptions or invoices to list, newest first.
///
/// @param state such as `active` or `open`
/// @param text a part of the order reference, or the whole of an id: ours, or one of Stripe's
/// @param before the cursor of the page before: [BillingPage#next]
public record BillingFilter(
        Optional<String> state, Optional<String> text, Optional<String> before, int limit) {

    /// The fifty newest.
    public static final BillingFilter ALL =
            new BillingFilter(Optional.empty(), Optional.empty(), Optional.empty(), 50);

    private static final int MOST = 1_000;

    /// @throws IllegalArgumentException if the limit is not 1 to 1000
    public BillingFilter {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException(
                    "1 to %d can be listed, not %d".formatted(MOST, limit));
        }
    }

    /// The same in one state.
    public BillingFilter in(String wanted) {
        return new BillingFilter(Optional.of(wanted), text, before, limit);
    }

    /// The same with this text in the order reference, or this id.
    public BillingFilter matching(String wanted) {
        return new BillingFilter(state, Optional.of(wanted), before, limit);
    }

    /// The same after a page.
    public BillingFilter after(String cursor) {
        return new BillingFilter(state, text, Optional.of(cursor), limit);
    }

    /// The same, so many at most.
    public BillingFilter atMost(int many) {
        return new BillingFilter(state, text, before, many);
    }
}
