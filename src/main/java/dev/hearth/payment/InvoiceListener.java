package dev.hearth.payment;

import dev.hearth.storage.Transaction;

/// Told of every change of an invoice's state, amount, due date or number of reminders, as [PaymentListener] is of
/// payments: in the transaction that writes it. It must not call other servers.
///
/// {@snippet lang=java :
/// app.onInvoice((before, after, tx) -> {
///     if (after.state() instanceof InvoiceState.Paid) {
///         tx.update("UPDATE orders SET paid = TRUE WHERE id = ?", after.orderRef());
///     }
/// });
/// }
@FunctionalInterface
public interface InvoiceListener {

    /// The invoice before and after. What this throws undoes the change, which is tried again later.
    void changed(Invoice before, Invoice after, Transaction transaction) throws Exception;
}
