package dev.hearth.payment;

import dev.hearth.payment.Subscription.Links;
import dev.hearth.storage.Database;
import dev.hearth.storage.Transaction;
import dev.hearth.webhook.PermanentFailureException;
import java.time.InstantSource;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Brings a subscription to the state that Stripe has it in, as [Sync] does with payments; then its newest
/// invoice, so that one of which no event came is found too.
final class SubscriptionSync {
    private static final int MOST_ROUNDS = 20;

    private final Database database;
    private final Reader reader;
    private final InvoiceSync invoices;
    private final BillingWriter writer;
    private final InstantSource clock;

    SubscriptionSync(
            Database database,
            Reader reader,
            InvoiceSync invoices,
            BillingWriter writer,
            InstantSource clock) {
        this.database = database;
        this.reader = reader;
        this.invoices = invoices;
        this.writer = writer;
        this.clock = clock;
    }

    /// What Stripe had when it was asked.
    private record Seen(Optional<JsonNode> session, Optional<JsonNode> subscription) {}

    /// The subscription as it is now, here and at Stripe.
    ///
    /// @param stripeId Stripe's id of the subscription, where our row may not have it yet
    /// @throws PermanentFailureException if there is no such subscription, or Stripe has something else
    /// @throws StripeUnavailableException if Stripe cannot be asked now
    Subscription sync(String id, Optional<String> stripeId) throws Exception {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Subscription known =
                    database.read(tx -> SubscriptionTable.find(tx, id))
                            .orElseThrow(
                                    () -> new PermanentFailureException("no subscription " + id));
            Optional<String> made = known.links().subscription().or(() -> stripeId);
            if (made.isEmpty() && known.links().session().isEmpty()) {
                return known; // not at Stripe yet, as far as anyone knows
            }
            Seen seen = look(made, known.links().session());
            Optional<Subscription> after = write(known, seen);
            if (after.isPresent()) {
                syncInvoice(seen);
                return after.get();
            }
        }
        throw new IllegalStateException(
                "subscription %s changed %d times while it was looked at"
                        .formatted(id, MOST_ROUNDS));
    }

    private Seen look(Optional<String> made, Optional<String> sessionId)
            throws StripeUnavailableException, PermanentFailureException {
        Optional<JsonNode> session = Optional.empty();
        Optional<String> id = made;
        if (id.isEmpty() && sessionId.isPresent()) {
            session = Optional.of(reader.session(sessionId.get()));
            id = Json.id(session.get(), "subscription");
        }
        return new Seen(
                session,
                id.isPresent()
                        ? Optional.of(reader.object("/v1/subscriptions", id.get()))
                        : Optional.empty());
    }

    private void syncInvoice(Seen seen) throws Exception {
        Optional<String> newest =
                seen.subscription.flatMap(each -> Json.id(each, "latest_invoice"));
        if (newest.isPresent()) {
            invoices.syncStripe(newest.get());
        }
    }

    private Optional<Subscription> write(Subscription known, Seen seen) throws Exception {
        try {
            return database.<Optional<Subscription>, Exception>write(tx -> {
                Subscription locked = SubscriptionTable.lock(tx, known.id()).orElseThrow();
                return locked.version() == known.version()
                        ? Optional.of(write(tx, locked, seen.session, seen.subscription))
                        : Optional.empty();
            });
        } catch (MismatchException | IllegalTransitionException never) {
            throw new PermanentFailureException(String.valueOf(never.getMessage()), never);
        }
    }

    /// Brings a locked subscription to what Stripe's objects say.
    Subscription write(
            Transaction tx,
            Subscription known,
            Optional<JsonNode> session,
            Optional<JsonNode> subscription)
            throws Exception {
        SubscriptionState state = known.state();
        Plan plan = known.plan();
        Links links = known.links();
        Optional<String> url = known.url();
        if (session.isPresent()) {
            requireOurs(known, session.get());
            links = links.and(StripeBilling.linksOfSession(session.get()));
            url = Json.text(session.get(), "url").or(known::url);
            if (subscription.isEmpty()) {
                state = state.become(StripeBilling.ofSession(session.get()));
            }
        }
        if (subscription.isPresent()) {
            requireOurs(known, subscription.get());
            links = links.and(StripeBilling.links(subscription.get()));
            plan = StripeBilling.plan(subscription.get(), plan);
            state = state.become(StripeBilling.ofSubscription(subscription.get()));
        }
        JsonNode newest = subscription.or(() -> session).orElseGet(Json::missing);
        Subscription after =
                known.with(
                        plan,
                        state,
                        links,
                        known.livemode().or(() -> Json.flag(newest, "livemode")),
                        state instanceof SubscriptionState.Pending ? url : Optional.empty(),
                        Optional.of(clock.instant()));
        writer.write(tx, known, after);
        return after;
    }

    private static void requireOurs(Subscription known, JsonNode object) throws MismatchException {
        String subject = "subscription " + known.id();
        Optional<String> id = StripeObjects.metadata(object, "subscription_id");
        if (id.isPresent() && !id.get().equals(known.id())) {
            throw new MismatchException(subject, "id", known.id(), id.get());
        }
        Optional<Boolean> livemode = Json.flag(object, "livemode");
        if (known.livemode().isPresent()
                && livemode.isPresent()
                && !known.livemode().equals(livemode)) {
            throw new MismatchException(
                    subject, "live mode", known.livemode().get(), livemode.get());
        }
        long wanted = known.plan().total().minorUnits();
        long total = Json.number(object, "amount_total").orElse(wanted); // only sessions have it
        if (total != wanted) {
            throw new MismatchException(subject, "amount", wanted, total);
        }
    }
}
