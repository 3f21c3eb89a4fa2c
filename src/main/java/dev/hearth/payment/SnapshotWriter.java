package dev.hearth.payment;

import dev.hearth.payment.PaymentState.Paid;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Writes what Stripe has into our rows and books: the one place where a payment's state changes by what
/// Stripe says. Writing the same again changes nothing.
final class SnapshotWriter {
    private static final Logger log = LoggerFactory.getLogger(SnapshotWriter.class);

    private final Books books;
    private final TimeOrderedIds ids;
    private final List<PaymentListener> listeners = new CopyOnWriteArrayList<>();

    SnapshotWriter(Books books, TimeOrderedIds ids) {
        this.books = books;
        this.ids = ids;
    }

    void tell(PaymentListener listener) {
        listeners.add(listener);
    }

    boolean hasListeners() {
        return !listeners.isEmpty();
    }

    /// Brings a locked payment to what the snapshot says.
    ///
    /// @throws MismatchException if the snapshot is not of this payment as it was asked for
    /// @throws IllegalTransitionException if the state cannot follow the present one
    Payment write(Transaction tx, Payment payment, Snapshot snapshot, Instant now)
            throws Exception {
        Optional<JsonNode> intent = snapshot.intent();
        Optional<JsonNode> session = snapshot.session();
        if (intent.isPresent()) {
            Checks.intent(payment, intent.get());
        }
        if (session.isPresent()) {
            Checks.session(payment, session.get(), intent.isPresent());
        }
        PaymentState state = payment.state();
        Optional<PaymentState> said = snapshot.state();
        if (said.isPresent()) {
            state = state.become(taken(tx, payment, snapshot, said.get()));
        }
        long captured = state instanceof Paid(long amount) ? amount : payment.captured();
        Checks.captured(payment, captured, state);
        Payment paid = withState(payment, state, captured, snapshot, now);
        if (state instanceof Paid) {
            books.paid(tx, paid, now);
            if (snapshot.charge().isPresent()) {
                books.settled(tx, paid, snapshot.charge().get(), now);
            }
        }
        long refunded = writeRefunds(tx, paid, snapshot.refunds(), now);
        long disputed = writeDisputes(tx, paid, snapshot.disputes(), now);
        Payment after = withSums(paid, refunded, disputed);
        PaymentTable.update(tx, payment, after);
        announce(payment, after, tx, now);
        return after;
    }

    /// A payment whose taken amount is not told has no more taken than we asked for.
    private static PaymentState taken(
            Transaction tx, Payment payment, Snapshot snapshot, PaymentState said)
            throws SQLException {
        boolean told =
                snapshot.intent()
                        .filter(intent -> StripeObjects.received(intent).isPresent())
                        .isPresent();
        if (said instanceof Paid && payment.manualCapture() && !told) {
            Optional<PaymentState> asked =
                    ApiCallTable.amountToCapture(tx, payment.id()).map(Paid::new);
            return asked.orElse(said);
        }
        return said;
    }

    /// Changes only what Stripe has no part in, such as that a call got no answer.
    Payment writeState(Transaction tx, Payment payment, PaymentState next, Instant now)
            throws Exception {
        if (payment.state().equals(next)) {
            return payment;
        }
        Payment after =
                withSums(
                        copy(
                                payment,
                                payment.state().become(next),
                                payment.captured(),
                                payment.stripeIntent(),
                                payment.stripeSession(),
                                payment.livemode(),
                                payment.url(),
                                payment.clientSecret(),
                                payment.lastSyncAt()),
                        payment.refunded(),
                        payment.disputed());
        PaymentTable.update(tx, payment, after);
        announce(payment, after, tx, now);
        return after;
    }

