package dev.hearth.payment;

import java.time.Instant;
import java.util.Optional;

/// A payment as it was last known.
///
/// @param principal who asked for it: the name of the API key
/// @param orderRef the shop's own name for what is paid
/// @param captured what is ours, in minor units; refunds and disputes are taken from it
/// @param refunded what went back to the buyer
/// @param disputed what the bank has taken back while or after a dispute; all that was captured where the dispute is in
///     another currency
/// @param url where the buyer pays, while there is something to pay
/// @param clientSecret with which the buyer's browser pays; a secret between the shop and its buyer
/// @param version grows with each write
/// @param invoiceId the invoice that is paid with it, where it is for one
public record Payment(
        String id,
        String principal,
        String orderRef,
        Kind kind,
        Money amount,
        boolean manualCapture,
        PaymentState state,
        long captured,
        long refunded,
        long disputed,
        Optional<String> stripeIntent,
        Optional<String> stripeSession,
        Optional<Boolean> livemode,
        Optional<String> url,
        Optional<String> clientSecret,
        long version,
        Instant createdAt,
        Optional<Instant> returnedAt,
        Optional<Instant> lastSyncAt,
        Optional<String> invoiceId) {

    /// How the buyer pays.
    public enum Kind {
        /// On Stripe's own page.
        CHECKOUT("checkout"),
        /// In the shop's page, with Stripe's script.
        INTENT("intent");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /// The name in the database and for callers.
        public String word() {
            return word;
        }

        static Kind of(String word) {
            return word.equals("checkout") ? CHECKOUT : INTENT;
        }
    }

    /// The state's name, with what refunds and disputes make of a payment that was paid: `refunded`,
    /// `partially_refunded` or `disputed`.
    public String status() {
        if (!(state instanceof PaymentState.Paid)) {
            return state.word();
        }
        if (disputed > 0) {
            return "disputed";
        }
        if (refunded == 0) {
            return "paid";
        }
        return refunded == captured ? "refunded" : "partially_refunded";
    }

    boolean existsAtStripe() {
        return stripeIntent.isPresent() || stripeSession.isPresent();
    }

    /// Never the client secret.
    @Override
    public String toString() {
        return "payment %s of %s for %s: %s".formatted(id, amount, orderRef, status());
    }
}
