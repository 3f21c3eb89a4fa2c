package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.payment.ApiCall.Purpose;
import dev.hearth.payment.CallerKeys.CallerKey;
import dev.hearth.storage.Database;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;

/// Begins, changes and ends subscriptions.
final class Subscriptions {
    private final PaymentSettings settings;
    private final OrderPrices prices;
    private final Database database;
    private final KeyedRequests keyed;
    private final Calls calls;
    private final TimeOrderedIds ids;
    private final InstantSource clock;

    Subscriptions(
            PaymentSettings settings,
            OrderPrices prices,
            Database database,
            KeyedRequests keyed,
            Calls calls,
            TimeOrderedIds ids,
            InstantSource clock) {
        this.settings = settings;
        this.prices = prices;
        this.database = database;
        this.keyed = keyed;
        this.calls = calls;
        this.ids = ids;
        this.clock = clock;
    }

    /// Begins a subscription on Stripe's page, or gives the answer of the same request before.
    ///
    /// @param ownUrl this server as the buyer reaches it
    Answer create(CallerKey key, Fields body, String ownUrl) throws Exception {
        Optional<Answer> before = keyed.before(key);
        if (before.isPresent()) {
            return before.get();
        }
        BillingRequest request = BillingRequest.subscription(body, settings.taken());
        Instant now = clock.instant();
        String id = ids.next(now.toEpochMilli());
        String orderRef = request.sale().orderRef().orElse(id);
        Subscription subscription =
                new Subscription(
                        id,
                        key.principal(),
                        orderRef,
                        plan(key.principal(), orderRef, request.sale(), request.every()),
                        new SubscriptionState.Created(),
                        Subscription.Links.NONE,
                        settings.livemode(),
                        Optional.empty(),
                        0,
                        now,
                        Optional.empty());
        ApiCall call =
                calls.make(
                        Purpose.CREATE_SUBSCRIPTION,
                        id,
                        0,
                        Optional.empty(),
                        "/v1/checkout/sessions",
                        session(subscription, request.sale(), ownUrl));
        return keyed.run(
                key,
                tx -> {
                    if (!SubscriptionTable.insert(tx, subscription)) {
                        throw Problem.of(
                                        409,
                                        "order-has-subscription",
                                        "This order has a subscription already.")
                                .refuse();
                    }
                    return call;
                });
    }

    private Plan plan(String principal, String orderRef, CreateRequest request, Plan.Every every)
            throws Exception {
        List<OrderPrices.Line> lines =
                prices.price(new Order(principal, orderRef, request.items(), request.asked()));
        if (lines.size() != 1) {
            throw Answer.invalid("items", "a subscription is for one article").refuse();
        }
        OrderPrices.Line line = lines.getFirst();
        if (!settings.taken().contains(line.unitPrice().currency())) {
            throw Answer.invalid("currency", "it is not taken here").refuse();
        }
        try {
            return new Plan(line.name(), line.unitPrice(), line.quantity(), every);
        } catch (IllegalArgumentException | ArithmeticException impossible) {
            throw Answer.invalid("items", "their sum cannot be charged").refuse();
        }
    }

    private SequencedMap<String, String> session(
            Subscription subscription, CreateRequest request, String ownUrl) {
        Plan plan = subscription.plan();
        SequencedMap<String, String> form = new LinkedHashMap<>();
        form.put("mode", "subscription");
        putPrice(form, "line_items[0]", plan);
        form.put("line_items[0][price_data][product_data][name]", plan.name());
        form.put("success_url", ReturnPage.ofSubscription(settings, ownUrl, subscription.id()));
        form.put("cancel_url", ReturnPage.ofSubscription(settings, ownUrl, subscription.id()));
        form.put("client_reference_id", subscription.id());
        if (request.customer().isPresent()) {
            form.put("customer", request.customer().get());
        } else {
            request.email().ifPresent(email -> form.put("customer_email", email));
        }
        for (String within : List.of("metadata", "subscription_data[metadata]")) {
            form.put(within + "[subscription_id]", subscription.id());
            form.put(within + "[order_ref]", subscription.orderRef());
            request.metadata().forEach((name, value) -> form.put(within + "[" + name + "]", value));
        }
        return form;
    }

    private static void putPrice(SequencedMap<String, String> form, String at, Plan plan) {
        form.put(at + "[price_data][currency]", plan.price().currency().code());
        form.put(at + "[price_data][unit_amount]", Long.toString(plan.price().minorUnits()));
        form.put(at + "[price_data][recurring][interval]", plan.every().word());
        form.put(at + "[quantity]", Integer.toString(plan.quantity()));
    }

