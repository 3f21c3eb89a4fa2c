package dev.hearth.operator;

import dev.hearth.http.Problem;
import dev.hearth.http.Query;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.operator.EventPages.PathSegment;
import dev.hearth.payment.DeskOutcome;
import dev.hearth.payment.Dispute;
import dev.hearth.payment.Payment;
import dev.hearth.payment.PaymentDesk;
import dev.hearth.payment.PaymentDetail;
import dev.hearth.payment.PaymentFilter;
import dev.hearth.payment.PaymentPage;
import dev.hearth.payment.PaymentRecords;
import dev.hearth.payment.Payments;
import dev.hearth.web.Forms;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Payments: the list, one with its history, refund, capture and cancel, the journal.
final class PaymentPages {
    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

    private final PaymentRecords records;
    private final Optional<PaymentDesk> desk;
    private final Audit audit;
    private final Pages pages;
    private final String prefix;

    /// Without `payments` there is nothing to steer, but what there was can be looked at.
    PaymentPages(
            PaymentRecords records,
            Optional<Payments> payments,
            Audit audit,
            Pages pages,
            String prefix) {
        this.records = records;
        this.desk = payments.map(Payments::desk);
        this.audit = audit;
        this.pages = pages;
        this.prefix = prefix;
    }

    /// The list, open disputes in front, and what the accounts hold.
    record PaymentList(
            Map<String, String> faults,
            String status,
            String text,
            List<Payment> payments,
            Optional<String> older,
            List<Dispute> disputes,
            Map<String, Long> balances,
            boolean configured) {
        static final List<String> STATUSES =
                List.of(
                        "created",
                        "unknown",
                        "pending",
                        "requires_action",
                        "processing",
                        "authorized",
                        "paid",
                        "partially_refunded",
                        "refunded",
                        "disputed",
                        "failed",
                        "canceled",
                        "expired");

        String fault(String field) {
            return faults.getOrDefault(field, "");
        }
    }

    Response list(Request request) throws SQLException {
        Asked asked = Asked.of(request);
        String status = asked.text("status");
        String text = asked.text("text");
        Map<String, String> faults = asked.faults("text", "status", PaymentList.STATUSES);
        PaymentFilter filter = PaymentFilter.ALL;
        filter = status.isEmpty() || !faults.isEmpty() ? filter : filter.in(status);
        filter = text.isEmpty() ? filter : filter.matching(text);
        String after = asked.place("after");
        filter = after.isEmpty() ? filter : filter.after(after);
        PaymentPage found =
                faults.isEmpty()
                        ? records.list(filter)
                        : new PaymentPage(List.of(), Optional.empty());
        Optional<String> older =
                found.next()
                        .map(next ->
                                "%s/payments?status=%s&text=%s&after=%s"
                                        .formatted(
                                                prefix,
                                                new PathSegment(status),
                                                URLEncoder.encode(text, StandardCharsets.UTF_8),
                                                new PathSegment(next)));
        return pages.page(
                request,
                faults.isEmpty() ? 200 : 422,
                "Payments",
                "payments",
                new PaymentList(
                        faults,
                        status,
                        text,
                        found.payments(),
                        older,
                        records.openDisputes(),
                        records.balances(),
                        desk.isPresent()));
    }

    /// One payment. `key` makes the form that is sent twice refund once; `amount` and `faults` are what was typed and
    /// what was wrong, by field; `refusal` is why the last wish was not done.
    record PaymentView(
            PaymentDetail detail,
            String key,
            String amount,
            Map<String, String> faults,
            Optional<String> refusal,
            boolean steerable) {
        /// As Stripe has them.
        static final List<String> REASONS =
                List.of("requested_by_customer", "duplicate", "fraudulent");

        static String words(String reason) {
            return switch (reason) {
                case "requested_by_customer" -> "the customer asked";
                case "duplicate" -> "paid twice";
                case "fraudulent" -> "fraud";
                default -> reason;
            };
        }

        /// What is wrong with a field; empty where nothing is.
        String fault(String field) {
            return faults.getOrDefault(field, "");
        }
    }

    Response show(Request request) throws SQLException {
        return show(request, 200, detail(request), "", Map.of(), Optional.empty());
    }