    /// Writes only the ids of what was made for the payment at Stripe, and how the buyer gets there.
    void attach(Transaction tx, Payment payment, JsonNode made) throws Exception {
        StripeObjects.word(made, "id");
        Snapshot snapshot =
                payment.kind() == Payment.Kind.CHECKOUT
                        ? Snapshot.ofSession(made)
                        : Snapshot.ofIntent(made);
        if (payment.kind() == Payment.Kind.CHECKOUT) {
            Checks.session(payment, made, false);
        } else {
            Checks.intent(payment, made);
        }
        PaymentTable.update(
                tx,
                payment,
                withState(
                        payment,
                        payment.state(),
                        payment.captured(),
                        snapshot,
                        payment.lastSyncAt().orElse(payment.createdAt())));
    }

    private void announce(Payment before, Payment after, Transaction tx, Instant now)
            throws Exception {
        boolean same =
                before.state().equals(after.state())
                        && before.refunded() == after.refunded()
                        && before.disputed() == after.disputed();
        if (!same) {
            PaymentStep.note(tx, after, now);
            for (PaymentListener listener : listeners) {
                listener.changed(before, after, tx);
            }
        }
    }

    private long writeRefunds(Transaction tx, Payment payment, List<JsonNode> refunds, Instant now)
            throws Exception {
        if (refunds.isEmpty()) {
            return payment.refunded();
        }
        for (JsonNode object : refunds) {
            boolean known =
                    known(tx, payment, object, StripeObjects.word(object, "id")).isPresent();
            if (known || !isRelease(payment, object)) {
                writeRefund(tx, payment, object, now);
            }
        }
        long sum = 0;
        for (Refund refund : RefundTable.ofPayment(tx, payment.id())) {
            sum += refund.state() == Refund.State.SUCCEEDED ? refund.amount() : 0;
        }
        return sum;
    }

    /// Stripe calls it a refund too when it lets go of what was held and not captured: of a part, or of all
    /// where the payment is canceled. That money was never ours.
    private static boolean isRelease(Payment payment, JsonNode refund) throws UnknownWordException {
        if (StripeObjects.metadata(refund, "refund_id").isPresent()) {
            return false;
        }
        long notCaptured = payment.amount().minorUnits() - payment.captured();
        return payment.captured() == 0
                || (payment.manualCapture()
                        && Json.id(refund, "balance_transaction").isEmpty()
                        && StripeObjects.amount(refund) == notCaptured);
    }

    private void writeRefund(Transaction tx, Payment payment, JsonNode object, Instant now)
            throws Exception {
        String stripeId = StripeObjects.word(object, "id");
        Checks.refund(payment, object);
        Refund.State state = StripeObjects.refundState(object);
        Optional<String> failure = Json.text(object, "failure_reason");
        long amount = StripeObjects.amount(object);
        Optional<Refund> known = known(tx, payment, object, stripeId);
        if (known.isEmpty()) { // made by hand in Stripe's dashboard
            Refund found =
                    new Refund(
                            ids.next(now.toEpochMilli()),
                            payment.id(),
                            amount,
                            state,
                            Optional.of(stripeId),
                            Json.text(object, "reason"),
                            failure,
                            now);
            RefundTable.insert(tx, found);
            PaymentStep.note(tx, found, now);
            books.refund(tx, payment, found, object, now);
            return;
        }
        if (known.get().amount() != amount) {
            throw new MismatchException(payment, "refund of", known.get().amount(), amount);
        }
        Refund refund = known.get().withStripeId(stripeId).with(state, failure);
        if (!refund.equals(known.get())) {
            RefundTable.update(tx, refund);
        }
        if (refund.state() != known.get().state()) {
            PaymentStep.note(tx, refund, now);
        }
        books.refund(tx, payment, refund, object, now);
    }

    private static Optional<Refund> known(
            Transaction tx, Payment payment, JsonNode object, String stripeId) throws SQLException {
        Optional<String> own = StripeObjects.metadata(object, "refund_id");
        return RefundTable.ofPayment(tx, payment.id()).stream()
                .filter(each ->
                        each.stripeId().filter(stripeId::equals).isPresent()
                                || (each.stripeId().isEmpty()
                                        && own.filter(each.id()::equals).isPresent()))
                .findFirst();
    }

