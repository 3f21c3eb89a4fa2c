package dev.hearth.payment;

import java.util.List;

/// Everything that is known of one payment.
///
/// @param revision for [PaymentDesk]: a page that shows another one is out of date
/// @param refundable what can still be given back, in minor units
/// @param steps what became of it and why, oldest first
/// @param calls every call to Stripe for it, oldest first; steps name them by id
/// @param journal its entries in the books, oldest first
public record PaymentDetail(
        Payment payment,
        long revision,
        long refundable,
        List<Refund> refunds,
        List<Dispute> disputes,
        List<PaymentStep> steps,
        List<PaymentCall> calls,
        List<JournalLine> journal) {
    public PaymentDetail {
        refunds = List.copyOf(refunds);
        disputes = List.copyOf(disputes);
        steps = List.copyOf(steps);
        calls = List.copyOf(calls);
        journal = List.copyOf(journal);
    }
}