    /// Changes what is paid for: an article, an amount, or how many. What is left of the present period is
    /// settled as Stripe does, unless the caller wants none of that.
    Answer change(String principal, String id, CallerKey key, Fields body) throws Exception {
        Optional<Answer> before = keyed.before(key);
        if (before.isPresent()) {
            return before.get();
        }
        CreateRequest request = CreateRequest.read(body, settings.taken());
        OptionalLong quantity = body.whole("quantity");
        String proration = body.text("proration", 30).orElse("create_prorations");
        if (!proration.matches("create_prorations|always_invoice|none")) {
            throw Answer.invalid("proration", "create_prorations, always_invoice or none is wanted")
                    .refuse();
        }
        Subscription known = require(principal, id);
        boolean other = request.asked().isPresent() || !request.items().isEmpty();
        Plan base =
                other
                        ? plan(principal, known.orderRef(), request, known.plan().every())
                        : known.plan();
        Plan plan = withQuantity(base, quantity);
        if (!plan.price().currency().equals(known.plan().price().currency())) {
            throw Answer.invalid("currency", "a subscription keeps its currency").refuse();
        }
        return keyed.run(
                key,
                tx -> {
                    Subscription locked = lockRunning(tx, principal, id, "changed");
                    requireNoOtherChange(tx, id);
                    SequencedMap<String, String> form = new LinkedHashMap<>();
                    form.put("items[0][id]", locked.links().item().orElseThrow());
                    putPrice(form, "items[0]", plan);
                    form.put(
                            "items[0][price_data][product]",
                            locked.links().product().orElseThrow());
                    form.put("proration_behavior", proration);
                    return call(Purpose.CHANGE_SUBSCRIPTION, locked, form);
                });
    }

    /// A change whose outcome is not known is sent again later, and would then undo the one that came after it.
    private static void requireNoOtherChange(Transaction tx, String id) throws SQLException {
        if (ApiCallTable.open(tx, id, Purpose.CHANGE_SUBSCRIPTION).isPresent()) {
            throw Problem.of(
                            409,
                            "request-in-progress",
                            "Another change is being made, and its outcome is not known yet. Ask"
                                    + " again.")
                    .with("subscription_id", id)
                    .refuse();
        }
    }

    private static Plan withQuantity(Plan plan, OptionalLong quantity) {
        if (quantity.isEmpty()) {
            return plan;
        }
        if (quantity.getAsLong() < 1 || quantity.getAsLong() > 1_000_000) {
            throw Answer.invalid("quantity", "a whole number of 1 to 1000000 is wanted").refuse();
        }
        try {
            return new Plan(plan.name(), plan.price(), (int) quantity.getAsLong(), plan.every());
        } catch (IllegalArgumentException tooMuch) {
            throw Answer.invalid("quantity", "their sum cannot be charged").refuse();
        }
    }

    /// Ends a subscription with its present period, or at once.
    Answer cancel(String principal, String id, Optional<CallerKey> key, Fields body)
            throws Exception {
        boolean now =
                switch (body.text("at", 20).orElse("period_end")) {
                    case "now" -> true;
                    case "period_end" -> false;
                    default -> throw Answer.invalid("at", "period_end or now is wanted").refuse();
                };
        Purpose purpose = now ? Purpose.CANCEL_SUBSCRIPTION : Purpose.END_SUBSCRIPTION;
        require(principal, id);
        return keyed.join(
                key,
                id,
                purpose,
                _ -> {},
                tx -> {
                    Subscription locked = lockRunning(tx, principal, id, "canceled");
                    SequencedMap<String, String> form = new LinkedHashMap<>();
                    if (!now) {
                        form.put("cancel_at_period_end", "true");
                    }
                    return call(purpose, locked, form);
                });
    }

    private ApiCall call(
            Purpose purpose, Subscription subscription, SequencedMap<String, String> form) {
        if (purpose.keyed()) { // by which it is known again when nobody knows the key any more
            form.put("metadata[change_id]", ids.next(clock.instant().toEpochMilli()));
        }
        return calls.make(
                purpose,
                subscription.id(),
                subscription.version(),
                Optional.empty(),
                "/v1/subscriptions/" + subscription.links().subscription().orElseThrow(),
                form);
    }

    /// A subscription with its invoices.
    Answer show(String principal, String id) throws SQLException {
        Subscription subscription = require(principal, id);
        return BillingAnswer.of(
                200, subscription, database.read(tx -> InvoiceTable.ofSubscription(tx, id)));
    }

    private Subscription require(String principal, String id) throws SQLException {
        return database.read(tx -> SubscriptionTable.find(tx, id))
                .filter(each -> each.principal().equals(principal))
                .orElseThrow(Subscriptions::noSuchSubscription);
    }

    private static Subscription lockRunning(
            Transaction tx, String principal, String id, String wanted) throws SQLException {
        Subscription locked =
                SubscriptionTable.lock(tx, id)
                        .filter(each -> each.principal().equals(principal))
                        .orElseThrow(Subscriptions::noSuchSubscription);
        if (!locked.state().isRunning() || locked.links().item().isEmpty()) {
            throw BillingAnswer.wrongState("A subscription", locked.state().word(), wanted)
                    .with("subscription_id", id)
                    .refuse();
        }
        return locked;
    }

    private static RefusedException noSuchSubscription() {
        return Problem.of(404, "no-such-subscription", "There is no such subscription.").refuse();
    }
}