    private long writeDisputes(
            Transaction tx, Payment payment, List<JsonNode> disputes, Instant now)
            throws Exception {
        if (disputes.isEmpty()) {
            return payment.disputed();
        }
        List<Dispute> before = Dispute.ofPayment(tx, payment.id());
        for (JsonNode object : disputes) {
            Dispute dispute = StripeObjects.dispute(object, payment);
            Optional<Dispute> known =
                    before.stream()
                            .filter(each -> each.stripeId().equals(dispute.stripeId()))
                            .findFirst();
            boolean isNew = known.isEmpty();
            if (isNew && dispute.state().needsResponse()) {
                log.error(
                        "ALARM: payment {} is disputed ({}); evidence is due by {}",
                        payment.id(),
                        dispute.stripeId(),
                        dispute.dueBy().map(Instant::toString).orElse("a time that Stripe shows"));
            }
            dispute.write(tx);
            if (isNew || known.get().state() != dispute.state()) {
                PaymentStep.note(tx, dispute, now);
            }
            books.dispute(tx, dispute, object, now);
        }
        long sum = 0;
        for (Dispute dispute : Dispute.ofPayment(tx, payment.id())) {
            sum += dispute.state().holdsMoney() ? held(payment, dispute) : 0;
        }
        return sum;
    }

    /// What a dispute holds of a payment, in the payment's currency. Nobody knows what an amount in another currency is
    /// of it, so such a dispute holds all: nothing is given back a second time.
    private static long held(Payment payment, Dispute dispute) {
        boolean same = dispute.currency().equals(payment.amount().currency());
        return same || dispute.amount() == 0 ? dispute.amount() : payment.captured();
    }

    private static Payment withState(
            Payment payment, PaymentState state, long captured, Snapshot snapshot, Instant now) {
        Optional<JsonNode> intent = snapshot.intent();
        Optional<JsonNode> session = snapshot.session();
        boolean over = state.isFinal() || state instanceof PaymentState.Authorized;
        return copy(
                payment,
                state,
                captured,
                payment.stripeIntent()
                        .or(() -> intent.flatMap(each -> Json.text(each, "id")))
                        .or(() -> session.flatMap(each -> Json.id(each, "payment_intent"))),
                payment.stripeSession().or(() -> session.flatMap(each -> Json.text(each, "id"))),
                payment.livemode()
                        .or(() ->
                                intent.or(() -> session)
                                        .flatMap(each -> Json.flag(each, "livemode"))),
                over
                        ? Optional.empty()
                        : session.flatMap(each -> Json.text(each, "url")).or(payment::url),
                over || payment.kind() == Payment.Kind.CHECKOUT
                        ? Optional.empty()
                        : intent.flatMap(each -> Json.text(each, "client_secret"))
                                .or(payment::clientSecret),
                Optional.of(now));
    }

    private static Payment copy(
            Payment payment,
            PaymentState state,
            long captured,
            Optional<String> intent,
            Optional<String> session,
            Optional<Boolean> livemode,
            Optional<String> url,
            Optional<String> clientSecret,
            Optional<Instant> syncedAt) {
        return new Payment(
                payment.id(),
                payment.principal(),
                payment.orderRef(),
                payment.kind(),
                payment.amount(),
                payment.manualCapture(),
                state,
                captured,
                payment.refunded(),
                payment.disputed(),
                intent,
                session,
                livemode,
                url,
                clientSecret,
                payment.version(),
                payment.createdAt(),
                payment.returnedAt(),
                syncedAt,
                payment.invoiceId());
    }

    private static Payment withSums(Payment payment, long refunded, long disputed) {
        return new Payment(
                payment.id(),
                payment.principal(),
                payment.orderRef(),
                payment.kind(),
                payment.amount(),
                payment.manualCapture(),
                payment.state(),
                payment.captured(),
                refunded,
                disputed,
                payment.stripeIntent(),
                payment.stripeSession(),
                payment.livemode(),
                payment.url(),
                payment.clientSecret(),
                payment.version(),
                payment.createdAt(),
                payment.returnedAt(),
                payment.lastSyncAt(),
                payment.invoiceId());
    }
}
