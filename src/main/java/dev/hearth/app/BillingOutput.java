package dev.hearth.app;

import dev.hearth.payment.Invoice;
import dev.hearth.payment.InvoiceDetail;
import dev.hearth.payment.Money;
import dev.hearth.payment.Payment;
import dev.hearth.payment.PaymentCall;
import dev.hearth.payment.Subscription;
import dev.hearth.payment.SubscriptionDetail;
import dev.hearth.payment.SubscriptionState.Period;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Subscriptions and invoices as the command line prints them: for people, or one JSON object a line.
final class BillingOutput {
    private BillingOutput() {}

    private static final String ROW = "%-20s  %-14s  %18s  %-24s  %s\n";

    static String subscriptions(List<Subscription> rows) {
        if (rows.isEmpty()) {
            return "There is no such subscription.\n";
        }
        StringBuilder text = new StringBuilder();
        text.append(ROW.formatted("CREATED", "STATE", "AMOUNT", "ORDER", "ID"));
        for (Subscription each : rows) {
            text.append(
                    ROW.formatted(
                            PaymentOutput.seconds(each.createdAt()),
                            each.state().word(),
                            price(each),
                            each.orderRef(),
                            each.id()));
        }
        return text.toString();
    }

    private static String price(Subscription subscription) {
        return subscription.plan().total() + "/" + subscription.plan().every().word();
    }

    static String invoices(List<Invoice> rows) {
        if (rows.isEmpty()) {
            return "There is no such invoice.\n";
        }
        StringBuilder text = new StringBuilder();
        text.append(ROW.formatted("CREATED", "STATE", "AMOUNT", "ORDER", "ID"));
        for (Invoice each : rows) {
            text.append(
                    ROW.formatted(
                            PaymentOutput.seconds(each.createdAt()),
                            each.state().word(),
                            amount(each),
                            each.orderRef(),
                            each.id()));
        }
        return text.toString();
    }

    private static String amount(Invoice invoice) {
        return Money.decimal(invoice.amount(), invoice.currency()) + " " + invoice.currency();
    }

    static String json(Subscription subscription) {
        return Json.object(members(subscription)) + "\n";
    }

    private static Map<String, Object> members(Subscription subscription) {
        Optional<Period> period = subscription.state().current();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", subscription.id());
        members.put("order_ref", subscription.orderRef());
        members.put("state", subscription.state().word());
        members.put("amount", subscription.plan().price().minorUnits());
        members.put("currency", subscription.plan().price().currency().code());
        members.put("quantity", subscription.plan().quantity());
        members.put("every", subscription.plan().every().word());
        members.put("paid_until", period.map(Period::paidUntil));
        members.put("ends_then", period.map(Period::endsThen));
        members.put("livemode", subscription.livemode());
        members.put("stripe_subscription", subscription.links().subscription());
        members.put("stripe_customer", subscription.links().customer());
        members.put("created_at", subscription.createdAt());
        members.put("synced_at", subscription.lastSyncAt());
        return members;
    }

    static String json(SubscriptionDetail detail) {
        Map<String, Object> members = members(detail.subscription());
        members.put("invoices", detail.invoices().stream().map(BillingOutput::members).toList());
        return Json.object(members) + "\n";
    }

    static String json(Invoice invoice) {
        return Json.object(members(invoice)) + "\n";
    }

    private static Map<String, Object> members(Invoice invoice) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", invoice.id());
        members.put("order_ref", invoice.orderRef());
        members.put("state", invoice.state().word());
        members.put("amount", invoice.amount());
        members.put("currency", invoice.currency().code());
        members.put("subscription_id", invoice.subscriptionId());
        members.put("due_at", invoice.dueAt());
        members.put("reminders", invoice.reminders());
        members.put("remind_at", invoice.remindAt());
        members.put("livemode", invoice.livemode());
        members.put("stripe_invoice", invoice.stripeId());
        members.put("stripe_customer", invoice.stripeCustomer());
        members.put("created_at", invoice.createdAt());
        members.put("synced_at", invoice.lastSyncAt());
        return members;
    }

    static String json(InvoiceDetail detail) {
        Map<String, Object> members = members(detail.invoice());
        members.put("payments", detail.payments().stream().map(Payment::id).toList());
        return Json.object(members) + "\n";
    }

    static String text(SubscriptionDetail detail) {
        Subscription subscription = detail.subscription();
        StringBuilder text = new StringBuilder();
        PaymentOutput.line(text, "Subscription", subscription.id());
        PaymentOutput.line(text, "Order", subscription.orderRef());
        PaymentOutput.line(text, "State", subscription.state().word());
        PaymentOutput.line(text, "Amount", price(subscription));
        PaymentOutput.line(text, "Quantity", String.valueOf(subscription.plan().quantity()));
        subscription
                .state()
                .current()
                .ifPresent(period ->
                        PaymentOutput.line(
                                text,
                                period.endsThen() ? "Ends" : "Paid until",
                                PaymentOutput.seconds(period.paidUntil())));
        subscription
                .links()
                .subscription()
                .ifPresent(id -> PaymentOutput.line(text, "At Stripe", id));
        text.append("\nInvoices:\n");
        detail.invoices()
                .forEach(each ->
                        text.append(
                                "  %-20s  %-14s %18s  %s\n"
                                        .formatted(
                                                PaymentOutput.seconds(each.createdAt()),
                                                each.state().word(),
                                                amount(each),
                                                each.id())));
        return calls(text, detail.calls());
    }

    static String text(InvoiceDetail detail) {
        Invoice invoice = detail.invoice();
        StringBuilder text = new StringBuilder();
        PaymentOutput.line(text, "Invoice", invoice.id());
        PaymentOutput.line(text, "Order", invoice.orderRef());
        PaymentOutput.line(text, "State", invoice.state().word());
        PaymentOutput.line(text, "Amount", amount(invoice));
        invoice.dueAt()
                .ifPresent(due -> PaymentOutput.line(text, "Due", PaymentOutput.seconds(due)));
        PaymentOutput.line(text, "Reminders", String.valueOf(invoice.reminders()));
        invoice.subscriptionId().ifPresent(id -> PaymentOutput.line(text, "Subscription", id));
        invoice.url().ifPresent(url -> PaymentOutput.line(text, "Page", url));
        invoice.stripeId().ifPresent(id -> PaymentOutput.line(text, "At Stripe", id));
        text.append("\nPayments:\n");
        detail.payments()
                .forEach(each ->
                        text.append(
                                "  %-20s  %-18s %14s  %s\n"
                                        .formatted(
                                                PaymentOutput.seconds(each.createdAt()),
                                                each.status(),
                                                each.amount(),
                                                each.id())));
        return calls(text, detail.calls());
    }

    private static String calls(StringBuilder text, List<PaymentCall> calls) {
        text.append("\nCalls to Stripe:\n");
        calls.forEach(call -> text.append(PaymentOutput.call(call)));
        return text.toString();
    }
}
