package dev.hearth.payment;

import dev.hearth.storage.Transaction;

/// Told of every change of a payment, in the transaction that writes it: what it writes itself is committed
/// with the change, exactly once, or not at all. It must not call other servers.
@FunctionalInterface
public interface PaymentListener {

    /// The payment before and after. What this throws undoes the change, which is tried again later.
    void changed(Payment before, Payment after, Transaction transaction) throws Exception;
}
