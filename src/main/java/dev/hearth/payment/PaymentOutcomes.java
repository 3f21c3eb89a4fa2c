package dev.hearth.payment;

import dev.hearth.payment.ApiCall.Purpose;
import dev.hearth.payment.ApiCall.State;
import dev.hearth.payment.PaymentState.Created;
import dev.hearth.payment.PaymentState.Failed;
import dev.hearth.payment.PaymentState.Unknown;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What becomes of calls for payments and refunds.
final class PaymentOutcomes implements Outcomes {
    private final SnapshotWriter writer;
    private final Sync sync;
    private final InstantSource clock;

    PaymentOutcomes(SnapshotWriter writer, Sync sync, InstantSource clock) {
        this.writer = writer;
        this.sync = sync;
        this.clock = clock;
    }

    @Override
    public Optional<Written> fresh(
            Transaction tx, ApiCall call, JsonNode object, Optional<String> requestId)
            throws Exception {
        Snapshot snapshot =
                switch (call.purpose()) {
                    case CREATE_SESSION, EXPIRE_SESSION -> Snapshot.ofSession(object);
                    case CREATE_INTENT, CAPTURE, CANCEL -> Snapshot.ofIntent(object);
                    case REFUND -> Snapshot.ofRefund(object);
                    default -> throw notOurs(call);
                };
        StripeObjects.word(object, "id"); // without it nothing could be asked of it again
        Payment payment = locked(tx, call, snapshot);
        if (payment.version() != call.subjectVersion()) {
            return Optional.empty();
        }
        if (call.purpose() == Purpose.REFUND) {
            link(tx, call, object);
        }
        Payment after = writer.write(tx, payment, snapshot, clock.instant());
        return Optional.of(finishDone(tx, call, after, requestId));
    }

    /// The payment as it was begun, where all that is to be written is that it waits for its buyer: nobody has changed it
    /// since, or that fails. Else its row, locked.
    private static Payment locked(Transaction tx, ApiCall call, Snapshot snapshot)
            throws SQLException, UnknownWordException {
        boolean waits = snapshot.state().filter(PaymentState.Pending.class::isInstance).isPresent();
        return waits && call.begun().isPresent() ? call.begun().get() : lock(tx, call);
    }

    @Override
    public boolean isOnlyOurs() {
        return !writer.hasListeners();
    }

    @Override
    public void attach(Transaction tx, ApiCall call, JsonNode object) throws Exception {
        Payment payment = lock(tx, call);
        switch (call.purpose()) {
            case CREATE_SESSION, CREATE_INTENT -> writer.attach(tx, payment, object);
            case REFUND -> link(tx, call, object);
            case CAPTURE, CANCEL, EXPIRE_SESSION -> {}
            default -> throw notOurs(call);
        }
    }

    /// The answer to our own call is our refund, also where it does not repeat our metadata. Where its event came
    /// before, it was taken for one made by hand.
    private static void link(Transaction tx, ApiCall call, JsonNode object) throws Exception {
        Refund ours = refund(tx, call);
        String stripeId = StripeObjects.word(object, "id");
        if (ours.stripeId().isPresent()) {
            return;
        }
        Optional<Refund> found =
                RefundTable.ofPayment(tx, ours.paymentId()).stream()
                        .filter(each -> each.stripeId().equals(Optional.of(stripeId)))
                        .findFirst();
        if (found.isEmpty()) {
            RefundTable.update(tx, ours.withStripeId(stripeId));
            return;
        }
        if (ApiCallTable.hasRefund(tx, found.get().id())) {
            throw new MismatchException(
                    "refund " + ours.id(), "id at Stripe", "its own", "that of another");
        }
        RefundTable.delete(tx, found.get());
        Refund.State state = found.get().state();
        RefundTable.update(
                tx, ours.withStripeId(stripeId).with(state, found.get().failureReason()));
    }

    @Override
    public void refresh(ApiCall call) throws Exception {
        sync.sync(
                call.subjectId(),
                new Sync.Hints(
                        Optional.empty(),
                        Optional.empty(),
                        call.purpose() == Purpose.REFUND,
                        false));
    }

