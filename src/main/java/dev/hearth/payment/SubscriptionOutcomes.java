package dev.hearth.payment;

import dev.hearth.payment.ApiCall.Purpose;
import dev.hearth.payment.ApiCall.State;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What becomes of calls for subscriptions.
final class SubscriptionOutcomes implements Outcomes {
    private final SubscriptionSync sync;
    private final BillingWriter writer;

    SubscriptionOutcomes(SubscriptionSync sync, BillingWriter writer) {
        this.sync = sync;
        this.writer = writer;
    }

    @Override
    public Optional<Written> fresh(
            Transaction tx, ApiCall call, JsonNode object, Optional<String> requestId)
            throws Exception {
        Subscription known = lock(tx, call);
        if (known.version() != call.subjectVersion()) {
            return Optional.empty();
        }
        Subscription after = write(tx, call, known, object);
        return Optional.of(finish(tx, call, after, requestId));
    }

    private Subscription write(Transaction tx, ApiCall call, Subscription known, JsonNode object)
            throws Exception {
        return call.purpose() == Purpose.CREATE_SUBSCRIPTION
                ? sync.write(tx, known, Optional.of(object), Optional.empty())
                : sync.write(tx, known, Optional.empty(), Optional.of(object));
    }

    @Override
    public boolean isOnlyOurs() {
        return false;
    }

    @Override
    public void attach(Transaction tx, ApiCall call, JsonNode object) throws Exception {
        if (call.purpose() == Purpose.CREATE_SUBSCRIPTION) {
            Subscription known = lock(tx, call);
            SubscriptionTable.update(
                    tx,
                    known.with(
                            known.plan(),
                            known.state(),
                            known.links().and(StripeBilling.linksOfSession(object)),
                            known.livemode(),
                            known.url(),
                            known.lastSyncAt()));
        }
    }

    @Override
    public void refresh(ApiCall call) throws Exception {
        sync.sync(call.subjectId(), Optional.empty());
    }

    @Override
    public Written adopted(Transaction tx, ApiCall call, Optional<String> requestId)
            throws Exception {
        return finish(tx, call, lock(tx, call), requestId);
    }

    private static Written finish(
            Transaction tx, ApiCall call, Subscription after, Optional<String> requestId)
            throws SQLException {
        Answer answer = done(call, after);
        ApiCallTable.finish(
                tx, call, State.OK, 200, requestId, Map.of("status", after.state().word()));
        CallerKeys.answer(tx, call.id(), answer);
        return Written.of(answer);
    }

    private static Answer done(ApiCall call, Subscription after) {
        int status = call.purpose() == Purpose.CREATE_SUBSCRIPTION ? 201 : 200;
        return BillingAnswer.of(status, after, List.of());
    }

    @Override
    public Answer done(Transaction tx, ApiCall call) throws SQLException {
        return done(call, SubscriptionTable.find(tx, call.subjectId()).orElseThrow());
    }

    @Override
    public Answer rejected(Transaction tx, ApiCall call, Rejection rejection) throws Exception {
        Subscription known = lock(tx, call);
        Answer answer = Outcomes.reject(tx, call, rejection, "subscription_id");
        if (call.purpose() == Purpose.CREATE_SUBSCRIPTION && !known.existsAtStripe()) {
            writer.write(
                    tx,
                    known,
                    known.with(new SubscriptionState.Failed(Optional.of(rejection.reason()))));
        }
        return answer;
    }

    @Override
    public Answer postponed(Transaction tx, ApiCall call, State state, Instant next, int status)
            throws Exception {
        Subscription known = lock(tx, call);
        ApiCallTable.postpone(tx, call, state, next, status);
        if (known.state() instanceof SubscriptionState.Created) {
            writer.write(tx, known, known.with(new SubscriptionState.Unknown()));
        }
        return BillingAnswer.unknown(known);
    }

    @Override
    public Answer unknown(Transaction tx, ApiCall call) throws SQLException {
        return BillingAnswer.unknown(SubscriptionTable.find(tx, call.subjectId()).orElseThrow());
    }

    private static Subscription lock(Transaction tx, ApiCall call) throws SQLException {
        return SubscriptionTable.lock(tx, call.subjectId()).orElseThrow();
    }
}
