package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.payment.ApiCall.Purpose;
import dev.hearth.payment.CallerKeys.CallerKey;
import dev.hearth.storage.Database;
import dev.hearth.storage.TimeOrderedIds;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes invoices to customers, reminds them, and takes invoices back.
final class Invoices {
    private static final Logger log = LoggerFactory.getLogger(Invoices.class);

    /// When customers are reminded, counted from the day on which the invoice was to be paid.
    private static final List<Duration> REMINDERS =
            List.of(Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(14));

    private static final int LONGEST_FIELD = 140;

    private final PaymentSettings settings;
    private final OrderPrices prices;
    private final Database database;
    private final KeyedRequests keyed;
    private final Calls calls;
    private final InvoiceCalls steps;
    private final BillingWriter writer;
    private final TimeOrderedIds ids;
    private final InstantSource clock;

    Invoices(
            PaymentSettings settings,
            OrderPrices prices,
            Database database,
            KeyedRequests keyed,
            Calls calls,
            InvoiceCalls steps,
            BillingWriter writer,
            TimeOrderedIds ids,
            InstantSource clock) {
        this.settings = settings;
        this.prices = prices;
        this.database = database;
        this.keyed = keyed;
        this.calls = calls;
        this.steps = steps;
        this.writer = writer;
        this.ids = ids;
        this.clock = clock;
    }

    /// Writes an invoice, or gives the answer of the same request before.
    Answer create(CallerKey key, Fields body) throws Exception {
        Optional<Answer> before = keyed.before(key);
        if (before.isPresent()) {
            return before.get();
        }
        Instant now = clock.instant();
        BillingRequest request = BillingRequest.invoice(body, settings.taken(), now);
        String id = ids.next(now.toEpochMilli());
        String orderRef = request.sale().orderRef().orElse(id);
        List<OrderPrices.Line> lines =
                prices.price(
                        new Order(
                                key.principal(),
                                orderRef,
                                request.sale().items(),
                                request.sale().asked()));
        Money total = Creation.total(lines, settings);
        Instant due = request.dueAt().orElseThrow();
        Invoice invoice =
                new Invoice(
                        id,
                        key.principal(),
                        orderRef,
                        Optional.empty(),
                        total.minorUnits(),
                        total.currency(),
                        new InvoiceState.Created(),
                        plan(id, orderRef, request, lines, total),
                        Optional.of(due),
                        Optional.empty(),
                        request.sale().customer(),
                        settings.livemode(),
                        0,
                        Optional.of(due.plus(REMINDERS.getFirst())),
                        0,
                        now,
                        Optional.empty());
        return keyed.run(
                key,
                tx -> {
                    if (!InvoiceTable.insert(tx, invoice)) {
                        throw InvoiceTable.ofOrder(tx, key.principal(), orderRef)
                                .map(Invoices::orderHasInvoice)
                                .orElseThrow(KeyedRequests.TakenException::new);
                    }
                    return steps.first(invoice);
                });
    }

    private static RefusedException orderHasInvoice(Invoice present) {
        return Problem.of(409, "order-has-invoice", "This order has an invoice already.")
                .with("invoice_id", present.id())
                .with("status", present.state().word())
                .refuse();
    }

