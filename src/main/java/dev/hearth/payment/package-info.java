/// Payments: money taken once, and a state that is always Stripe's. Checkout sessions and payment intents,
/// capture, cancel, refunds, disputes, the journal, and the comparison with Stripe.
///
/// May import `http`, `web`, `storage` and `webhook`. Only [dev.hearth.payment.StripeHttp] imports Stripe's
/// library.
@NullMarked
package dev.hearth.payment;

import org.jspecify.annotations.NullMarked;
