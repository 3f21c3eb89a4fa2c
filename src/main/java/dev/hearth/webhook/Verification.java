package dev.hearth.webhook;

/// What a verifier makes of a request. The reason is for the log and the counters only: the sender of a
/// refused request learns nothing from it.
public sealed interface Verification {

    /// Signed with a secret that counts now.
    record Genuine() implements Verification {}

    /// Not to be believed.
    record Refused(Reason reason) implements Verification {}

    /// Why it is not to be believed.
    enum Reason {
        /// A header that carries the signature, its time or its id is not there.
        MISSING,
        /// A header is there twice, too long, or not as the scheme writes it.
        MALFORMED,
        /// Signed too long ago, or in the future.
        STALE,
        /// Signed by someone else, or altered on the way.
        MISMATCH
    }

    /// The one value of [Genuine].
    Verification GENUINE = new Genuine();

    /// A refusal for this reason.
    static Verification refused(Reason reason) {
        return new Refused(reason);
    }
}
