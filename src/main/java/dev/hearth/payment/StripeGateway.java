package dev.hearth.payment;

/// Carries one call to Stripe and tells what came back. The only way out of this package; it decides
/// nothing and repeats nothing.
interface StripeGateway {

    /// Sends the call and waits for the outcome, at most the connect and the read timeout. Never to be
    /// called inside a database transaction that has begun.
    StripeReply send(StripeCall call);
}
