package dev.hearth.payment;

import dev.hearth.payment.ApiCall.Purpose;
import dev.hearth.payment.ApiCall.State;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// The calls that make an invoice, one after the other: the customer where there is none yet, the invoice,
/// its lines, and that it is complete.
final class InvoiceCalls {
    private final TimeOrderedIds ids;
    private final InstantSource clock;

    InvoiceCalls(TimeOrderedIds ids, InstantSource clock) {
        this.ids = ids;
        this.clock = clock;
    }

    /// The first call for an invoice that was just written.
    ApiCall first(Invoice invoice) {
        return invoice.stripeCustomer().isPresent()
                ? create(invoice)
                : make(
                        Purpose.CREATE_CUSTOMER,
                        invoice,
                        "/v1/customers",
                        form(invoice, "customer"));
    }

    /// The call that follows when one is done, if one does.
    Optional<ApiCall> after(Purpose done, Invoice invoice) {
        return switch (done) {
            case CREATE_CUSTOMER -> Optional.of(create(invoice));
            case CREATE_INVOICE ->
                    Optional.of(
                            make(
                                    Purpose.ADD_LINES,
                                    invoice,
                                    path(invoice) + "/add_lines",
                                    form(invoice, "lines")));
            case ADD_LINES -> {
                SequencedMap<String, String> form = new LinkedHashMap<>();
                form.put("auto_advance", "false");
                yield Optional.of(
                        make(Purpose.FINALIZE_INVOICE, invoice, path(invoice) + "/finalize", form));
            }
            default -> Optional.empty();
        };
    }

    private ApiCall create(Invoice invoice) {
        SequencedMap<String, String> form = form(invoice, "invoice");
        form.put("customer", invoice.stripeCustomer().orElseThrow());
        return make(Purpose.CREATE_INVOICE, invoice, "/v1/invoices", form);
    }

    /// Has Stripe send the invoice to the customer, once more.
    ApiCall remind(Invoice invoice) {
        return make(Purpose.REMIND, invoice, path(invoice) + "/send", new LinkedHashMap<>());
    }

    /// Takes the invoice back.
    ApiCall takeBack(Invoice invoice) {
        return make(Purpose.VOID_INVOICE, invoice, path(invoice) + "/void", new LinkedHashMap<>());
    }

    private static String path(Invoice invoice) {
        return "/v1/invoices/" + invoice.stripeId().orElseThrow();
    }

    /// The parameters that were planned when the invoice was asked for.
    private static SequencedMap<String, String> form(Invoice invoice, String part) {
        SequencedMap<String, String> form = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : Json.read(invoice.plan()).path(part).properties()) {
            form.put(each.getKey(), each.getValue().stringValue());
        }
        return form;
    }

    private ApiCall make(
            Purpose purpose, Invoice invoice, String path, SequencedMap<String, String> form) {
        Instant now = clock.instant();
        String id = ids.next(now.toEpochMilli());
        return new ApiCall(
                id,
                purpose,
                invoice.id(),
                Optional.empty(),
                path,
                form,
                "hearth-" + id,
                invoice.version(),
                State.SENT,
                1,
                now,
                Optional.of(now.plus(Calls.LEASE)),
                Optional.empty());
    }

    void write(Transaction tx, ApiCall call) throws SQLException {
        ApiCallTable.insert(tx, call, clock.instant());
    }
}
