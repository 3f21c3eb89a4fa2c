package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.payment.ApiCall.Purpose;
import dev.hearth.payment.CallerKeys.CallerKey;
import dev.hearth.payment.PaymentState.Authorized;
import dev.hearth.storage.Database;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;

/// What can be done with a payment that exists: capture, cancel, refund. Each is checked under the lock of
/// the payment's row, where what is asked for and not yet done counts as done.
final class Changes {
    /// Which payment is to be changed, for whom.
    ///
    /// @param revision what the payment must still be at, where someone decided by what a page showed
    record Target(String principal, String paymentId, OptionalLong revision) {
        static Target of(String principal, String paymentId) {
            return new Target(principal, paymentId, OptionalLong.empty());
        }
    }

    private final Database database;
    private final KeyedRequests keyed;
    private final Calls calls;
    private final TimeOrderedIds ids;
    private final InstantSource clock;

    Changes(
            Database database,
            KeyedRequests keyed,
            Calls calls,
            TimeOrderedIds ids,
            InstantSource clock) {
        this.database = database;
        this.keyed = keyed;
        this.calls = calls;
        this.ids = ids;
        this.clock = clock;
    }

    /// Takes an amount that is held: all of it, or the part that is asked for.
    Answer capture(Target target, Optional<CallerKey> key, OptionalLong amount) throws Exception {
        database.<Payment, RefusedException>read(
                tx -> own(tx, target.principal(), target.paymentId()));
        return keyed.join(
                key,
                target.paymentId(),
                Purpose.CAPTURE,
                open -> requireSame(open, amount),
                tx -> {
                    Payment payment = lock(tx, target);
                    if (!(payment.state() instanceof Authorized(long capturable))) {
                        throw wrongState(payment, "captured");
                    }
                    SequencedMap<String, String> form = new LinkedHashMap<>();
                    if (amount.isPresent()) {
                        requireAmount(amount.getAsLong(), payment);
                        if (amount.getAsLong() > capturable) {
                            throw Answer.invalid(
                                            "amount",
                                            "no more than %d is held".formatted(capturable))
                                    .refuse();
                        }
                        form.put("amount_to_capture", Long.toString(amount.getAsLong()));
                    }
                    return calls.make(
                            Purpose.CAPTURE,
                            payment,
                            Optional.empty(),
                            "/v1/payment_intents/"
                                    + payment.stripeIntent().orElseThrow()
                                    + "/capture",
                            form);
                });
    }

    /// Who asks for another amount than is being captured must not be told that it was done.
    private static void requireSame(ApiCall open, OptionalLong amount) {
        Optional<String> wanted =
                amount.isPresent()
                        ? Optional.of(Long.toString(amount.getAsLong()))
                        : Optional.empty();
        if (!wanted.equals(Optional.ofNullable(open.parameters().get("amount_to_capture")))) {
            throw Problem.of(
                            409,
                            "request-in-progress",
                            "Another amount is being captured, and its outcome is not known yet.")
                    .with("payment_id", open.subjectId())
                    .refuse();
        }
    }

    /// Gives up a payment that is not paid.
    Answer cancel(Target target, Optional<CallerKey> key) throws Exception {
        Payment known =
                database.<Payment, RefusedException>read(
                        tx -> own(tx, target.principal(), target.paymentId()));
        return keyed.join(
                key,
                known.id(),
                cancelling(known),
                _ -> {},
                tx -> {
                    Payment payment = lock(tx, target);
                    if (!cancelable(payment)) {
                        throw wrongState(payment, "canceled");
                    }
                    Purpose purpose = cancelling(payment);
                    if (purpose == Purpose.CANCEL) {
                        requireIntent(payment);
                    }
                    String path =
                            purpose == Purpose.EXPIRE_SESSION
                                    ? "/v1/checkout/sessions/"
                                            + payment.stripeSession().orElseThrow()
                                            + "/expire"
                                    : "/v1/payment_intents/"
                                            + payment.stripeIntent().orElseThrow()
                                            + "/cancel";
                    return calls.make(
                            purpose, payment, Optional.empty(), path, new LinkedHashMap<>());
                });
    }

    /// A buyer who is still on Stripe's page is sent away by ending the session.
    private static Purpose cancelling(Payment payment) {
        boolean onThePage = payment.stripeSession().isPresent() && payment.state().waitsForBuyer();
        return onThePage ? Purpose.EXPIRE_SESSION : Purpose.CANCEL;
    }

    private static boolean cancelable(Payment payment) {
        if (payment.invoiceId().isPresent()) {
            return false; // the invoice is what can be given up
        }
        return switch (payment.state()) {
            case PaymentState.Pending _,
                    PaymentState.RequiresAction _,
                    PaymentState.Failed _,
                    PaymentState.Processing _,
                    Authorized _ ->
                    payment.existsAtStripe();
            case PaymentState.Created _,
                    PaymentState.Unknown _,
                    PaymentState.Paid _,
                    PaymentState.Canceled _,
                    PaymentState.Expired _ ->
                    false;
        };
    }

