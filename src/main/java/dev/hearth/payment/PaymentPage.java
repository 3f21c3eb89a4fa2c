package dev.hearth.payment;

import java.util.List;
import java.util.Optional;

/// Some payments, newest first.
///
/// @param next for [PaymentFilter#after], where there are more
public record PaymentPage(List<Payment> payments, Optional<String> next) {
    public PaymentPage {
        payments = List.copyOf(payments);
    }
}
