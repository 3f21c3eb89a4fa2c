package dev.hearth.payment;

import dev.hearth.storage.Transaction;

/// Told of every change of a subscription's state, period or plan, as [PaymentListener] is of payments: in the
/// transaction that writes it. It must not call other servers.
///
/// {@snippet lang=java :
/// app.onSubscription((before, after, tx) -> tx.update(
///         "UPDATE member SET active = ? WHERE subscription = ?", after.state().isRunning(), after.orderRef()));
/// }
@FunctionalInterface
public interface SubscriptionListener {

    /// The subscription before and after. What this throws undoes the change, which is tried again later.
    void changed(Subscription before, Subscription after, Transaction transaction) throws Exception;
}