    /// The parameters of the calls to come, as they will be sent however often.
    private static String plan(
            String id,
            String orderRef,
            BillingRequest request,
            List<OrderPrices.Line> lines,
            Money total) {
        Map<String, String> ours = new LinkedHashMap<>();
        ours.put("metadata[invoice_id]", id);
        ours.put("metadata[order_ref]", orderRef);
        Map<String, String> customer = new LinkedHashMap<>(ours);
        request.sale().email().ifPresent(email -> customer.put("email", email));
        request.name().ifPresent(name -> customer.put("name", name));
        Map<String, String> invoice = new LinkedHashMap<>();
        invoice.put("collection_method", "send_invoice");
        invoice.put("currency", total.currency().code());
        invoice.put("due_date", Long.toString(request.dueAt().orElseThrow().getEpochSecond()));
        invoice.put("auto_advance", "false");
        invoice.put("pending_invoice_items_behavior", "exclude");
        invoice.put("custom_fields[0][name]", "Order");
        invoice.put("custom_fields[0][value]", shortened(orderRef));
        request.sale().description().ifPresent(text -> invoice.put("description", text));
        invoice.putAll(ours);
        request.sale()
                .metadata()
                .forEach((name, value) -> invoice.put("metadata[" + name + "]", value));
        Map<String, String> bill = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            OrderPrices.Line line = lines.get(i);
            long amount = line.unitPrice().times(line.quantity()).minorUnits();
            bill.put("lines[" + i + "][description]", described(line));
            bill.put("lines[" + i + "][amount]", Long.toString(amount));
        }
        return Json.write(Map.of("customer", customer, "invoice", invoice, "lines", bill));
    }

    private static String described(OrderPrices.Line line) {
        return line.quantity() == 1 ? line.name() : line.quantity() + " × " + line.name();
    }

    private static String shortened(String text) {
        return text.length() > LONGEST_FIELD ? text.substring(0, LONGEST_FIELD) : text;
    }

    /// Takes an invoice back that is not paid.
    Answer cancel(String principal, String id, Optional<CallerKey> key) throws Exception {
        require(principal, id);
        return keyed.join(
                key,
                id,
                Purpose.VOID_INVOICE,
                _ -> {},
                tx -> {
                    Invoice locked = InvoiceTable.lock(tx, id).orElseThrow(Invoices::noSuchInvoice);
                    boolean open =
                            locked.state() instanceof InvoiceState.Open
                                    || locked.state() instanceof InvoiceState.Uncollectible;
                    if (!open) {
                        throw BillingAnswer.wrongState(
                                        "An invoice", locked.state().word(), "taken back")
                                .with("invoice_id", id)
                                .refuse();
                    }
                    return steps.takeBack(locked);
                });
    }

    Answer show(String principal, String id) throws SQLException {
        Invoice invoice = require(principal, id);
        return BillingAnswer.of(200, invoice, database.read(tx -> PaymentTable.ofInvoice(tx, id)));
    }

    /// Has customers reminded who have not paid in time, and tells how many.
    int remind(int limit) throws Exception {
        List<Invoice> due = database.read(tx -> InvoiceTable.toRemind(tx, clock.instant(), limit));
        int sent = 0;
        for (Invoice invoice : due) {
            Optional<ApiCall> call = beginReminder(invoice.id());
            if (call.isPresent()) {
                calls.send(call.get());
                sent++;
            }
        }
        return sent;
    }

    /// The call, written together with the count, so that no reminder goes out twice.
    private Optional<ApiCall> beginReminder(String id) throws Exception {
        return database.<Optional<ApiCall>, Exception>write(tx -> {
            Instant now = clock.instant();
            Invoice locked = InvoiceTable.lock(tx, id).orElseThrow();
            boolean due =
                    locked.state() instanceof InvoiceState.Open
                            && locked.remindAt().filter(at -> !at.isAfter(now)).isPresent();
            if (!due) {
                return Optional.empty(); // another process did, or it was paid
            }
            int count = locked.reminders() + 1;
            writer.write(tx, locked, locked.reminded(count, next(locked, count)));
            ApiCall call = steps.remind(InvoiceTable.lock(tx, id).orElseThrow());
            steps.write(tx, call);
            log.info("{} is overdue: reminder {}", locked, count);
            return Optional.of(call);
        });
    }

    /// Has the customer of an open invoice reminded now, whatever was planned; what was planned stays.
    Answer remind(String principal, String id) throws Exception {
        require(principal, id);
        return keyed.run(tx -> {
            Invoice locked = InvoiceTable.lock(tx, id).orElseThrow(Invoices::noSuchInvoice);
            boolean open = locked.state() instanceof InvoiceState.Open;
            if (!open || ApiCallTable.open(tx, id, Purpose.REMIND).isPresent()) {
                throw BillingAnswer.wrongState("An invoice", locked.state().word(), "reminded of")
                        .with("invoice_id", id)
                        .refuse();
            }
            writer.write(tx, locked, locked.reminded(locked.reminders() + 1, locked.remindAt()));
            return steps.remind(InvoiceTable.lock(tx, id).orElseThrow());
        });
    }

    private static Optional<Instant> next(Invoice invoice, int count) {
        return count < REMINDERS.size()
                ? invoice.dueAt().map(due -> due.plus(REMINDERS.get(count)))
                : Optional.empty();
    }

    private Invoice require(String principal, String id) throws SQLException {
        return database.read(tx -> InvoiceTable.find(tx, id))
                .filter(each -> each.principal().equals(principal))
                .orElseThrow(Invoices::noSuchInvoice);
    }

    private static RefusedException noSuchInvoice() {
        return Problem.of(404, "no-such-invoice", "There is no such invoice.").refuse();
    }
}
