package dev.hearth.payment;

import dev.hearth.payment.Journal.Account;
import dev.hearth.payment.Journal.Source;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Says which event of a payment is booked how.
final class Books {
    private static final Logger log = LoggerFactory.getLogger(Books.class);

    private final Journal journal;

    Books(TimeOrderedIds ids) {
        this.journal = new Journal(ids);
    }

    /// The money is ours, and Stripe owes it to us.
    void paid(Transaction tx, Payment payment, Instant now) throws SQLException {
        journal.post(
                tx,
                Source.PAYMENT,
                payment.id(),
                payment.id(),
                Account.REVENUE,
                Account.RECEIVABLE_STRIPE,
                payment.amount().currency(),
                payment.captured(),
                now);
    }

    /// What Stripe keeps of a charge, in the currency in which it settles.
    void fee(Transaction tx, Payment payment, JsonNode charge, Instant now) throws SQLException {
        fee(tx, payment.id(), charge.path("balance_transaction"), now);
    }

    /// What Stripe keeps of one movement of its balance, or gives back with it.
    void fee(Transaction tx, String paymentId, JsonNode moved, Instant now) throws SQLException {
        Optional<String> id = Json.text(moved, "id");
        Optional<Currency> currency = Json.text(moved, "currency").flatMap(Currency::find);
        long fee = Json.number(moved, "fee").orElse(0);
        if (id.isPresent() && currency.isPresent()) {
            fee(tx, id.get(), paymentId, currency.get(), fee, now);
        }
    }

    /// What Stripe takes for itself, or gives back (less than nothing), for no payment of ours.
    void stripeFee(Transaction tx, String id, Currency currency, long fee, Instant now)
            throws SQLException {
        fee(tx, id, null, currency, fee, now);
    }

    private void fee(
            Transaction tx,
            String id,
            @Nullable String paymentId,
            Currency currency,
            long fee,
            Instant now)
            throws SQLException {
        if (fee == 0) {
            return;
        }
        journal.post(
                tx,
                Source.FEE,
                id,
                paymentId,
                fee > 0 ? Account.RECEIVABLE_STRIPE : Account.FEES,
                fee > 0 ? Account.FEES : Account.RECEIVABLE_STRIPE,
                currency,
                Math.abs(fee),
                now);
    }

    /// A refund is booked when its money has left the balance, with many ways to pay days before it arrives; one that
    /// was booked and failed is reversed.
    ///
    /// @param object Stripe's, which names the movement of the balance
    void refund(Transaction tx, Payment payment, Refund refund, JsonNode object, Instant now)
            throws SQLException {
        Currency currency = payment.amount().currency();
        String stripeId = refund.stripeId().orElseThrow();
        boolean moved =
                refund.state().takesMoney() && Json.id(object, "balance_transaction").isPresent();
        if (moved || refund.state() == Refund.State.SUCCEEDED) {
            journal.post(
                    tx,
                    Source.REFUND,
                    stripeId,
                    payment.id(),
                    Account.RECEIVABLE_STRIPE,
                    Account.REFUNDS,
                    currency,
                    refund.amount(),
                    now);
        } else if (!refund.state().takesMoney()
                && Journal.has(tx, Source.REFUND, stripeId)
                && !Journal.has(tx, Source.REFUND_REVERSAL, stripeId)) {
            log.error(
                    "ALARM: refund {} of payment {} failed after its money had left: pay the buyer another way",
                    refund.id(),
                    payment.id());
            journal.post(
                    tx,
                    Source.REFUND_REVERSAL,
                    stripeId,
                    payment.id(),
                    Account.REFUNDS,
                    Account.RECEIVABLE_STRIPE,
                    currency,
                    refund.amount(),
                    now);
        }
    }

    /// What the bank takes when a dispute begins, and gives back when it is won. Both are booked also where
    /// only the end of it was seen.
    ///
    /// @param object Stripe's, which tells of the fees that a dispute costs
    void dispute(Transaction tx, Dispute dispute, JsonNode object, Instant now)
            throws SQLException {
        for (JsonNode moved : object.path("balance_transactions")) {
            fee(tx, dispute.paymentId(), moved, now);
        }
        if (dispute.state().tookMoney() && dispute.amount() > 0) {
            journal.post(
                    tx,
                    Source.DISPUTE,
                    dispute.stripeId(),
                    dispute.paymentId(),
                    Account.RECEIVABLE_STRIPE,
                    Account.DISPUTES,
                    dispute.currency(),
                    dispute.amount(),
                    now);
        }
        if (dispute.state() == Dispute.State.WON && dispute.amount() > 0) {
            journal.post(
                    tx,
                    Source.DISPUTE_REVERSAL,
                    dispute.stripeId(),
                    dispute.paymentId(),
                    Account.DISPUTES,
                    Account.RECEIVABLE_STRIPE,
                    dispute.currency(),
                    dispute.amount(),
                    now);
        }
    }

    /// Money on its way to our bank, or back from it: the balance moves when a payout is made, and again when it
    /// fails. Both are booked also where only the end of it was seen.
    ///
    /// @param amount less than nothing where Stripe takes it from our bank
    void payout(
            Transaction tx, String id, String status, Currency currency, long amount, Instant now)
            throws SQLException, UnknownWordException {
        boolean cameBack =
                switch (status) {
                    case "pending", "in_transit", "paid" -> false;
                    case "failed", "canceled" -> true;
                    default -> throw new UnknownWordException("payout", status);
                };
        move(tx, Source.PAYOUT, id, currency, amount, now);
        if (cameBack) {
            move(tx, Source.PAYOUT_REVERSAL, id, currency, -amount, now);
        }
    }

    /// Moves an amount from Stripe's balance to our bank, or back where it is less than nothing.
    private void move(
            Transaction tx, Source source, String id, Currency currency, long amount, Instant now)
            throws SQLException {
        if (amount == 0) {
            return;
        }
        journal.post(
                tx,
                source,
                id,
                null,
                amount > 0 ? Account.RECEIVABLE_STRIPE : Account.PAYOUTS,
                amount > 0 ? Account.PAYOUTS : Account.RECEIVABLE_STRIPE,
                currency,
                Math.abs(amount),
                now);
    }
}
