package dev.hearth.app;

import dev.hearth.payment.Currency;
import dev.hearth.payment.Dispute;
import dev.hearth.payment.JournalLine;
import dev.hearth.payment.Money;
import dev.hearth.payment.Payment;
import dev.hearth.payment.PaymentCall;
import dev.hearth.payment.PaymentDetail;
import dev.hearth.payment.PaymentPage;
import dev.hearth.payment.PaymentStep;
import dev.hearth.payment.Reconcile;
import dev.hearth.payment.Refund;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Payments as the command line prints them: for people, or one JSON object a line. Never a client secret.
final class PaymentOutput {
    private PaymentOutput() {}

    private static final String ROW = "%-20s  %-18s  %14s  %-24s  %s\n";

    static String table(PaymentPage page) {
        if (page.payments().isEmpty()) {
            return "There is no such payment.\n";
        }
        StringBuilder text = new StringBuilder();
        text.append(ROW.formatted("CREATED", "STATUS", "AMOUNT", "ORDER", "ID"));
        for (Payment each : page.payments()) {
            text.append(
                    ROW.formatted(
                            seconds(each.createdAt()),
                            each.status(),
                            each.amount(),
                            each.orderRef(),
                            each.id()));
        }
        page.next().ifPresent(next -> text.append("More: --after ").append(next).append('\n'));
        return text.toString();
    }

    static String jsonLines(PaymentPage page) {
        StringBuilder text = new StringBuilder();
        page.payments().forEach(each -> text.append(Json.object(members(each))).append('\n'));
        return text.toString();
    }