    private Response show(
            Request request,
            int status,
            PaymentDetail detail,
            String amount,
            Map<String, String> faults,
            Optional<String> refusal) {
        return pages.page(
                request,
                status,
                detail.payment().orderRef(),
                "payment",
                new PaymentView(
                        detail, SignIns.random(), amount, faults, refusal, desk.isPresent()));
    }

    private PaymentDetail detail(Request request) throws SQLException {
        return records.find(request.pathParameter("id"))
                .orElseThrow(
                        () -> Problem.of(404, "not-found", "There is no such payment.").refuse());
    }

    private interface Wish {
        DeskOutcome ask(PaymentDesk desk, String operator, String id, OptionalLong revision)
                throws Exception;
    }

    /// Refunds the amount that was typed, or with nothing typed all that is left.
    Response refund(Request request) throws Exception {
        PaymentDetail detail = detail(request);
        Query form = Forms.read(request);
        String typed = form.first("amount").orElse("").strip();
        OptionalLong amount = Amounts.parse(typed, detail.payment().amount().currency());
        String reason = form.first("reason").orElse("");
        Map<String, String> faults = new HashMap<>();
        if (!typed.isEmpty() && amount.isEmpty()) {
            faults.put(
                    "amount",
                    "An amount such as %s, or nothing for all."
                            .formatted(
                                    Amounts.decimal(
                                            detail.refundable(),
                                            detail.payment().amount().currency())));
        }
        if (!reason.isEmpty() && !PaymentView.REASONS.contains(reason)) {
            faults.put("reason", "There is no such reason.");
        }
        if (!faults.isEmpty()) {
            return show(request, 422, detail, typed, faults, Optional.empty());
        }
        String key = form.first("key").filter(made -> made.length() >= 20).orElseThrow(this::noKey);
        String what =
                "refund "
                        + (typed.isEmpty()
                                ? "all"
                                : Amounts.text(
                                        amount.orElse(0), detail.payment().amount().currency()));
        return act(
                request,
                what,
                "refunded",
                (open, operator, id, revision) ->
                        open.refund(
                                operator,
                                id,
                                revision,
                                amount,
                                Optional.of(reason).filter(word -> !word.isEmpty()),
                                key));
    }

    private RuntimeException noKey() {
        return Problem.of(422, "no-key", "The form is not whole. Open the page anew.").refuse();
    }

    Response capture(Request request) throws Exception {
        return act(
                request,
                "capture",
                "captured",
                (open, operator, id, revision) ->
                        open.capture(operator, id, revision, OptionalLong.empty()));
    }

    Response cancel(Request request) throws Exception {
        return act(request, "cancel", "captured", PaymentDesk::cancel);
    }

    /// Does it, unless the payment has changed since the page was made: then shows what it is now.
    private Response act(Request request, String what, String notice, Wish wish) throws Exception {
        PaymentDesk open =
                desk.orElseThrow(() ->
                        Problem.of(409, "no-payments", "No key of Stripe's is configured.")
                                .refuse());
        String id = detail(request).payment().id();
        String operator = SignIn.of(request).operator().name();
        DeskOutcome outcome = wish.ask(open, operator, id, revision(Forms.read(request)));
        audit.add(request, operator, what, "payment " + id, outcome.words());
        return switch (outcome) {
            case DeskOutcome.Done _, DeskOutcome.Unknown _ ->
                    Response.seeOther(
                            prefix + "/payments/" + new PathSegment(id) + "?done=" + notice);
            case DeskOutcome.Refused(boolean stale, String reason) ->
                    show(
                            request,
                            409,
                            detail(request),
                            "",
                            Map.of(),
                            Optional.of(
                                    stale
                                            ? "Nothing was done: the payment has changed since you opened the page."
                                                    + " Here it is as it is now."
                                            : reason));
        };
    }

    private static OptionalLong revision(Query form) {
        try {
            return OptionalLong.of(Long.parseLong(form.first("revision").orElse("")));
        } catch (NumberFormatException none) {
            throw Problem.of(422, "no-revision", "The form is not whole. Open the page anew.")
                    .refuse();
        }
    }

    /// The books as a file.
    Response journal(Request request) throws SQLException {
        return Response.bytes(
                        200,
                        "text/csv; charset=utf-8",
                        records.journalCsv(Instant.EPOCH, END_OF_TIME)
                                .getBytes(StandardCharsets.UTF_8))
                .withHeader("Content-Disposition", "attachment; filename=\"journal.csv\"")
                .withHeader("Cache-Control", "no-store");
    }
}
