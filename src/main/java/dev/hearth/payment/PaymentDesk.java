package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.payment.CallerKeys.CallerKey;
import dev.hearth.payment.Changes.Target;
import dev.hearth.storage.Database;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/// Steers payments by hand, whoever's they are. Everything is noted with the operator's name.
///
/// `revision` is [PaymentDetail#revision] of the page by which the operator decided: if anything has become
/// of the payment since, nothing is done. Safe for many threads.
public final class PaymentDesk {
    private final Database database;
    private final Changes changes;
    private final Sync sync;

    PaymentDesk(Database database, Changes changes, Sync sync) {
        this.database = database;
        this.changes = changes;
        this.sync = sync;
    }

    @FunctionalInterface
    private interface Change {
        Answer on(Target target) throws Exception;
    }

    /// Gives money back.
    ///
    /// @param amount in minor units; nothing for all that is left
    /// @param reason `duplicate`, `fraudulent`, `requested_by_customer`, or nothing
    /// @param key made with the page: the same form sent twice refunds once
    public DeskOutcome refund(
            String operator,
            String paymentId,
            OptionalLong revision,
            OptionalLong amount,
            Optional<String> reason,
            String key)
            throws Exception {
        byte[] wish = ("refund " + amount + reason).getBytes(StandardCharsets.UTF_8);
        return change(
                operator,
                paymentId,
                revision,
                target -> {
                    CallerKey callerKey =
                            new CallerKey(
                                    target.principal(),
                                    "desk refund " + paymentId,
                                    key,
                                    ApiCallTable.sha256(wish));
                    return changes.refund(target, callerKey, amount, reason);
                });
    }

    /// Takes an amount that is held.
    ///
    /// @param amount in minor units; nothing for all of it
    public DeskOutcome capture(
            String operator, String paymentId, OptionalLong revision, OptionalLong amount)
            throws Exception {
        return change(
                operator,
                paymentId,
                revision,
                target -> changes.capture(target, Optional.empty(), amount));
    }

    /// Gives up a payment that is not paid.
    public DeskOutcome cancel(String operator, String paymentId, OptionalLong revision)
            throws Exception {
        return change(
                operator, paymentId, revision, target -> changes.cancel(target, Optional.empty()));
    }

    /// Asks Stripe, and gives the payment as it is now.
    ///
    /// @throws StripeUnavailableException if Stripe does not answer
    public Payment refresh(String operator, String paymentId) throws Exception {
        return Cause.operator(operator).call(() -> sync.sync(paymentId, Sync.Hints.ALL));
    }

    private DeskOutcome change(
            String operator, String paymentId, OptionalLong revision, Change change)
            throws Exception {
        Optional<Payment> known = find(paymentId);
        if (known.isEmpty()) {
            return new DeskOutcome.Refused(false, "There is no such payment.");
        }
        Target target = new Target(known.get().principal(), paymentId, revision);
        Answer answer;
        try {
            answer = Cause.operator(operator).call(() -> change.on(target));
        } catch (RefusedException refused) {
            return refused(refused.problem());
        }
        Optional<Problem> problem = answer.problem();
        if (problem.isPresent()) {
            return refused(problem.get());
        }
        Payment now = find(paymentId).orElseThrow();
        return answer.status() == 202 ? new DeskOutcome.Unknown(now) : new DeskOutcome.Done(now);
    }

    private static DeskOutcome refused(Problem problem) {
        return new DeskOutcome.Refused(problem.type().endsWith(":stale"), problem.detail());
    }

    private Optional<Payment> find(String id) throws SQLException {
        return database.read(tx -> PaymentTable.find(tx, id));
    }
}
