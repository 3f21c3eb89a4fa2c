package dev.hearth.payment;

import java.time.Instant;
import java.util.Optional;

/// Which payments to list.
///
/// @param status as [Payment#status] has it, such as `paid` or `partially_refunded`
/// @param text a part of the order reference, or the whole of an id: ours, or one of Stripe's
/// @param before the cursor of the page before: [PaymentPage#next]
public record PaymentFilter(
        Optional<String> status,
        Optional<String> text,
        Optional<Currency> currency,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<String> before,
        int limit) {

    /// The fifty newest.
    public static final PaymentFilter ALL =
            new PaymentFilter(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    50);

    private static final int MOST = 1_000;

    /// @throws IllegalArgumentException if the limit is not 1 to 1000
    public PaymentFilter {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException(
                    "1 to %d payments can be listed, not %d".formatted(MOST, limit));
        }
    }

    /// The same for one status.
    public PaymentFilter in(String wanted) {
        return new PaymentFilter(Optional.of(wanted), text, currency, since, until, before, limit);
    }

    /// The same with this text in the order reference, or this id.
    public PaymentFilter matching(String wanted) {
        return new PaymentFilter(
                status, Optional.of(wanted), currency, since, until, before, limit);
    }

    /// The same in one currency.
    public PaymentFilter in(Currency wanted) {
        return new PaymentFilter(status, text, Optional.of(wanted), since, until, before, limit);
    }

    /// The same for those that were begun in this time; `last` is not part of it.
    public PaymentFilter begun(Optional<Instant> first, Optional<Instant> last) {
        return new PaymentFilter(status, text, currency, first, last, before, limit);
    }

    /// The same after a page.
    public PaymentFilter after(String cursor) {
        return new PaymentFilter(status, text, currency, since, until, Optional.of(cursor), limit);
    }

    /// The same, so many at most.
    public PaymentFilter atMost(int payments) {
        return new PaymentFilter(status, text, currency, since, until, before, payments);
    }
}
