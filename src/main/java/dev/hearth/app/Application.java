package dev.hearth.app;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.jobs.Job;
import dev.hearth.jobs.Jobs;
import dev.hearth.jobs.Later;
import dev.hearth.jobs.LaterJob;
import dev.hearth.jobs.Timetable;
import dev.hearth.payment.Cashier;
import dev.hearth.payment.InvoiceListener;
import dev.hearth.payment.OrderPrices;
import dev.hearth.payment.PaymentListener;
import dev.hearth.payment.Payments;
import dev.hearth.payment.SubscriptionListener;
import dev.hearth.storage.Database;
import dev.hearth.storage.Transaction;
import dev.hearth.web.Router;
import dev.hearth.web.openapi.OpenApi;
import dev.hearth.webhook.EventHandler;
import dev.hearth.webhook.EventHandlers;
import dev.hearth.webhook.Outbox;
import dev.hearth.webhook.Source;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an application adds to Hearth: routes, layers around them, and handlers of stored webhook events.
///
/// Filled by one thread, before anything is served.
public final class Application {
    private static final Logger log = LoggerFactory.getLogger(Application.class);

    private final Database database;
    private final Jobs jobs;
    private final Outbox outbox;
    private final Router router = new Router();
    private final EventHandlers events = new EventHandlers();
    private Optional<Handler> authorizer = Optional.empty();
    private Optional<OrderPrices> prices = Optional.empty();
    private final List<PaymentListener> paymentListeners = new ArrayList<>();
    private final List<SubscriptionListener> subscriptionListeners = new ArrayList<>();
    private final List<InvoiceListener> invoiceListeners = new ArrayList<>();
    private volatile @Nullable Cashier cashier; // written once, before anything is served
    private final Set<String> handled = new HashSet<>();

    Application(Database database, Outbox outbox) {
        this.database = database;
        this.jobs = new Jobs(database);
        this.outbox = outbox;
    }

    /// Where Hearth keeps its data, with room for the application's own tables: open, and shared with
    /// everything else here. Its connections are lent for one transaction each.
    public Database database() {
        return database;
    }

    /// Answers GET and HEAD. Patterns are those of [Router]: `/orders/{id}`, `/files/{path...}`.
    public Application get(String pattern, Handler handler) {
        return route("GET", pattern, handler);
    }

    /// Answers POST.
    public Application post(String pattern, Handler handler) {
        return route("POST", pattern, handler);
    }

    /// Answers PUT.
    public Application put(String pattern, Handler handler) {
        return route("PUT", pattern, handler);
    }

    /// Answers PATCH.
    public Application patch(String pattern, Handler handler) {
        return route("PATCH", pattern, handler);
    }

    /// Answers DELETE.
    public Application delete(String pattern, Handler handler) {
        return route("DELETE", pattern, handler);
    }

    /// Answers any method; case counts.
    public Application route(String method, String pattern, Handler handler) {
        router.on(method, pattern, handler);
        return this;
    }

    /// Says whether requests are allowed, for web servers that ask with the FastCGI role Authorizer: 200 lets a
    /// request pass, and headers `Variable-NAME` become its variables; anything else is the client's answer.
    /// Of two, the later one counts.
    public Application authorize(Handler handler) {
        authorizer = Optional.of(handler);
        return this;
    }

    /// Takes in the routes of a router under a prefix.
    public Application mount(String prefix, Router routes) {
        router.mount(prefix, routes);
        return this;
    }

    /// Describes the routes in `GET /openapi.json`, and for people at `GET /docs`.
    public Application describe(String title, String version) {
        OpenApi.of(title, version, router).addTo(router);
        return this;
    }

    /// Puts a layer around every route of this application, inside the layers added before. Webhooks and
    /// health checks stand outside of it.
    public Application with(Middleware layer) {
        router.with(layer);
        return this;
    }

    /// Handles stored events of a source, such as `stripe`, and a type, such as `payment_intent.succeeded`,
    /// or `*` for every type without a handler of its own. What the handler writes through the transaction
    /// is committed together with the mark that the event is done.
    public Application on(String source, String type, EventHandler handler) {
        events.on(source, type, handler);
        handled.add(source);
        return this;
    }

    /// As [#on], for a handler that brings an object up to date and so needs only the newest of several
    /// events that wait for it.
    public Application onLatest(String source, String type, EventHandler handler) {
        events.onLatest(source, type, handler);
        handled.add(source);
        return this;
    }

    /// Runs a job again and again: whenever so much time has passed, and once at the start.
    public Application every(String name, Duration pause, Job job) {
        return every(name, Timetable.interval(pause), job);
    }

