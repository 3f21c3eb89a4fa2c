package dev.hearth.payment;

import dev.hearth.storage.Database;
import dev.hearth.webhook.Event;
import java.util.Locale;
import java.util.Optional;

/// Why a payment changes, for its history. Belongs to what the thread is doing: bound around it in one
/// place, the innermost counts.
///
/// @param id which call, event, caller or operator it was
public record Cause(Kind kind, Optional<String> id) {

    /// What makes payments change.
    public enum Kind {
        /// A caller's request, before Stripe was asked.
        REQUEST,
        /// What Stripe answered to a call of ours; the id is the call's.
        CALL,
        /// An event of Stripe's; the id is Stripe's.
        EVENT,
        /// The buyer came back from Stripe's page.
        RETURN,
        /// The comparison with Stripe.
        RECONCILE,
        /// A person, by the name they signed in with.
        OPERATOR;

        /// The name in the database and for programs.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    private static final ScopedValue<Cause> CURRENT = ScopedValue.newInstance();
    private static final Cause REQUEST = new Cause(Kind.REQUEST, Optional.empty());

    static Cause of(ApiCall call) {
        return new Cause(Kind.CALL, Optional.of(call.id()));
    }

    static Cause of(Event event) {
        return new Cause(Kind.EVENT, Optional.of(event.externalId()));
    }

    static Cause operator(String name) {
        return new Cause(Kind.OPERATOR, Optional.of(name));
    }

    static Cause of(Kind kind) {
        return new Cause(kind, Optional.empty());
    }

    /// Why this thread changes things now.
    static Cause current() {
        return CURRENT.orElse(REQUEST);
    }

    /// Work that keeps the cause of this thread, on whatever thread it runs.
    static <T> Database.Work<T, Exception> carried(Database.Work<T, Exception> work) {
        Cause cause = current();
        return tx -> cause.call(() -> work.run(tx));
    }

    /// Does something because of this.
    <T, X extends Exception> T call(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(work);
    }
}
