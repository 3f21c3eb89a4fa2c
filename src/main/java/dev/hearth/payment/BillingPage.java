package dev.hearth.payment;

import java.util.List;
import java.util.Optional;

/// Some subscriptions or invoices, newest first.
///
/// @param next for [BillingFilter#after], where there are more
public record BillingPage<T>(List<T> rows, Optional<String> next) {
    public BillingPage {
        rows = List.copyOf(rows);
    }
}
