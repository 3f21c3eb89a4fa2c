package dev.hearth.payment;

import java.time.Instant;
import java.util.Optional;

/// A bill as it was last known: one that was written to a customer, or one that a subscription left.
///
/// @param principal who asked for it: the name of the API key
/// @param orderRef the shop's own name for what is billed
/// @param subscriptionId the subscription that left it, where one did
/// @param amount what is to be paid, in minor units; nothing where a credit covers it
/// @param plan how it is made at Stripe: parameters of the calls to come, as JSON
/// @param dueAt until when it is to be paid, where that was said
/// @param reminders how many were sent
/// @param remindAt when the next is sent, if one is
/// @param version grows with each write
public record Invoice(
        String id,
        String principal,
        String orderRef,
        Optional<String> subscriptionId,
        long amount,
        Currency currency,
        InvoiceState state,
        String plan,
        Optional<Instant> dueAt,
        Optional<String> stripeId,
        Optional<String> stripeCustomer,
        Optional<Boolean> livemode,
        int reminders,
        Optional<Instant> remindAt,
        long version,
        Instant createdAt,
        Optional<Instant> lastSyncAt) {

    /// Where the customer pays, while there is something to pay.
    public Optional<String> url() {
        return state instanceof InvoiceState.Open(Optional<String> page) ? page : Optional.empty();
    }

    Invoice with(InvoiceState next) {
        return with(next, amount, dueAt, stripeId, stripeCustomer, livemode, lastSyncAt);
    }

    Invoice withCustomer(String customer) {
        return with(state, amount, dueAt, stripeId, Optional.of(customer), livemode, lastSyncAt);
    }

    Invoice withStripeId(String made) {
        return with(state, amount, dueAt, Optional.of(made), stripeCustomer, livemode, lastSyncAt);
    }

    Invoice reminded(int count, Optional<Instant> next) {
        return new Invoice(
                id,
                principal,
                orderRef,
                subscriptionId,
                amount,
                currency,
                state,
                plan,
                dueAt,
                stripeId,
                stripeCustomer,
                livemode,
                count,
                next,
                version,
                createdAt,
                lastSyncAt);
    }

    /// As it is known now.
    Invoice with(
            InvoiceState next,
            long due,
            Optional<Instant> dueBy,
            Optional<String> made,
            Optional<String> customer,
            Optional<Boolean> mode,
            Optional<Instant> syncedAt) {
        return new Invoice(
                id,
                principal,
                orderRef,
                subscriptionId,
                due,
                currency,
                next,
                plan,
                dueBy,
                made,
                customer,
                mode,
                reminders,
                remindAt,
                version,
                createdAt,
                syncedAt);
    }

    /// Never the plan: it holds personal data.
    @Override
    public String toString() {
        return "invoice %s of %s %s for %s: %s"
                .formatted(id, Money.decimal(amount, currency), currency, orderRef, state.word());
    }
}
