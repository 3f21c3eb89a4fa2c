package dev.hearth.webhook;

import dev.hearth.http.Handler;
import dev.hearth.http.Key;
import dev.hearth.storage.Database;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The durable inbox: takes webhooks in, keeps them, and hands them to their handlers.
///
/// {@snippet lang=java :
/// var handlers = new EventHandlers().on("stripe", "payment_intent.succeeded", this::fulfil);
/// try (var inbox = Inbox.open(database, sources, handlers, InstantSource.system());
///         var worker = inbox.startWorker(WorkerSettings.DEFAULT)) {
///     router.post("/webhooks/{source}", inbox.handler());
/// }
/// }
///
/// Safe for many threads. Opening starts no thread: a process that only takes events in needs no worker.
public final class Inbox implements AutoCloseable {
    /// On a request: where it stands in a trace, as the header `traceparent` says it. Kept with the event.
    public static final Key<String> TRACEPARENT = Key.of("traceparent");

    private final Database database;
    private final EventHandlers handlers;
    private final InstantSource clock;
    private final Counters counters = new Counters();
    private final TimeOrderedIds ids;
    private final WakeUp wakeUp = new WakeUp();
    private final WebhookEndpoint endpoint;
    // The one that was started last, running or closed.
    private volatile @Nullable InboxWorker worker;

    private Inbox(
            Database database,
            List<Source> sources,
            EventHandlers handlers,
            InstantSource clock,
            int maxBody) {
        this.database = database;
        this.handlers = handlers;
        this.clock = clock;
        this.ids = new TimeOrderedIds(clock);
        this.endpoint =
                new WebhookEndpoint(
                        new GroupCommit<>(
                                this::store,
                                this::isAboutOne,
                                event -> event.body().length,
                                GroupCommit.Limits.DEFAULT),
                        clock,
                        counters,
                        wakeUp::signal,
                        maxBody);
        endpoint.serve(sources);
    }

    /// Opens the inbox in a database. The database stays the caller's.
    public static Inbox open(
            Database database, List<Source> sources, EventHandlers handlers, InstantSource clock) {
        return open(database, sources, handlers, clock, WebhookEndpoint.MAX_BODY);
    }

    /// Loads what taking in an event needs, for a process in which everything happens for the first time. May
    /// run beside the opening of the database, on another thread; without it all works as well.
    public static void prepare() {
        JsonFields.of("/id").readIfJson(new byte[] {'{', '}'});
        new TimeOrderedIds(InstantSource.system()).next();
    }

    /// As above, for bodies up to this many bytes in place of 1 MiB.
    public static Inbox open(
            Database database,
            List<Source> sources,
            EventHandlers handlers,
            InstantSource clock,
            int maxBody) {
        return new Inbox(database, sources, handlers, clock, maxBody);
    }

    /// Stores the events of a group, and tells for each in order what became of it.
    private List<Stored> store(List<NewEvent> events) throws SQLException {
        Set<String> inserted = insert(events);
        return inserted.size() == events.size()
                ? events.stream().<Stored>map(event -> new Stored.New(event.id())).toList()
                : database.readWithin(Database.BRIEF, tx -> tell(tx, events, inserted));
    }

    private static List<Stored> tell(Transaction tx, List<NewEvent> events, Set<String> inserted)
            throws SQLException {
        List<Stored> stored = new ArrayList<>(events.size());
        for (NewEvent event : events) {
            stored.add(
                    inserted.contains(event.id())
                            ? new Stored.New(event.id())
                            : InboxWrites.findFirst(tx, event));
        }
        return stored;
    }

    /// Inserts those that are new; where a worker runs they are on their way to it.
    private Set<String> insert(List<NewEvent> events) throws SQLException {
        InboxWorker running = worker;
        if (running == null) {
            return insert(events, InboxWrites.NOBODYS);
        }
        Arrivals arrivals = running.arrivals();
        Lease lease = arrivals.expect(events);
        Set<String> inserted;
        try {
            inserted = insert(events, lease);
        } catch (SQLException | RuntimeException failed) {
            arrivals.doNotArrive(lease, events);
            throw failed;
        }
        arrivals.arrive(lease, events, inserted);
        return inserted;
    }

    private Set<String> insert(List<NewEvent> events, Lease lease) throws SQLException {
        Set<String> inserted;
        try (var _ = CommitRecord.begin(events.size())) {
            inserted =
                    database.writeOnce(tx -> {
                        Set<String> ids = InboxWrites.insert(tx, events, lease);
                        StopPoint.AFTER_INSERT.reach();
                        return ids;
                    });
        }
        counters.committed(events.size());
        StopPoint.AFTER_COMMIT.reach();
        return inserted;
    }

    private boolean isAboutOne(Exception failed) {
        return failed instanceof SQLException sql && database.dialect().isAboutTheData(sql);
    }

    /// Answers `POST /webhooks/{source}`.
    public Handler handler() {
        return endpoint;
    }

    /// Stores an event that was fetched from its sender and not sent by it, unless it is there already: how
    /// webhooks that never came are made good. Tells whether it is new.
    ///
    /// If the sender sends it after all, perhaps written in another way, that is a duplicate.
    public boolean bring(String source, EventHead head, byte[] body) throws SQLException {
        Instant now = clock.instant();
        NewEvent event =
                new NewEvent(
                        ids.next(now.toEpochMilli()),
                        source,
                        head,
                        now,
                        InboxWrites.BROUGHT,
                        body,
                        Hmac.Algorithm.SHA256.newDigest().digest(body));
        Stored stored = store(List.of(event)).getFirst();
        wakeUp.signal();
        return stored instanceof Stored.New;
    }

    /// Serves these sources from now on: how secrets change without a restart.
    public void reload(List<Source> sources) {
        endpoint.serve(sources);
    }

    /// The stored events: look, replay, forget.
    public InboxRecords records() {
        return new InboxRecords(database, clock);
    }

    /// The stored events for pages that people wait for.
    public InboxSearch search() {
        return new InboxSearch(database);
    }

    /// Starts handling events, on threads of its own, until the worker is closed.
    public InboxWorker startWorker(WorkerSettings settings) {
        InboxWorker started =
                InboxWorker.start(
                        database,
                        handlers,
                        settings,
                        clock,
                        counters,
                        wakeUp,
                        InboxWorker.lanes(settings.threads()));
        worker = started;
        return started;
    }

    /// Handles what is due, on this thread, until nothing is or the time has come: for a process that is about
    /// to end. A handler that hangs is ended by interrupting this thread.
    public void handleDue(WorkerSettings settings, Instant end) throws InterruptedException {
        InboxWorker.handleDue(database, handlers, settings, clock, counters, end);
    }

    /// What was counted since the inbox was opened.
    public Counters counters() {
        return counters;
    }

    /// Closes the inbox; the worker is closed before it. Nothing is lost at whatever moment this happens.
    @Override
    public void close() {
        wakeUp.signal();
    }
}
