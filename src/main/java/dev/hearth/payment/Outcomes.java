package dev.hearth.payment;

import dev.hearth.http.Problem;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Writes what came of a call: to the call, to the payment or refund it was for, and to the caller's key,
/// all in one transaction, and gives the caller's answer.
final class Outcomes {
    private static final Logger log = LoggerFactory.getLogger(Outcomes.class);

    private final SnapshotWriter writer;
    private final InstantSource clock;

    Outcomes(SnapshotWriter writer, InstantSource clock) {
        this.writer = writer;
        this.clock = clock;
    }

    /// The call was done just now, for the first time. Nothing if the payment has changed since the call was
    /// written: then what Stripe answered may be old.
    Optional<Answer> fresh(
            Transaction tx, ApiCall call, JsonNode object, Optional<String> requestId)
            throws Exception {
        Payment payment = lock(tx, call);
        if (payment.version() != call.paymentVersion()) {
            return Optional.empty();
        }
        Snapshot snapshot =
                switch (call.purpose()) {
                    case CREATE_SESSION, EXPIRE_SESSION -> Snapshot.ofSession(object);
                    case CREATE_INTENT, CAPTURE, CANCEL -> Snapshot.ofIntent(object);
                    case REFUND -> Snapshot.ofRefund(object);
                };
        Payment after = writer.write(tx, payment, snapshot, clock.instant());
        return Optional.of(finishDone(tx, call, after, requestId));
    }

    /// Writes the ids of what the call made, where they are not known yet.
    boolean attach(Transaction tx, ApiCall call, JsonNode object) throws Exception {
        Payment payment = lock(tx, call);
        Optional<String> id = Json.text(object, "id");
        switch (call.purpose()) {
            case CREATE_SESSION, CREATE_INTENT -> writer.attach(tx, payment, object);
            case REFUND -> {
                Refund refund = refund(tx, call);
                if (refund.stripeId().isEmpty() && id.isPresent()) {
                    RefundTable.update(tx, refund.withStripeId(id.get()));
                }
            }
            case CAPTURE, CANCEL, EXPIRE_SESSION -> {}
        }
        return true;
    }

    /// The call was done, and the payment is up to date.
    Answer adopted(Transaction tx, ApiCall call, Optional<String> requestId) throws Exception {
        return finishDone(tx, call, lock(tx, call), requestId);
    }

    private Answer finishDone(
            Transaction tx, ApiCall call, Payment payment, Optional<String> requestId)
            throws SQLException {
        Answer answer =
                switch (call.purpose()) {
                    case CREATE_SESSION, CREATE_INTENT -> Answer.created(payment);
                    case CAPTURE, CANCEL, EXPIRE_SESSION ->
                            Answer.of(200, payment, List.of(), List.of());
                    case REFUND -> Answer.refunded(refund(tx, call), payment);
                };
        ApiCallTable.finish(
                tx, call, State.OK, 200, requestId, Json.write(Map.of("status", payment.status())));
        CallerKeys.answer(tx, call.id(), answer);
        return answer;
    }

    Answer declined(Transaction tx, ApiCall call, StripeReply.Declined declined) throws Exception {
        String kind = DeclineClass.of(declined.code(), declined.declineCode());
        return reject(
                tx,
                call,
                402,
                declined.requestId(),
                kind,
                Problem.of(402, "payment-declined", "The card was declined.")
                        .with("decline_code", kind));
    }

    Answer refused(Transaction tx, ApiCall call, StripeReply.Refused refused) throws Exception {
        String code = refused.code().orElse("invalid_request");
        if (refused.idempotencyError()) {
            log.error("ALARM: {}: its idempotency key was used with other parameters", call);
        } else {
            log.warn("{} was refused: {} {}", call, code, refused.parameter().orElse(""));
        }
        Problem problem =
                refused.idempotencyError()
                        ? Problem.of(500, "internal-error", "Something went wrong here.")
                        : Problem.of(
                                        conflicts(code) ? 409 : 422,
                                        "refused-by-stripe",
                                        "Stripe does not accept this as it is.")
                                .with("code", code);
        Optional<String> parameter = refused.parameter();
        if (parameter.isPresent() && !refused.idempotencyError()) {
            problem = problem.with("parameter", parameter.get());
        }
        return reject(tx, call, refused.status(), refused.requestId(), code, problem);
    }

    private static boolean conflicts(String code) {
        return switch (code) {
            case "payment_intent_unexpected_state",
                    "charge_already_refunded",
                    "charge_already_captured",
                    "charge_disputed",
                    "charge_exceeds_source_limit" ->
                    true;
            default -> false;
        };
    }

    /// It was never done, and will not be.
    Answer givenUp(Transaction tx, ApiCall call) throws Exception {
        return reject(
                tx,
                call,
                0,
                Optional.empty(),
                "not_done",
                Problem.of(
                        502,
                        "not-done",
                        "Stripe never did this. Nothing was charged; ask again with a new key."));
    }

    /// Stripe has something else than what was asked for.
    Answer mismatch(Transaction tx, ApiCall call) throws Exception {
        return reject(
                tx,
                call,
                200,
                Optional.empty(),
                "mismatch",
                Problem.of(
                        502, "mismatch", "Stripe answered with another payment than asked for."));
    }

    private Answer reject(
            Transaction tx,
            ApiCall call,
            int status,
            Optional<String> requestId,
            String reason,
            Problem problem)
            throws Exception {
        Payment payment = lock(tx, call);
        Answer answer = Answer.problem(problem.with("payment_id", payment.id()));
        ApiCallTable.finish(
                tx, call, State.REJECTED, status, requestId, Json.write(Map.of("reason", reason)));
        CallerKeys.answer(tx, call.id(), answer);
        switch (call.purpose()) {
            case CREATE_SESSION, CREATE_INTENT -> {
                if (!payment.existsAtStripe()) {
                    writer.writeState(tx, payment, new Failed(Optional.of(reason)));
                }
            }
            case REFUND -> {
                Refund refund = refund(tx, call);
                if (refund.stripeId().isEmpty()) {
                    RefundTable.update(tx, refund.with(Refund.State.REJECTED, Optional.of(reason)));
                }
            }
            case CAPTURE, CANCEL, EXPIRE_SESSION -> {}
        }
        return answer;
    }

    /// Nobody knows yet what came of it, or nothing did and it is tried again.
    Answer postponed(Transaction tx, ApiCall call, State state, Instant next, int status)
            throws Exception {
        Payment payment = lock(tx, call);
        ApiCallTable.postpone(tx, call, state, next, status);
        if (call.purpose().creates() && payment.state() instanceof Created) {
            payment = writer.writeState(tx, payment, new Unknown());
        }
        if (call.purpose() == ApiCall.Purpose.REFUND) {
            Refund refund = refund(tx, call);
            if (refund.state() == Refund.State.REQUESTED) {
                RefundTable.update(tx, refund.with(Refund.State.UNKNOWN, Optional.empty()));
            }
        }
        return unknown(tx, call, payment);
    }

    /// What a caller is told while nobody knows.
    Answer unknown(Transaction tx, ApiCall call, Payment payment) throws SQLException {
        return call.purpose() == ApiCall.Purpose.REFUND
                ? Answer.unknown(refund(tx, call), payment)
                : Answer.unknown(payment);
    }

    private static Refund refund(Transaction tx, ApiCall call) throws SQLException {
        return RefundTable.find(tx, call.refundId().orElseThrow()).orElseThrow();
    }

    private static Payment lock(Transaction tx, ApiCall call) throws SQLException {
        return PaymentTable.lock(tx, call.paymentId()).orElseThrow();
    }
}
