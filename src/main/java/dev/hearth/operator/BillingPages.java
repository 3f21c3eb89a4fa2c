package dev.hearth.operator;

import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.operator.EventPages.PathSegment;
import dev.hearth.payment.BillingDesk;
import dev.hearth.payment.BillingFilter;
import dev.hearth.payment.BillingOutcome;
import dev.hearth.payment.BillingPage;
import dev.hearth.payment.BillingRecords;
import dev.hearth.payment.Invoice;
import dev.hearth.payment.InvoiceDetail;
import dev.hearth.payment.Payments;
import dev.hearth.payment.Subscription;
import dev.hearth.payment.SubscriptionDetail;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Subscriptions and invoices: the lists, one of each, and what can be done with them.
final class BillingPages {
    private final BillingRecords records;
    private final Optional<BillingDesk> desk;
    private final Audit audit;
    private final Pages pages;
    private final String prefix;

    /// Without `payments` there is nothing to steer, but what there was can be looked at.
    BillingPages(
            BillingRecords records,
            Optional<Payments> payments,
            Audit audit,
            Pages pages,
            String prefix) {
        this.records = records;
        this.desk = payments.map(Payments::billingDesk);
        this.audit = audit;
        this.pages = pages;
        this.prefix = prefix;
    }

    /// What was searched for, what is wrong with it by field, and where the next page is.
    record Search(
            Map<String, String> faults,
            String state,
            String text,
            List<String> states,
            Optional<String> older) {
        String fault(String field) {
            return faults.getOrDefault(field, "");
        }
    }

    private static final List<String> SUBSCRIPTION_STATES =
            List.of(
                    "created",
                    "unknown",
                    "pending",
                    "incomplete",
                    "trialing",
                    "active",
                    "past_due",
                    "unpaid",
                    "paused",
                    "canceled",
                    "expired",
                    "failed");

    private static final List<String> INVOICE_STATES =
            List.of(
                    "created",
                    "unknown",
                    "draft",
                    "open",
                    "paid",
                    "void",
                    "uncollectible",
                    "failed");

    record SubscriptionList(Search search, List<Subscription> subscriptions) {}

    Response subscriptions(Request request) throws SQLException {
        Asked asked = Asked.of(request);
        Map<String, String> faults = asked.faults("text", "state", SUBSCRIPTION_STATES);
        BillingPage<Subscription> found =
                faults.isEmpty() ? records.subscriptions(filter(asked)) : nothing();
        return pages.page(
                request,
                faults.isEmpty() ? 200 : 422,
                "Subscriptions",
                "subscriptions",
                new SubscriptionList(
                        search(asked, faults, "/subscriptions", SUBSCRIPTION_STATES, found),
                        found.rows()));
    }

    record InvoiceList(Search search, List<Invoice> invoices) {}

    Response invoices(Request request) throws SQLException {
        Asked asked = Asked.of(request);
        Map<String, String> faults = asked.faults("text", "state", INVOICE_STATES);
        BillingPage<Invoice> found = faults.isEmpty() ? records.invoices(filter(asked)) : nothing();
        return pages.page(
                request,
                faults.isEmpty() ? 200 : 422,
                "Invoices",
                "invoices",
                new InvoiceList(
                        search(asked, faults, "/invoices", INVOICE_STATES, found), found.rows()));
    }

    private static <T> BillingPage<T> nothing() {
        return new BillingPage<>(List.of(), Optional.empty());
    }

    private static BillingFilter filter(Asked asked) {
        String state = asked.text("state");
        String text = asked.text("text");
        String after = asked.place("after");
        BillingFilter filter = BillingFilter.ALL;
        filter = state.isEmpty() ? filter : filter.in(state);
        filter = text.isEmpty() ? filter : filter.matching(text);
        return after.isEmpty() ? filter : filter.after(after);
    }

