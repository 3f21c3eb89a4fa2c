package dev.hearth.payment;

import dev.hearth.storage.Transaction;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Writes what has become of subscriptions and invoices, and tells who listens.
final class BillingWriter {
    private final List<SubscriptionListener> ofSubscriptions = new CopyOnWriteArrayList<>();
    private final List<InvoiceListener> ofInvoices = new CopyOnWriteArrayList<>();

    void tellSubscriptions(SubscriptionListener listener) {
        ofSubscriptions.add(listener);
    }

    void tellInvoices(InvoiceListener listener) {
        ofInvoices.add(listener);
    }

    /// Writes a subscription that was locked in this transaction.
    void write(Transaction tx, Subscription before, Subscription after) throws Exception {
        SubscriptionTable.update(tx, after);
        if (!before.state().equals(after.state()) || !before.plan().equals(after.plan())) {
            for (SubscriptionListener listener : ofSubscriptions) {
                listener.changed(before, after, tx);
            }
        }
    }

    /// Writes an invoice that was locked in this transaction.
    void write(Transaction tx, Invoice before, Invoice after) throws Exception {
        InvoiceTable.update(tx, after);
        boolean same =
                before.state().equals(after.state())
                        && before.amount() == after.amount()
                        && before.dueAt().equals(after.dueAt())
                        && before.reminders() == after.reminders();
        if (!same) {
            for (InvoiceListener listener : ofInvoices) {
                listener.changed(before, after, tx);
            }
        }
    }
}
