package dev.hearth.payment;

import dev.hearth.payment.ApiCall.Subject;
import dev.hearth.storage.Database;
import dev.hearth.storage.Dialect;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.web.Router;
import dev.hearth.webhook.EventHandlers;
import dev.hearth.webhook.Inbox;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/// Payments through Stripe: routes for the shop's servers, handlers for Stripe's events, and what a program
/// needs to ask and do.
///
/// {@snippet lang=java :
/// var payments = Payments.open(database, settings, OrderPrices.asAsked(), InstantSource.system());
/// payments.onChange((before, after, tx) -> shipWhenPaid(after, tx));
/// payments.listenTo(handlers);
/// router.mount("/", payments.routes());
/// try (var _ = payments.start(inbox)) { … }
/// }
///
/// Safe for many threads. Opening starts no thread and calls nobody.
public final class Payments {
    private final Database database;
    private final InstantSource clock;
    private final Guarded stripe;
    private final SnapshotWriter writer;
    private final Sync sync;
    private final Calls calls;
    private final Changes changes;
    private final Creation creation;
    private final PaymentSettings settings;
    private final PaymentRoutes routes;
    private final BillingRoutes billing;
    private final Subscriptions subscriptions;
    private final Invoices invoices;
    private final BillingWriter billingWriter = new BillingWriter();
    private final StripeEvents events;
    private final Reconcile reconcile;

    private Payments(
            Database database,
            PaymentSettings settings,
            StripeGateway gateway,
            OrderPrices prices,
            InstantSource clock) {
        this.database = database;
        this.settings = settings;
        this.clock = clock;
        TimeOrderedIds ids = new TimeOrderedIds(clock);
        Books books = new Books(ids);
        this.stripe = new Guarded(gateway, settings.callsAtOnce(), clock);
        Reader reader = new Reader(stripe);
        this.writer = new SnapshotWriter(books, ids);
        this.sync = new Sync(database, reader, writer, clock);
        InvoiceSync invoiceSync =
                new InvoiceSync(database, reader, sync, billingWriter, ids, clock);
        SubscriptionSync subscriptionSync =
                new SubscriptionSync(database, reader, invoiceSync, billingWriter, clock);
        InvoiceCalls invoiceCalls = new InvoiceCalls(ids, clock);
        Map<Subject, Outcomes> outcomes =
                Map.of(
                        Subject.PAYMENT,
                        new PaymentOutcomes(writer, sync, clock),
                        Subject.SUBSCRIPTION,
                        new SubscriptionOutcomes(subscriptionSync, billingWriter),
                        Subject.INVOICE,
                        new InvoiceOutcomes(invoiceSync, invoiceCalls, billingWriter));
        this.calls = new Calls(database, stripe, new Lookup(reader), outcomes, ids, clock);
        KeyedRequests keyed = new KeyedRequests(database, calls, clock);
        this.changes = new Changes(database, keyed, calls, ids, clock);
        this.creation = new Creation(settings, prices, keyed, calls, ids, clock);
        CallerRequests requests = new CallerRequests(new Callers(settings.callers()));
        this.subscriptions =
                new Subscriptions(settings, prices, database, keyed, calls, ids, clock);
        this.invoices =
                new Invoices(
                        settings,
                        prices,
                        database,
                        keyed,
                        calls,
                        invoiceCalls,
                        billingWriter,
                        ids,
                        clock);
        this.routes =
                new PaymentRoutes(settings, requests, database, creation, changes, sync, clock);
        this.billing = new BillingRoutes(settings, requests, subscriptions, invoices);
        this.events =
                new StripeEvents(
                        database, reader, sync, subscriptionSync, invoiceSync, books, clock);
        this.reconcile =
                new Reconcile(
                        database,
                        reader,
                        sync,
                        subscriptionSync,
                        invoiceSync,
                        new ObjectLists(database, reader, sync, invoiceSync, events),
                        new BalanceCheck(database, reader, books, clock),
                        clock);
    }

    /// Opens payments in a database, which stays the caller's.
    public static Payments open(
            Database database, PaymentSettings settings, OrderPrices prices, InstantSource clock) {
        StripeGateway gateway =
                new StripeHttp(
                        settings.stripeKey(),
                        settings.apiBase(),
                        settings.readTimeout(),
                        settings.callsAtOnce());
        return new Payments(database, settings, gateway, prices, clock);
    }