    private static Map<String, Object> members(Payment payment) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", payment.id());
        members.put("order_ref", payment.orderRef());
        members.put("status", payment.status());
        members.put("kind", payment.kind().word());
        members.put("amount", payment.amount().minorUnits());
        members.put("currency", payment.amount().currency().code());
        members.put("captured", payment.captured());
        members.put("refunded", payment.refunded());
        members.put("disputed", payment.disputed());
        members.put("livemode", payment.livemode());
        members.put("stripe_intent", payment.stripeIntent());
        members.put("stripe_session", payment.stripeSession());
        members.put("invoice_id", payment.invoiceId());
        members.put("created_at", payment.createdAt());
        members.put("synced_at", payment.lastSyncAt());
        return members;
    }

    static String json(Payment payment, boolean unknown) {
        Map<String, Object> members = members(payment);
        members.put("outcome_unknown", unknown);
        return Json.object(members) + "\n";
    }

    static String json(PaymentDetail detail) {
        Map<String, Object> members = members(detail.payment());
        members.put("revision", detail.revision());
        members.put("refundable", detail.refundable());
        StringBuilder text = new StringBuilder(Json.object(members)).append('\n');
        for (PaymentStep step : detail.steps()) {
            text.append(
                            Json.object(
                                    "step",
                                    step.n(),
                                    "at",
                                    step.happened(),
                                    "subject",
                                    step.subject().word(),
                                    "subject_id",
                                    step.subjectId(),
                                    "status",
                                    step.status(),
                                    "amount",
                                    step.amount(),
                                    "cause",
                                    step.cause().kind().word(),
                                    "cause_id",
                                    step.cause().id()))
                    .append('\n');
        }
        detail.journal().forEach(line -> text.append(json(line)));
        return text.toString();
    }

    static String text(PaymentDetail detail) {
        Payment payment = detail.payment();
        Currency currency = payment.amount().currency();
        StringBuilder text = new StringBuilder();
        line(text, "Payment", payment.id());
        line(text, "Order", payment.orderRef());
        line(text, "Status", payment.status());
        line(text, "Amount", payment.amount().toString());
        line(text, "Captured", decimal(payment.captured(), currency));
        line(text, "Refunded", decimal(payment.refunded(), currency));
        line(text, "Refundable", decimal(detail.refundable(), currency));
        payment.stripeIntent().ifPresent(id -> line(text, "At Stripe", id));
        payment.stripeSession().ifPresent(id -> line(text, "Checkout", id));
        payment.invoiceId().ifPresent(id -> line(text, "Invoice", id));
        for (Refund refund : detail.refunds()) {
            line(text, "Refund", refund(refund, currency));
        }
        for (Dispute dispute : detail.disputes()) {
            line(text, "Dispute", dispute(dispute));
        }
        text.append("\nWhat became of it:\n");
        detail.steps().forEach(step -> text.append(step(step, currency)));
        text.append("\nCalls to Stripe:\n");
        detail.calls().forEach(call -> text.append(call(call)));
        text.append("\nBooks:\n");
        detail.journal().forEach(entry -> text.append(text(entry)));
        return text.toString();
    }

    static void line(StringBuilder text, String name, String value) {
        text.append("%-12s %s\n".formatted(name, value));
    }

    private static String refund(Refund refund, Currency currency) {
        return "%s %s %s%s"
                .formatted(
                        decimal(refund.amount(), currency),
                        refund.state().word(),
                        refund.id(),
                        refund.failureReason().map(why -> " (" + why + ")").orElse(""));
    }

    private static String dispute(Dispute dispute) {
        return "%s %s %s%s"
                .formatted(
                        decimal(dispute.amount(), dispute.currency()),
                        dispute.state().word(),
                        dispute.stripeId(),
                        dispute.dueBy()
                                .map(due -> ", evidence is due by " + seconds(due))
                                .orElse(""));
    }

    private static String step(PaymentStep step, Currency currency) {
        return "  %-20s  %-8s %-20s %14s  %s\n"
                .formatted(
                        seconds(step.happened()),
                        step.subject().word(),
                        step.status(),
                        decimal(step.amount(), currency),
                        step.cause().kind().word()
                                + step.cause().id().map(id -> " " + id).orElse(""));
    }

    static String call(PaymentCall call) {
        return "  %-20s  %-16s %-9s tries: %d%s  %s\n"
                .formatted(
                        seconds(call.createdAt()),
                        call.purpose(),
                        call.state(),
                        call.attempts(),
                        call.stripeRequestId().map(id -> "  " + id).orElse(""),
                        call.id());
    }

    static String outcome(Payment payment, boolean unknown) {
        return unknown
                ? "It is written down, and Hearth does it once, as soon as it runs: %s\n"
                        .formatted(payment.id())
                : "%s (%s) is %s now.\n"
                        .formatted(payment.orderRef(), payment.id(), payment.status());
    }

    static String json(JournalLine line) {
        return Json.object(
                        "booked_at",
                        line.bookedAt(),
                        "posting",
                        line.posting(),
                        "source",
                        line.source(),
                        "source_id",
                        line.sourceId(),
                        "payment_id",
                        line.paymentId(),
                        "order_ref",
                        line.orderRef(),
                        "account",
                        line.account(),
                        "currency",
                        line.currency().code(),
                        "amount",
                        line.amount())
                + "\n";
    }

    static String text(JournalLine line) {
        return "  %-20s  %-16s  %-18s %14s %s  %s\n"
                .formatted(
                        seconds(line.bookedAt()),
                        line.source(),
                        line.account(),
                        line.decimal(),
                        line.currency(),
                        line.orderRef().orElse(line.sourceId()));
    }

    static String balances(Map<String, Long> balances) {
        StringBuilder text = new StringBuilder("\nAccounts, over all time:\n");
        balances.forEach((account, amount) -> {
            int space = account.indexOf(' ');
            Currency currency = Currency.of(account.substring(space + 1));
            text.append(
                    "  %-18s %14s\n"
                            .formatted(account.substring(0, space), decimal(amount, currency)));
        });
        return text.toString();
    }

    static String json(Reconcile.Report report) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("events", report.events());
        members.put("missed", String.join(" ", report.missed()));
        report.balances()
                .forEach(check ->
                        members.put("difference_" + check.currency().code(), check.difference()));
        return Json.object(members) + "\n";
    }

    static String text(Reconcile.Report report) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%d events at Stripe, %d of them had not come."
                        .formatted(report.events(), report.missed().size()));
        report.missed().forEach(id -> lines.add("  fetched now: " + id));
        lines.add("The server, if it runs, looks at what is open within a minute.");
        report.balances()
                .forEach(check ->
                        lines.add(
                                "%s: Stripe moved %s, the books have %s, difference %s%s"
                                        .formatted(
                                                check.currency(),
                                                decimal(check.stripe(), check.currency()),
                                                decimal(check.journal(), check.currency()),
                                                decimal(check.difference(), check.currency()),
                                                check.unmatched().isEmpty()
                                                        ? ""
                                                        : " (" + check.unmatched() + ")")));
        return String.join("\n", lines) + "\n";
    }

    private static String decimal(long minorUnits, Currency currency) {
        return Money.decimal(minorUnits, currency) + " " + currency;
    }

    static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
