package dev.hearth.payment;

import java.util.List;

/// Everything that is known of one subscription.
///
/// @param invoices one for each period, newest first
/// @param calls every call to Stripe for it, oldest first
public record SubscriptionDetail(
        Subscription subscription, List<Invoice> invoices, List<PaymentCall> calls) {
    public SubscriptionDetail {
        invoices = List.copyOf(invoices);
        calls = List.copyOf(calls);
    }
}
