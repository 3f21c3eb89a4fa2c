package dev.hearth.payment;

import java.util.List;

/// Everything that is known of one invoice.
///
/// @param payments with which it was, or is tried to be, paid, oldest first
/// @param calls every call to Stripe for it, oldest first
public record InvoiceDetail(Invoice invoice, List<Payment> payments, List<PaymentCall> calls) {
    public InvoiceDetail {
        payments = List.copyOf(payments);
        calls = List.copyOf(calls);
    }
}
