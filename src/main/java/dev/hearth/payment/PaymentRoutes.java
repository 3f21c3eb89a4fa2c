package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.payment.CallerKeys.CallerKey;
import dev.hearth.payment.Changes.Target;
import dev.hearth.payment.Payment.Kind;
import dev.hearth.storage.Database;
import dev.hearth.web.Router;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The routes of payments.
final class PaymentRoutes {
    private static final Logger log = LoggerFactory.getLogger(PaymentRoutes.class);

    private final PaymentSettings settings;
    private final Database database;
    private final CallerRequests requests;
    private final Creation creation;
    private final Changes changes;
    private final Sync sync;
    private final InstantSource clock;

    PaymentRoutes(
            PaymentSettings settings,
            CallerRequests requests,
            Database database,
            Creation creation,
            Changes changes,
            Sync sync,
            InstantSource clock) {
        this.settings = settings;
        this.database = database;
        this.requests = requests;
        this.creation = creation;
        this.changes = changes;
        this.sync = sync;
        this.clock = clock;
    }

    Router router() {
        return new Router()
                .post("/payments/checkout", request -> create(request, Kind.CHECKOUT))
                .post("/payments/intents", request -> create(request, Kind.INTENT))
                .get("/payments/{id}", this::show)
                .post("/payments/{id}/capture", this::capture)
                .post("/payments/{id}/cancel", this::cancel)
                .post("/payments/{id}/refunds", this::refund)
                .get("/checkout/return", this::comeBack);
    }

    private Response create(Request request, Kind kind) throws Exception {
        String caller = requests.caller(request);
        byte[] body = requests.body(request);
        CallerKey key = requests.requireKey(request, caller, body);
        Fields fields = Fields.read(body);
        return CallerRequests.answer(
                () -> creation.create(key, kind, fields, settings.ownUrl(request)));
    }

    private Response show(Request request) throws Exception {
        String caller = requests.caller(request);
        String id = request.pathParameter("id");
        Payment payment = database.<Payment, Exception>read(tx -> Changes.own(tx, caller, id));
        if (hasJustComeBack(payment)) {
            trySync(id);
        }
        Answer answer =
                database.<Answer, Exception>read(tx ->
                        Answer.of(
                                200,
                                Changes.own(tx, caller, id),
                                RefundTable.ofPayment(tx, id),
                                Dispute.ofPayment(tx, id)));
        return answer.toResponse();
    }

    /// The buyer is back from Stripe's page and nobody has looked since.
    private static boolean hasJustComeBack(Payment payment) {
        return !payment.state().isFinal()
                && payment.returnedAt().isPresent()
                && payment.lastSyncAt()
                        .filter(synced -> !synced.isBefore(payment.returnedAt().get()))
                        .isEmpty();
    }

    private Response capture(Request request) throws Exception {
        String caller = requests.caller(request);
        byte[] body = requests.body(request);
        Optional<CallerKey> key = requests.key(request, caller, body);
        Fields fields = Fields.read(body);
        return CallerRequests.answer(
                () -> changes.capture(target(request, caller), key, fields.whole("amount")));
    }

    private Response cancel(Request request) throws Exception {
        String caller = requests.caller(request);
        Optional<CallerKey> key = requests.key(request, caller, requests.body(request));
        return CallerRequests.answer(() -> changes.cancel(target(request, caller), key));
    }

    private Response refund(Request request) throws Exception {
        String caller = requests.caller(request);
        byte[] body = requests.body(request);
        CallerKey key = requests.requireKey(request, caller, body);
        Fields fields = Fields.read(body);
        return CallerRequests.answer(() ->
                changes.refund(
                        target(request, caller),
                        key,
                        fields.whole("amount"),
                        fields.text("reason", 40)));
    }

    private static Target target(Request request, String caller) {
        return Target.of(caller, request.pathParameter("id"));
    }

    /// Where Stripe sends the buyer. Shows nothing and marks nothing as paid: it only has Stripe asked, after
    /// the buyer has gone on to the shop's page.
    private Response comeBack(Request request) throws Exception {
        String session =
                request.query()
                        .first("session_id")
                        .filter(id -> id.matches("[A-Za-z0-9_-]{1,255}")) // no database keeps a NUL
                        .orElseThrow(PaymentRoutes::noSuchSession);
        Payment payment =
                database.read(tx -> PaymentTable.bySession(tx, session))
                        .orElseThrow(PaymentRoutes::noSuchSession);
        database.write(tx ->
                tx.update(
                        "UPDATE payment SET returned_at = ? WHERE id = ?",
                        clock.instant(),
                        payment.id()));
        return Response.seeOther(ReturnPage.of(settings, settings.ownUrl(request), payment.id()))
                .withHeader("Cache-Control", "no-store")
                .afterwards(() -> trySync(payment.id()));
    }

    private static RefusedException noSuchSession() {
        return Problem.of(404, "no-such-session", "There is no such session.").refuse();
    }

    private void trySync(String paymentId) {
        try {
            Cause.of(Cause.Kind.RETURN).call(() -> sync.sync(paymentId));
        } catch (Exception later) { // whatever it is, the webhook does the same
            log.warn("payment {} could not be read from Stripe now", paymentId, later);
        }
    }
}
