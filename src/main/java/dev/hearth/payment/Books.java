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
///
/// Everything is booked in its own currency. Where Stripe settles in another, a second posting takes it out of
/// `receivable_stripe` in the first currency and puts in what it came to in the other, with `conversion` between them.
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

    /// What a charge came to, where it tells: less what Stripe keeps, and in the currency in which it settles.
    void settled(Transaction tx, Payment payment, JsonNode charge, Instant now)
            throws SQLException {
        Currency currency = payment.amount().currency();
        JsonNode moved = charge.path("balance_transaction");
        moved(tx, Source.PAYMENT, payment.id(), payment.id(), currency, moved, now);
    }

    /// Whatever a movement of Stripe's balance tells beyond what it is for: its fee, and what Stripe has made of
    /// it in another currency. That is booked only where what it is for is.
    ///
    /// @param kind what it is for, booked in this currency
    void moved(
            Transaction tx,
            Source kind,
            String sourceId,
            @Nullable String paymentId,
            Currency currency,
            JsonNode moved,
            Instant now)
            throws SQLException {
        fee(tx, paymentId, moved, now);
        Optional<Currency> settled = Json.text(moved, "currency").flatMap(Currency::find);
        long came = Json.number(moved, "amount").orElse(0);
        if (settled.isEmpty() || settled.get().equals(currency) || came == 0) {
            return;
        }
        long booked = Journal.sum(tx, kind, sourceId, Account.RECEIVABLE_STRIPE, currency);
        if (Long.signum(booked) == Long.signum(came)) {
            journal.convert(
                    tx, kind, sourceId, paymentId, currency, booked, settled.get(), came, now);
        }
    }

    /// What Stripe keeps of one movement of its balance, or gives back with it.
    private void fee(Transaction tx, @Nullable String paymentId, JsonNode moved, Instant now)
            throws SQLException {
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
    /// @param object Stripe's, which names the movement of the balance, or has it in full
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
        JsonNode left = object.path("balance_transaction");
        moved(tx, Source.REFUND, stripeId, payment.id(), currency, left, now);
        JsonNode back = object.path("failure_balance_transaction");
        moved(tx, Source.REFUND_REVERSAL, stripeId, payment.id(), currency, back, now);
    }

    /// What the bank takes when a dispute begins, and gives back when it is won. Both are booked also where
    /// only the end of it was seen.
    ///
    /// @param object Stripe's, which tells of the fees that a dispute costs, and of what moved in another currency
    void dispute(Transaction tx, Dispute dispute, JsonNode object, Instant now)
            throws SQLException {
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
        for (JsonNode moved : object.path("balance_transactions")) {
            boolean goes = Json.number(moved, "amount").orElse(0) < 0;
            Source kind = goes ? Source.DISPUTE : Source.DISPUTE_REVERSAL;
            String id = dispute.stripeId();
            moved(tx, kind, id, dispute.paymentId(), dispute.currency(), moved, now);
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