    /// Payments beside the server that serves them, for its command line: what [#desk] begins is written down,
    /// and the server does it, since only there listeners are told. Calls nobody.
    public static Payments beside(Database database, InstantSource clock) {
        PaymentSettings none = PaymentSettings.of("of the server", Map.of());
        StripeGateway left = _ -> new StripeReply.NotSent("left to the server");
        return new Payments(database, none, left, OrderPrices.asAsked(), clock);
    }

    /// The routes of payments, with their whole paths.
    public Router routes() {
        return billing.addTo(routes.router());
    }

    /// Has Stripe's events handled here, before other handlers of the same events see them. Called once those
    /// are registered, and before the inbox's worker starts.
    public void listenTo(EventHandlers handlers) {
        events.register(handlers);
    }

    /// Has the listener told of every change, in its transaction.
    public void onChange(PaymentListener listener) {
        writer.tell(listener);
    }

    /// Has the listener told of every change of a subscription, in its transaction.
    public void onSubscription(SubscriptionListener listener) {
        billingWriter.tellSubscriptions(listener);
    }

    /// Has the listener told of every change of an invoice, in its transaction.
    public void onInvoice(InvoiceListener listener) {
        billingWriter.tellInvoices(listener);
    }

    /// Starts to finish calls whose outcome is not known, and to compare with Stripe every quarter of an
    /// hour; what is found missing goes into the inbox.
    public Recovery start(Inbox inbox) throws SQLException {
        if (database.dialect() == Dialect.SQLITE) { // only this process serves it
            database.write(tx -> ApiCallTable.release(tx, clock.instant()));
        }
        return Recovery.start(database, calls, invoices, reconcile, inbox, clock);
    }

    /// Why payments are not possible now, if they are not.
    public Optional<String> complaint() {
        return stripe.isKeyRefused()
                ? Optional.of("Stripe refuses stripe.api_key")
                : Optional.empty();
    }

    /// How many calls to Stripe ended how, since the start: `done`, `declined`, `no_answer` and the like.
    public Map<String, Long> callCounts() {
        return stripe.counts().counted();
    }

    /// Whether a call to Stripe has no outcome yet, and will be tried again.
    public boolean hasOpenCalls() throws SQLException {
        return database.read(ApiCallTable::hasOpen);
    }

    /// Has this watch every call to Stripe from now on.
    public void watchCalls(CallWatch watch) {
        stripe.watch(watch);
    }

    /// What a program asks for and does, in the name of one of its callers.
    public Cashier cashier(String principal) {
        return new Cashier(principal, settings, database, creation, changes, calls, sync);
    }

    /// Looks at every payment, for those who run the shop. Needs the database only.
    public PaymentRecords records() {
        return new PaymentRecords(database);
    }

    /// Steers every payment, for those who run the shop.
    public PaymentDesk desk() {
        return new PaymentDesk(database, changes, sync);
    }

    /// Looks at every subscription and invoice, for those who run the shop. Needs the database only.
    public BillingRecords billing() {
        return new BillingRecords(database);
    }

    /// Steers every subscription and invoice, for those who run the shop.
    public BillingDesk billingDesk() {
        return new BillingDesk(billing(), subscriptions, invoices);
    }

    /// Fetches the events since then that did not come, and holds the books against Stripe's balance. What is
    /// open is left to the server, which looks at it within a minute.
    ///
    /// @param looked told on this thread, after each, how many events and movements of the balance were looked at
    public Reconcile.Report reconcileBeside(Instant since, Inbox inbox, LongConsumer looked)
            throws Exception {
        return reconcile.runBeside(since, inbox, looked);
    }

    /// Compares everything since then with Stripe, its balance included, at once.
    public Reconcile.Report reconcile(Instant since, Inbox inbox) throws Exception {
        return reconcile.run(since, inbox, true);
    }

    /// Has customers reminded who have not paid their invoices in time. Tells how many.
    int remind() throws Exception {
        return invoices.remind(100);
    }

    /// Finishes what is due now, for tests and the command line. Tells how many calls there were.
    int recover() throws Exception {
        return calls.recover(100);
    }
}