    /// Gives money back: all that is left, or the part that is asked for.
    Answer refund(Target target, CallerKey key, OptionalLong asked, Optional<String> reason)
            throws Exception {
        if (reason.isPresent()
                && !reason.get().matches("duplicate|fraudulent|requested_by_customer")) {
            throw Answer.invalid(
                            "reason", "duplicate, fraudulent or requested_by_customer is wanted")
                    .refuse();
        }
        return keyed.run(
                key,
                tx -> {
                    Payment payment = lock(tx, target);
                    if (!(payment.state() instanceof PaymentState.Paid)) {
                        throw wrongState(payment, "refunded");
                    }
                    requireIntent(payment);
                    long left = refundable(tx, payment);
                    long amount = asked.orElse(left);
                    if (asked.isPresent()) {
                        requireAmount(amount, payment);
                    }
                    if (amount > left || left == 0) {
                        throw Problem.of(409, "not-refundable", "Less than this is left to refund.")
                                .with("payment_id", payment.id())
                                .with("refundable", left)
                                .refuse();
                    }
                    Instant now = clock.instant();
                    Refund refund =
                            new Refund(
                                    ids.next(now.toEpochMilli()),
                                    payment.id(),
                                    amount,
                                    Refund.State.REQUESTED,
                                    Optional.empty(),
                                    reason,
                                    Optional.empty(),
                                    now);
                    RefundTable.insert(tx, refund);
                    PaymentStep.note(tx, refund, now);
                    return calls.make(
                            Purpose.REFUND,
                            payment,
                            Optional.of(refund.id()),
                            "/v1/refunds",
                            form(payment, refund));
                });
    }

    /// A session can be over before it names its intent.
    private static void requireIntent(Payment payment) {
        if (payment.stripeIntent().isEmpty()) {
            throw Problem.of(
                            409,
                            "no-intent-yet",
                            "Stripe has not told yet what this is paid with. Ask again later.")
                    .with("payment_id", payment.id())
                    .with("status", payment.status())
                    .refuse();
        }
    }

    /// What is captured, less everything that went back, may go back, or that the bank has taken.
    static long refundable(Transaction tx, Payment payment) throws SQLException {
        long taken = 0;
        for (Refund refund : RefundTable.ofPayment(tx, payment.id())) {
            taken += refund.state().takesMoney() ? refund.amount() : 0;
        }
        return Math.max(0, payment.captured() - taken - payment.disputed());
    }

    private static SequencedMap<String, String> form(Payment payment, Refund refund) {
        SequencedMap<String, String> form = new LinkedHashMap<>();
        form.put("payment_intent", payment.stripeIntent().orElseThrow());
        form.put("amount", Long.toString(refund.amount()));
        refund.reason().ifPresent(reason -> form.put("reason", reason));
        form.put("metadata[payment_id]", payment.id());
        form.put("metadata[order_ref]", payment.orderRef());
        form.put("metadata[refund_id]", refund.id());
        return form;
    }

    private static void requireAmount(long amount, Payment payment) {
        Optional<String> complaint = Money.complaint(amount, payment.amount().currency());
        if (complaint.isPresent()) {
            throw Answer.invalid("amount", complaint.get()).refuse();
        }
    }

    private static RefusedException wrongState(Payment payment, String wanted) {
        return Problem.of(
                        409,
                        "wrong-state",
                        "A payment that is %s cannot be %s.".formatted(payment.status(), wanted))
                .with("payment_id", payment.id())
                .with("status", payment.status())
                .refuse();
    }

    private static Payment lock(Transaction tx, Target target) throws SQLException {
        Payment payment =
                PaymentTable.lock(tx, target.paymentId())
                        .filter(each -> each.principal().equals(target.principal()))
                        .orElseThrow(Changes::noSuchPayment);
        OptionalLong wanted = target.revision();
        if (wanted.isPresent() && wanted.getAsLong() != PaymentStep.revision(tx, payment.id())) {
            throw Problem.of(
                            409,
                            "stale",
                            "The payment has changed since it was shown. Look at it again.")
                    .with("payment_id", payment.id())
                    .refuse();
        }
        return payment;
    }

    /// A payment of this caller's; others' payments do not exist for it.
    static Payment own(Transaction tx, String principal, String id) throws SQLException {
        return PaymentTable.find(tx, id)
                .filter(payment -> payment.principal().equals(principal))
                .orElseThrow(Changes::noSuchPayment);
    }

    static RefusedException noSuchPayment() {
        return Problem.of(404, "no-such-payment", "There is no such payment.").refuse();
    }
}
