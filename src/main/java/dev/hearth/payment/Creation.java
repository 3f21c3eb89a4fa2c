package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.payment.ApiCall.Purpose;
import dev.hearth.payment.CallerKeys.CallerKey;
import dev.hearth.payment.Payment.Kind;
import dev.hearth.storage.TimeOrderedIds;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Begins payments: prices the order, writes the payment and the call that makes it at Stripe, and sends it.
final class Creation {
    private final PaymentSettings settings;
    private final OrderPrices prices;
    private final KeyedRequests keyed;
    private final Calls calls;
    private final TimeOrderedIds ids;
    private final InstantSource clock;

    Creation(
            PaymentSettings settings,
            OrderPrices prices,
            KeyedRequests keyed,
            Calls calls,
            TimeOrderedIds ids,
            InstantSource clock) {
        this.settings = settings;
        this.prices = prices;
        this.keyed = keyed;
        this.calls = calls;
        this.ids = ids;
        this.clock = clock;
    }

    /// Begins a payment, or gives the answer of the same request before.
    ///
    /// @param ownUrl this server as the buyer reaches it
    Answer create(CallerKey key, Kind kind, Fields body, String ownUrl) throws Exception {
        KeyedRequests.Begin begin;
        try {
            CreateRequest request = CreateRequest.read(body, settings.taken());
            begin = begin(key.principal(), kind, request, ownUrl);
        } catch (RefusedException refused) { // which it may not have been the first time
            return keyed.before(key).orElseThrow(() -> refused);
        }
        return keyed.run(key, begin);
    }

    /// Begins a payment for who has no key, because an order can be paid but once.
    Answer create(String principal, Kind kind, CreateRequest request, String ownUrl)
            throws Exception {
        return keyed.run(begin(principal, kind, request, ownUrl));
    }

    /// What a sale costs.
    Money total(String principal, CreateRequest request) throws Exception {
        return total(lines(principal, request.orderRef().orElse(""), request), settings);
    }

    private List<OrderPrices.Line> lines(String principal, String orderRef, CreateRequest request)
            throws Exception {
        return prices.price(new Order(principal, orderRef, request.items(), request.asked()));
    }

    private KeyedRequests.Begin begin(
            String principal, Kind kind, CreateRequest request, String ownUrl) throws Exception {
        Instant now = clock.instant();
        String id = ids.next(now.toEpochMilli());
        String orderRef = request.orderRef().orElse(id);
        List<OrderPrices.Line> lines = lines(principal, orderRef, request);
        Payment payment =
                new Payment(
                        id,
                        principal,
                        orderRef,
                        kind,
                        total(lines, settings),
                        request.manualCapture(),
                        new PaymentState.Created(),
                        0,
                        0,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        settings.livemode(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        now,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        ApiCall call =
                switch (kind) {
                    case CHECKOUT ->
                            calls.make(
                                    Purpose.CREATE_SESSION,
                                    payment,
                                    Optional.empty(),
                                    "/v1/checkout/sessions",
                                    session(payment, request, lines, ownUrl));
                    case INTENT ->
                            calls.make(
                                    Purpose.CREATE_INTENT,
                                    payment,
                                    Optional.empty(),
                                    "/v1/payment_intents",
                                    intent(payment, request));
                };
        return tx -> {
            if (!PaymentTable.insert(tx, payment)) {
                throw PaymentTable.ofOrder(tx, payment.principal(), payment.orderRef())
                        .map(Creation::orderHasPayment)
                        .orElseThrow(KeyedRequests.TakenException::new);
            }
            PaymentStep.noteFirst(tx, payment, now);
            return call.beginning(payment);
        };
    }

    static RefusedException orderHasPayment(Payment present) {
        return Problem.of(409, "order-has-payment", "This order has a payment already.")
                .with("payment_id", present.id())
                .with("status", present.status())
                .refuse();
    }

    /// What a bill comes to.
    static Money total(List<OrderPrices.Line> lines, PaymentSettings settings) {
        try {
            Money total = lines.getFirst().unitPrice().times(lines.getFirst().quantity());
            for (OrderPrices.Line line : lines.subList(1, lines.size())) {
                total = total.plus(line.unitPrice().times(line.quantity()));
            }
            if (settings.taken().contains(total.currency())) {
                return total;
            }
        } catch (IllegalArgumentException | ArithmeticException impossible) {
            throw Answer.invalid("items", "their sum cannot be charged").refuse();
        }
        throw Answer.invalid("currency", "it is not taken here").refuse();
    }

    private static SequencedMap<String, String> intent(Payment payment, CreateRequest request) {
        SequencedMap<String, String> form = new LinkedHashMap<>();
        form.put("amount", Long.toString(payment.amount().minorUnits()));
        form.put("currency", payment.amount().currency().code());
        form.put("automatic_payment_methods[enabled]", "true");
        request.customer().ifPresent(customer -> form.put("customer", customer));
        putShared(form, "", payment, request);
        putMetadata(form, "metadata", payment, request);
        return form;
    }

    private SequencedMap<String, String> session(
            Payment payment, CreateRequest request, List<OrderPrices.Line> lines, String ownUrl) {
        SequencedMap<String, String> form = new LinkedHashMap<>();
        form.put("mode", "payment");
        for (int i = 0; i < lines.size(); i++) {
            OrderPrices.Line line = lines.get(i);
            String at = "line_items[" + i + "]";
            form.put(at + "[price_data][currency]", line.unitPrice().currency().code());
            form.put(at + "[price_data][product_data][name]", line.name());
            form.put(
                    at + "[price_data][unit_amount]", Long.toString(line.unitPrice().minorUnits()));
            form.put(at + "[quantity]", Integer.toString(line.quantity()));
        }
        form.put("success_url", ownUrl + "/checkout/return?session_id={CHECKOUT_SESSION_ID}");
        form.put("cancel_url", ReturnPage.of(settings, ownUrl, payment.id()));
        form.put("client_reference_id", payment.id());
        if (request.customer().isPresent()) {
            form.put("customer", request.customer().get());
        } else {
            request.email().ifPresent(email -> form.put("customer_email", email));
        }
        putMetadata(form, "metadata", payment, request);
        putShared(form, "payment_intent_data", payment, request);
        putMetadata(form, "payment_intent_data[metadata]", payment, request);
        return form;
    }

    /// What an intent of its own and the intent of a session have in common.
    private static void putShared(
            SequencedMap<String, String> form,
            String within,
            Payment payment,
            CreateRequest request) {
        if (payment.manualCapture()) {
            form.put(name(within, "capture_method"), "manual");
        }
        request.description().ifPresent(text -> form.put(name(within, "description"), text));
        request.email().ifPresent(email -> form.put(name(within, "receipt_email"), email));
        request.statement()
                .ifPresent(text -> form.put(name(within, "statement_descriptor_suffix"), text));
    }

    private static String name(String within, String member) {
        return within.isEmpty() ? member : within + "[" + member + "]";
    }

    private static void putMetadata(
            SequencedMap<String, String> form,
            String within,
            Payment payment,
            CreateRequest request) {
        form.put(within + "[payment_id]", payment.id());
        form.put(within + "[order_ref]", payment.orderRef());
        request.metadata().forEach((name, value) -> form.put(within + "[" + name + "]", value));
    }
}
