/// Payments: money taken once, and a state that is always Stripe's. Checkout sessions and payment intents,
/// capture, cancel, refunds, disputes, subscriptions, invoices, the journal, and the comparison with Stripe.
///
/// For a program of one's own: [dev.hearth.payment.Cashier] (`app.payments()`) with [dev.hearth.payment.Sale].
///
/// For those who run the shop, from [dev.hearth.payment.Payments]:
/// - `records()`, [dev.hearth.payment.PaymentRecords]: a [dev.hearth.payment.PaymentPage] of what fits a
///   [dev.hearth.payment.PaymentFilter], a [dev.hearth.payment.PaymentDetail] with its
///   [dev.hearth.payment.PaymentStep]s (each with its [dev.hearth.payment.Cause]), its
///   [dev.hearth.payment.PaymentCall]s and [dev.hearth.payment.JournalLine]s, disputes by due date, the books;
/// - `desk()`, [dev.hearth.payment.PaymentDesk]: refund, capture, cancel and refresh, each for the revision that
///   the page showed, with a [dev.hearth.payment.DeskOutcome].
///
/// May import `http`, `web`, `storage` and `webhook`. Only [dev.hearth.payment.StripeHttp] and
/// [dev.hearth.payment.StripeConnections] import Stripe's library.
@NullMarked
package dev.hearth.payment;

import org.jspecify.annotations.NullMarked;