    /// Runs a job by a timetable: `Timetable.daily("03:00")`, `Timetable.cron("0 3 * * 1")`. Of several
    /// processes with one database, one runs it.
    public Application every(String name, Timetable timetable, Job job) {
        jobs.every(name, timetable, job);
        return this;
    }

    /// Says how work is done that is put off. It is kept in the database with the transaction of whoever puts
    /// it off, and survives a crash.
    ///
    /// {@snippet lang=java :
    /// record Reminder(String order) {}
    /// Later<Reminder> remind = app.later("remind", Reminder.class, (reminder, run) -> mail(reminder.order()));
    /// app.post("/orders", request -> app.database().write(tx -> {
    ///     tx.update("INSERT INTO orders …");
    ///     remind.after(Duration.ofDays(3), new Reminder(id), tx);
    ///     return Response.text("thank you");
    /// }));
    /// }
    public <T> Later<T> later(String name, Class<T> type, LaterJob<T> job) {
        return jobs.later(name, type, job);
    }

    /// Sends a webhook to an endpoint of the configuration (`outgoing.NAME.url`, `outgoing.NAME.secret`), if and
    /// only if the transaction commits, and gives its id. It is signed as Standard Webhooks has it and tried
    /// until it is delivered, for two days. May be called at any time, from handlers above all.
    ///
    /// @param type such as `order.shipped`
    /// @param data JSON; the receiver finds it as the member `data`
    /// @throws IllegalArgumentException if no such endpoint is configured, or the data is no JSON
    public String notify(Transaction transaction, String endpoint, String type, String data)
            throws SQLException {
        return outbox.notify(transaction, endpoint, type, data);
    }

    /// Says what orders cost, for payments. Counts before the catalogue of the configuration; without either
    /// the shop's servers name the amounts themselves.
    public Application prices(OrderPrices orderPrices) {
        prices = Optional.of(orderPrices);
        return this;
    }

    /// Is told of every change of a payment, in the transaction that writes it: what the listener writes
    /// there happens exactly once.
    public Application onPayment(PaymentListener listener) {
        paymentListeners.add(listener);
        return this;
    }

    /// Is told of every change of a subscription, as [#onPayment] is of payments.
    ///
    /// {@snippet lang=java :
    /// app.onSubscription((before, after, tx) -> tx.update(
    ///         "UPDATE member SET active = ? WHERE id = ?", after.state().isRunning(), after.orderRef()));
    /// }
    public Application onSubscription(SubscriptionListener listener) {
        subscriptionListeners.add(listener);
        return this;
    }

    /// Is told of every change of an invoice, as [#onPayment] is of payments.
    public Application onInvoice(InvoiceListener listener) {
        invoiceListeners.add(listener);
        return this;
    }

    /// Payments, for handlers and jobs.
    ///
    /// @throws IllegalStateException if there are none: `stripe.api_key` is not set, or the program is still
    ///     being set up
    public Cashier payments() {
        Cashier open = cashier;
        if (open == null) {
            throw new IllegalStateException(
                    "there are no payments: set stripe.api_key, and ask for them in a handler, not"
                            + " while setting up");
        }
        return open;
    }

    void open(Cashier payments) {
        cashier = payments;
    }

    /// Stored events that nobody handles are logged, so that a Hearth without an application does something
    /// that can be seen.
    void handleTheRest(List<Source> sources) {
        for (Source source : sources) {
            if (!handled.contains(source.name())) {
                events.on(
                        source.name(),
                        "*",
                        (event, _) -> log.info("{} has no handler: kept, and done", event));
            }
        }
    }

    /// Says which handlers can get nothing, since their source is not configured: a name that is misspelt, or
    /// `stripe` where only others are named.
    void warnOfUnknown(List<Source> sources) {
        Set<String> unknown = new TreeSet<>(handled);
        sources.forEach(source -> unknown.remove(source.name()));
        unknown.forEach(name ->
                log.warn(
                        "events of \"{}\" have a handler, but there is no such source: set webhook.{}.secret",
                        name,
                        name));
    }

    Jobs jobs() {
        return jobs;
    }

    Optional<Handler> authorizer() {
        return authorizer;
    }

    Optional<OrderPrices> prices() {
        return prices;
    }

    /// Has payments tell everyone who listens.
    void listenTo(Payments payments) {
        paymentListeners.forEach(payments::onChange);
        subscriptionListeners.forEach(payments::onSubscription);
        invoiceListeners.forEach(payments::onInvoice);
    }

    Router router() {
        return router;
    }

    EventHandlers events() {
        return events;
    }
}