    private Search search(
            Asked asked,
            Map<String, String> faults,
            String path,
            List<String> states,
            BillingPage<?> found) {
        String state = asked.text("state");
        String text = asked.text("text");
        return new Search(
                faults,
                state,
                text,
                states,
                found.next()
                        .map(next ->
                                "%s/payments%s?state=%s&text=%s&after=%s"
                                        .formatted(
                                                prefix,
                                                path,
                                                new PathSegment(state),
                                                URLEncoder.encode(text, StandardCharsets.UTF_8),
                                                new PathSegment(next))));
    }

    /// One subscription; `refusal` is why the last wish was not done.
    record SubscriptionView(
            SubscriptionDetail detail, Optional<String> refusal, boolean steerable) {}

    Response subscription(Request request) throws SQLException {
        return subscription(request, 200, Optional.empty());
    }

    private Response subscription(Request request, int status, Optional<String> refusal)
            throws SQLException {
        SubscriptionDetail detail =
                records.subscription(request.pathParameter("id"))
                        .orElseThrow(() -> absent("subscription"));
        return pages.page(
                request,
                status,
                detail.subscription().orderRef(),
                "subscription",
                new SubscriptionView(detail, refusal, desk.isPresent()));
    }

    /// One invoice; `refusal` is why the last wish was not done.
    record InvoiceView(InvoiceDetail detail, Optional<String> refusal, boolean steerable) {}

    Response invoice(Request request) throws SQLException {
        return invoice(request, 200, Optional.empty());
    }

    private Response invoice(Request request, int status, Optional<String> refusal)
            throws SQLException {
        InvoiceDetail detail =
                records.invoice(request.pathParameter("id")).orElseThrow(() -> absent("invoice"));
        return pages.page(
                request,
                status,
                detail.invoice().orderRef(),
                "invoice",
                new InvoiceView(detail, refusal, desk.isPresent()));
    }

    private static RuntimeException absent(String what) {
        return Problem.of(404, "not-found", "There is no such " + what + ".").refuse();
    }

    private interface Wish {
        BillingOutcome ask(BillingDesk desk, String operator, String id) throws Exception;
    }

    private interface Page {
        Response show(Request request, int status, Optional<String> refusal) throws SQLException;
    }

    Response endSubscription(Request request) throws Exception {
        return ofSubscription(
                request,
                "cancel with the period",
                (open, operator, id) -> open.cancelSubscription(operator, id, false));
    }

    Response endSubscriptionNow(Request request) throws Exception {
        return ofSubscription(
                request,
                "cancel at once",
                (open, operator, id) -> open.cancelSubscription(operator, id, true));
    }

    private Response ofSubscription(Request request, String what, Wish wish) throws Exception {
        String id =
                records.subscription(request.pathParameter("id"))
                        .orElseThrow(() -> absent("subscription"))
                        .subscription()
                        .id();
        return act(request, what, "subscription", id, wish, this::subscription);
    }

    Response remind(Request request) throws Exception {
        return ofInvoice(request, "remind", BillingDesk::remind);
    }

    Response takeBack(Request request) throws Exception {
        return ofInvoice(request, "take back", BillingDesk::cancelInvoice);
    }

    private Response ofInvoice(Request request, String what, Wish wish) throws Exception {
        String id =
                records.invoice(request.pathParameter("id"))
                        .orElseThrow(() -> absent("invoice"))
                        .invoice()
                        .id();
        return act(request, what, "invoice", id, wish, this::invoice);
    }

    private Response act(Request request, String what, String kind, String id, Wish wish, Page page)
            throws Exception {
        BillingDesk open =
                desk.orElseThrow(() ->
                        Problem.of(409, "no-payments", "No key of Stripe's is configured.")
                                .refuse());
        String operator = SignIn.of(request).operator().name();
        BillingOutcome outcome = wish.ask(open, operator, id);
        audit.add(request, operator, what, kind + " " + id, outcome.words());
        return switch (outcome) {
            case BillingOutcome.Done _, BillingOutcome.Unknown _ ->
                    Response.seeOther(
                            "%s/payments/%ss/%s?done=asked"
                                    .formatted(prefix, kind, new PathSegment(id)));
            case BillingOutcome.Refused(String reason) ->
                    page.show(request, 409, Optional.of(reason));
        };
    }
}
