package dev.hearth.payment;

import dev.hearth.storage.Database;
import dev.hearth.webhook.PermanentFailureException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;

/// Brings a payment to the state that Stripe has it in. Webhooks, the return page, reconcile and the
/// operator all do this and nothing else, so it does not matter which of them comes first, twice or never.
///
/// Stripe is asked before the transaction, never within. If another sync has written meanwhile, what was
/// read may be older than what is there, and Stripe is asked again.
final class Sync {
    private static final int MOST_ROUNDS = 20;

    /// What is known beyond our own rows when a sync begins.
    ///
    /// @param intentId Stripe's intent, where our row may not have it yet
    record Hints(
            Optional<String> intentId,
            Optional<String> sessionId,
            boolean refunds,
            boolean disputes) {
        static final Hints NONE = new Hints(Optional.empty(), Optional.empty(), false, false);
        static final Hints ALL = new Hints(Optional.empty(), Optional.empty(), true, true);
    }

    private record Before(Payment payment, boolean refunds, boolean disputes) {}

    private final Database database;
    private final Reader reader;
    private final SnapshotWriter writer;
    private final InstantSource clock;

    Sync(Database database, Reader reader, SnapshotWriter writer, InstantSource clock) {
        this.database = database;
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    Payment sync(String paymentId) throws Exception {
        return sync(paymentId, Hints.NONE);
    }

    /// The payment as it is now, here and at Stripe.
    ///
    /// @throws PermanentFailureException if there is no such payment, or Stripe has something else under
    ///     its id
    /// @throws StripeUnavailableException if Stripe cannot be asked now
    Payment sync(String paymentId, Hints hints) throws Exception {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Before before = read(paymentId);
            Payment known = before.payment;
            Optional<String> intent = known.stripeIntent().or(hints::intentId);
            Optional<String> session = known.stripeSession().or(hints::sessionId);
            if (intent.isEmpty() && session.isEmpty()) {
                return known; // not at Stripe yet, as far as anyone knows
            }
            boolean settled = known.state() instanceof PaymentState.Paid && intent.isPresent();
            Snapshot snapshot =
                    reader.snapshot(
                            intent,
                            settled ? Optional.empty() : session,
                            before.refunds || hints.refunds,
                            before.disputes || hints.disputes);
            Optional<Payment> after = write(known, snapshot);
            if (after.isPresent()) {
                return after.get();
            }
        }
        throw new IllegalStateException(
                "payment %s changed %d times while it was looked at"
                        .formatted(paymentId, MOST_ROUNDS));
    }

    private Before read(String paymentId) throws SQLException, PermanentFailureException {
        return database.<Before, PermanentFailureException>read(tx -> {
            Payment payment =
                    PaymentTable.find(tx, paymentId)
                            .orElseThrow(
                                    () -> new PermanentFailureException("no payment " + paymentId));
            boolean refunds =
                    RefundTable.ofPayment(tx, paymentId).stream()
                            .anyMatch(each -> each.state().takesMoney());
            return new Before(payment, refunds, !Dispute.ofPayment(tx, paymentId).isEmpty());
        });
    }

    /// The payment as written, or nothing if it has changed since it was read.
    private Optional<Payment> write(Payment known, Snapshot snapshot) throws Exception {
        try {
            return database.<Optional<Payment>, Exception>write(tx -> {
                Payment locked = PaymentTable.lock(tx, known.id()).orElseThrow();
                return locked.version() == known.version()
                        ? Optional.of(writer.write(tx, locked, snapshot, clock.instant()))
                        : Optional.empty();
            });
        } catch (MismatchException | IllegalTransitionException never) {
            throw new PermanentFailureException(String.valueOf(never.getMessage()), never);
        }
    }
}
