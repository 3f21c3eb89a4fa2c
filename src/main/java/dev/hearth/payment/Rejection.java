package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// That a call will not be done, why, and what its caller is told.
///
/// @param status Stripe's, or 0 where it never answered
/// @param reason one word, as it is kept
record Rejection(int status, Optional<String> requestId, String reason, Problem problem) {
    private static final Logger log = LoggerFactory.getLogger(Rejection.class);

    static Rejection of(StripeReply.Declined declined) {
        String kind = DeclineClass.of(declined.code(), declined.declineCode());
        return new Rejection(
                402,
                declined.requestId(),
                kind,
                Problem.of(402, "payment-declined", "The card was declined.")
                        .with("decline_code", kind));
    }

    static Rejection of(ApiCall call, StripeReply.Refused refused) {
        String code = refused.code().orElse("invalid_request");
        if (refused.idempotencyError()) {
            log.error("ALARM: {}: its idempotency key was used with other parameters", call);
            return new Rejection(
                    refused.status(),
                    refused.requestId(),
                    code,
                    Problem.of(500, "internal-error", "Something went wrong here."));
        }
        log.warn("{} was refused: {} {}", call, code, refused.parameter().orElse(""));
        Problem problem =
                Problem.of(
                                conflicts(code) ? 409 : 422,
                                "refused-by-stripe",
                                "Stripe does not accept this as it is.")
                        .with("code", code);
        if (refused.parameter().isPresent()) {
            problem = problem.with("parameter", refused.parameter().get());
        }
        return new Rejection(refused.status(), refused.requestId(), code, problem);
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
    static Rejection givenUp() {
        return new Rejection(
                0,
                Optional.empty(),
                "not_done",
                Problem.of(
                        502,
                        "not-done",
                        "Stripe never did this. Nothing was charged; ask again with a new key."));
    }

    /// What is told of a call that was rejected some time ago, to whom no answer is kept for.
    static Answer kept(Transaction tx, ApiCall call) throws SQLException {
        String reason = ApiCallTable.kept(tx, call.id(), Outcomes.REASON).orElse("");
        return Answer.problem(
                Problem.of(409, "not-done", "This was not done: Stripe did not accept it.")
                        .with("code", reason)
                        .with(call.subject().column(), call.subjectId()));
    }

    /// Stripe has something else than what was asked for.
    static Rejection mismatch() {
        return new Rejection(
                200,
                Optional.empty(),
                "mismatch",
                Problem.of(502, "mismatch", "Stripe answered with something else than asked for."));
    }
}
