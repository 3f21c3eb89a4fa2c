package dev.hearth.payment;

import java.time.Instant;
import java.util.Optional;

/// A subscription as it was last known.
///
/// @param principal who asked for it: the name of the API key
/// @param orderRef the shop's own name for it
/// @param links what it is at Stripe
/// @param url where the buyer begins it, while there is something to begin
/// @param version grows with each write
public record Subscription(
        String id,
        String principal,
        String orderRef,
        Plan plan,
        SubscriptionState state,
        Links links,
        Optional<Boolean> livemode,
        Optional<String> url,
        long version,
        Instant createdAt,
        Optional<Instant> lastSyncAt) {

    /// Stripe's ids.
    ///
    /// @param item of the subscription: that which is changed when the plan is
    public record Links(
            Optional<String> subscription,
            Optional<String> session,
            Optional<String> item,
            Optional<String> product,
            Optional<String> customer) {
        static final Links NONE =
                new Links(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());

        /// These, and those of the other where there is none here.
        Links and(Links other) {
            return new Links(
                    subscription.or(other::subscription),
                    session.or(other::session),
                    item.or(other::item),
                    product.or(other::product),
                    customer.or(other::customer));
        }
    }

    boolean existsAtStripe() {
        return links.subscription.isPresent() || links.session.isPresent();
    }

    Subscription with(SubscriptionState next) {
        return new Subscription(
                id,
                principal,
                orderRef,
                plan,
                next,
                links,
                livemode,
                url,
                version,
                createdAt,
                lastSyncAt);
    }

    /// As it is known now.
    Subscription with(
            Plan present,
            SubscriptionState next,
            Links known,
            Optional<Boolean> mode,
            Optional<String> page,
            Optional<Instant> syncedAt) {
        return new Subscription(
                id, principal, orderRef, present, next, known, mode, page, version, createdAt,
                syncedAt);
    }

    @Override
    public String toString() {
        return "subscription %s of %s for %s: %s"
                .formatted(id, plan.total(), orderRef, state.word());
    }
}