    @Override
    public Written adopted(Transaction tx, ApiCall call, Optional<String> requestId)
            throws Exception {
        return finishDone(tx, call, lock(tx, call), requestId);
    }

    private Written finishDone(
            Transaction tx, ApiCall call, Payment payment, Optional<String> requestId)
            throws SQLException {
        Answer answer = done(tx, call, payment);
        ApiCallTable.finish(tx, call, State.OK, 200, requestId, Map.of("status", payment.status()));
        CallerKeys.answer(tx, call.id(), answer);
        return Written.of(answer);
    }

    private static Answer done(Transaction tx, ApiCall call, Payment payment) throws SQLException {
        return switch (call.purpose()) {
            case CREATE_SESSION, CREATE_INTENT -> Answer.created(payment);
            case CAPTURE, CANCEL, EXPIRE_SESSION -> Answer.of(200, payment, List.of(), List.of());
            case REFUND -> Answer.refunded(refund(tx, call), payment);
            default -> throw notOurs(call);
        };
    }

    @Override
    public Answer done(Transaction tx, ApiCall call) throws SQLException {
        return done(tx, call, PaymentTable.find(tx, call.subjectId()).orElseThrow());
    }

    @Override
    public Answer rejected(Transaction tx, ApiCall call, Rejection rejection) throws Exception {
        Payment payment = lock(tx, call);
        Answer answer = Outcomes.reject(tx, call, rejection, "payment_id");
        switch (call.purpose()) {
            case CREATE_SESSION, CREATE_INTENT -> {
                if (!payment.existsAtStripe()) {
                    writer.writeState(
                            tx,
                            payment,
                            new Failed(Optional.of(rejection.reason())),
                            clock.instant());
                }
            }
            case REFUND -> {
                Refund refund = refund(tx, call);
                if (refund.stripeId().isEmpty()) {
                    change(tx, refund.with(Refund.State.REJECTED, Optional.of(rejection.reason())));
                }
            }
            case CAPTURE, CANCEL, EXPIRE_SESSION -> {}
            default -> throw notOurs(call);
        }
        return answer;
    }

    @Override
    public Answer postponed(Transaction tx, ApiCall call, State state, Instant next, int status)
            throws Exception {
        Payment payment = lock(tx, call);
        ApiCallTable.postpone(tx, call, state, next, status);
        if (call.purpose().creates() && payment.state() instanceof Created) {
            payment = writer.writeState(tx, payment, new Unknown(), clock.instant());
        }
        if (call.purpose() == Purpose.REFUND) {
            Refund refund = refund(tx, call);
            if (refund.state() == Refund.State.REQUESTED) {
                change(tx, refund.with(Refund.State.UNKNOWN, Optional.empty()));
            }
        }
        return unknown(tx, call, payment);
    }

    @Override
    public Answer unknown(Transaction tx, ApiCall call) throws SQLException {
        return unknown(tx, call, PaymentTable.find(tx, call.subjectId()).orElseThrow());
    }

    private static Answer unknown(Transaction tx, ApiCall call, Payment payment)
            throws SQLException {
        return call.purpose() == Purpose.REFUND
                ? Answer.unknown(refund(tx, call), payment)
                : Answer.unknown(payment);
    }

    private void change(Transaction tx, Refund refund) throws SQLException {
        RefundTable.update(tx, refund);
        PaymentStep.note(tx, refund, clock.instant());
    }

    private static IllegalArgumentException notOurs(ApiCall call) {
        return new IllegalArgumentException("this is not for a payment: " + call);
    }

    private static Refund refund(Transaction tx, ApiCall call) throws SQLException {
        return RefundTable.find(tx, call.refundId().orElseThrow()).orElseThrow();
    }

    private static Payment lock(Transaction tx, ApiCall call) throws SQLException {
        return PaymentTable.lock(tx, call.subjectId()).orElseThrow();
    }
}
