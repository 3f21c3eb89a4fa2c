package dev.hearth.payment;

import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.payment.ApiCall.Purpose;
import dev.hearth.payment.CallerKeys.CallerKey;
import dev.hearth.payment.Changes.Target;
import dev.hearth.payment.Payment.Kind;
import dev.hearth.storage.Database;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Payments for a program of one's own: `app.payments()`.
///
/// {@snippet lang=java :
/// app.post("/buy", request -> {
///     Payment payment = app.payments().checkout(Sale.of("order-17", price), request);
///     return payment.url().map(Response::seeOther)
///             .orElse(Response.text(202, "Stripe does not answer. Please try again.\n"));
/// });
/// }
///
/// What is refused is a [RefusedException], which a handler may leave to become the answer. Where Stripe did
/// not answer, the payment's state is [PaymentState.Unknown] and Hearth goes on by itself; the same call again
/// gives the same payment. Safe for many threads.
public final class Cashier {
    private final String principal;
    private final PaymentSettings settings;
    private final Database database;
    private final Creation creation;
    private final Changes changes;
    private final Calls calls;
    private final Sync sync;

    Cashier(
            String principal,
            PaymentSettings settings,
            Database database,
            Creation creation,
            Changes changes,
            Calls calls,
            Sync sync) {
        this.principal = principal;
        this.settings = settings;
        this.database = database;
        this.creation = creation;
        this.changes = changes;
        this.calls = calls;
        this.sync = sync;
    }

    /// The order's payment on Stripe's page, begun now or before: [Payment#url] is where the buyer goes.
    ///
    /// @param request the buyer's, which tells where this server is unless `payments.public_url` does
    public Payment checkout(Sale sale, Request request) throws Exception {
        return begin(sale, Kind.CHECKOUT, settings.ownUrl(request));
    }

    /// As [#checkout(Sale, Request)] where there is no request, such as in a job.
    ///
    /// @throws IllegalStateException if `payments.public_url` is not set
    public Payment checkout(Sale sale) throws Exception {
        String ownUrl =
                settings.ownUrl()
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "set payments.public_url: without a request nobody knows"
                                                + " where this server is"));
        return begin(sale, Kind.CHECKOUT, ownUrl);
    }

    /// The order's payment in the shop's own page, begun now or before: [Payment#clientSecret] is for the
    /// buyer's browser and nobody else.
    public Payment intent(Sale sale) throws Exception {
        return begin(sale, Kind.INTENT, "");
    }

    private Payment begin(Sale sale, Kind kind, String ownUrl) throws Exception {
        CreateRequest request = sale.toRequest();
        for (int race = 1; ; race++) {
            Optional<Payment> present = ofOrder(sale.orderRef());
            if (present.isPresent()) {
                return goOn(present.get(), kind, creation.total(principal, request));
            }
            try {
                requireNotRefused(creation.create(principal, kind, request, ownUrl));
            } catch (RefusedException taken) {
                if (race > 1 || ofOrder(sale.orderRef()).isEmpty()) {
                    throw taken; // not by another at this moment
                }
            }
            Optional<Payment> made = ofOrder(sale.orderRef());
            if (made.isPresent()) {
                return made.get();
            }
        }
    }

    private Payment goOn(Payment present, Kind kind, Money total) throws Exception {
        if (present.kind() != kind || !present.amount().equals(total)) {
            throw Creation.orderHasPayment(present);
        }
        Purpose purpose = kind == Kind.CHECKOUT ? Purpose.CREATE_SESSION : Purpose.CREATE_INTENT;
        Optional<ApiCall> open = database.read(tx -> ApiCallTable.open(tx, present.id(), purpose));
        if (open.isPresent()) {
            calls.again(open.get().id());
        }
        return find(present.id()).orElseThrow();
    }

    /// A payment as it was last known.
    public Optional<Payment> find(String id) throws SQLException {
        return database.read(tx -> PaymentTable.find(tx, id)).filter(this::isOurs);
    }

    /// The payment that an order has, if it has one that can still be, or was, paid.
    public Optional<Payment> ofOrder(String orderRef) throws SQLException {
        return database.read(tx -> PaymentTable.ofOrder(tx, principal, orderRef));
    }

    /// The refunds of a payment, oldest first.
    public List<Refund> refunds(String paymentId) throws SQLException {
        return database.read(tx -> RefundTable.ofPayment(tx, paymentId));
    }

    /// Asks Stripe, and gives the payment as it is now. Rarely needed: events do this.
    public Payment refresh(String paymentId) throws Exception {
        require(paymentId);
        return sync.sync(paymentId, Sync.Hints.ALL);
    }

    /// Gives back all that is left of a payment. With the same key again it does nothing again.
    public Refund refund(String paymentId, String key) throws Exception {
        return refund(paymentId, OptionalLong.empty(), key);
    }

    /// Gives back a part of a payment.
    public Refund refund(String paymentId, Money part, String key) throws Exception {
        if (!part.currency().equals(require(paymentId).amount().currency())) {
            throw new IllegalArgumentException("a refund has the currency of its payment");
        }
        return refund(paymentId, OptionalLong.of(part.minorUnits()), key);
    }

    private Refund refund(String paymentId, OptionalLong amount, String key) throws Exception {
        byte[] wish = ("refund " + amount).getBytes(StandardCharsets.UTF_8);
        CallerKey callerKey =
                new CallerKey(principal, "refund " + paymentId, key, ApiCallTable.sha256(wish));
        Answer answer =
                requireNotRefused(
                        changes.refund(
                                Target.of(principal, paymentId),
                                callerKey,
                                amount,
                                Optional.empty()));
        String id = Json.text(Json.read(answer.json()), "refund_id").orElseThrow();
        return database.read(tx -> RefundTable.find(tx, id)).orElseThrow();
    }

    /// Takes an amount that is held.
    public Payment capture(String paymentId) throws Exception {
        requireNotRefused(
                changes.capture(
                        Target.of(principal, paymentId), Optional.empty(), OptionalLong.empty()));
        return require(paymentId);
    }

    /// Gives up a payment that is not paid.
    public Payment cancel(String paymentId) throws Exception {
        requireNotRefused(changes.cancel(Target.of(principal, paymentId), Optional.empty()));
        return require(paymentId);
    }

    private static Answer requireNotRefused(Answer answer) {
        if (answer.problem().isPresent()) {
            throw answer.problem().get().refuse();
        }
        return answer;
    }

    private Payment require(String paymentId) throws SQLException {
        return find(paymentId).orElseThrow(Changes::noSuchPayment);
    }

    private boolean isOurs(Payment payment) {
        return payment.principal().equals(principal);
    }
}
