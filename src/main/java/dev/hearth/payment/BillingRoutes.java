package dev.hearth.payment;

import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.payment.CallerKeys.CallerKey;
import dev.hearth.web.Router;
import java.util.Optional;

/// The routes of subscriptions and invoices.
final class BillingRoutes {
    private final PaymentSettings settings;
    private final CallerRequests requests;
    private final Subscriptions subscriptions;
    private final Invoices invoices;

    BillingRoutes(
            PaymentSettings settings,
            CallerRequests requests,
            Subscriptions subscriptions,
            Invoices invoices) {
        this.settings = settings;
        this.requests = requests;
        this.subscriptions = subscriptions;
        this.invoices = invoices;
    }

    Router addTo(Router router) {
        return router.post("/payments/subscriptions", this::subscribe)
                .get("/payments/subscriptions/{id}", this::showSubscription)
                .post("/payments/subscriptions/{id}/change", this::change)
                .post("/payments/subscriptions/{id}/cancel", this::cancel)
                .post("/payments/invoices", this::invoice)
                .get("/payments/invoices/{id}", this::showInvoice)
                .post("/payments/invoices/{id}/cancel", this::takeBack);
    }

    private Response subscribe(Request request) throws Exception {
        String caller = requests.caller(request);
        byte[] body = requests.body(request);
        CallerKey key = requests.requireKey(request, caller, body);
        Fields fields = Fields.read(body);
        return CallerRequests.answer(
                () -> subscriptions.create(key, fields, settings.ownUrl(request)));
    }

    private Response showSubscription(Request request) throws Exception {
        String caller = requests.caller(request);
        return subscriptions.show(caller, request.pathParameter("id")).toResponse();
    }

    private Response change(Request request) throws Exception {
        String caller = requests.caller(request);
        byte[] body = requests.body(request);
        CallerKey key = requests.requireKey(request, caller, body);
        Fields fields = Fields.read(body);
        return CallerRequests.answer(
                () -> subscriptions.change(caller, request.pathParameter("id"), key, fields));
    }

    private Response cancel(Request request) throws Exception {
        String caller = requests.caller(request);
        byte[] body = requests.body(request);
        Optional<CallerKey> key = requests.key(request, caller, body);
        Fields fields = Fields.read(body);
        return CallerRequests.answer(
                () -> subscriptions.cancel(caller, request.pathParameter("id"), key, fields));
    }

    private Response invoice(Request request) throws Exception {
        String caller = requests.caller(request);
        byte[] body = requests.body(request);
        CallerKey key = requests.requireKey(request, caller, body);
        Fields fields = Fields.read(body);
        return CallerRequests.answer(() -> invoices.create(key, fields));
    }

    private Response showInvoice(Request request) throws Exception {
        String caller = requests.caller(request);
        return invoices.show(caller, request.pathParameter("id")).toResponse();
    }

    private Response takeBack(Request request) throws Exception {
        String caller = requests.caller(request);
        Optional<CallerKey> key = requests.key(request, caller, requests.body(request));
        return CallerRequests.answer(
                () -> invoices.cancel(caller, request.pathParameter("id"), key));
    }
}
