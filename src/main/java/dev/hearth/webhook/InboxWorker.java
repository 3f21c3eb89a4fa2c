package dev.hearth.webhook;

import dev.hearth.storage.Database;
import dev.hearth.storage.Transaction;
import dev.hearth.webhook.Counters.Counter;
import dev.hearth.webhook.InboxQueue.Attempt;
import dev.hearth.webhook.InboxQueue.Claimed;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands stored events to their handlers, until closed.
///
/// One thread, the dispatcher, owns what the worker has in hand. In one transaction it writes what has
/// become of the events that are over, claims the next and renews leases; so under load one commit serves
/// many events. A handler that writes nothing shares that commit; one that writes has its own, in which
/// `done` is set too.
public final class InboxWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(InboxWorker.class);

    /// Between two transactions of a busy dispatcher: gathers events at the cost of a little delay.
    private static final Duration PACE = Duration.ofMillis(4);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final int MAX_ERROR = 1_000;

    /// What became of a claimed event, on its way from the thread that handled it to the dispatcher.
    private sealed interface Outcome {
        InboxTask task();

        /// Over, and to be marked so.
        record Finished(InboxTask task, InboxState state) implements Outcome {}

        /// Over and marked so, in the handler's own transaction; or lost to another worker.
        record Settled(InboxTask task) implements Outcome {}

        /// Not handled.
        record Failed(
                InboxTask task, Instant started, Instant ended, String error, boolean permanent)
                implements Outcome {}

        /// Not begun, for this worker ends.
        record Released(InboxTask task) implements Outcome {}
    }

    /// Our lease ended before the handler did; its transaction must not be committed.
    private static final class LeaseLostException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final Database database;
    private final EventHandlers handlers;
    private final WorkerSettings settings;
    private final InstantSource clock;
    private final Counters counters;
    private final WakeUp wakeUp;
    private final String owner = UUID.randomUUID().toString();
    private final RandomGenerator jitter = RandomGenerator.getDefault();
    private final Executor lanes;
    private final Thread dispatcher;
    private final ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private volatile boolean closing;

    // Owned by the dispatcher.
    private final Map<String, InboxTask> inHand = new HashMap<>();
    private final List<Outcome> unwritten = new ArrayList<>();
    private long renewedNanos = System.nanoTime();

    private InboxWorker(
            Database database,
            EventHandlers handlers,
            WorkerSettings settings,
            InstantSource clock,
            Counters counters,
            WakeUp wakeUp,
            Executor lanes) {
        this.database = database;
        this.handlers = handlers;
        this.settings = settings;
        this.clock = clock;
        this.counters = counters;
        this.wakeUp = wakeUp;
        this.lanes = lanes;
        this.dispatcher = Thread.ofPlatform().name("inbox-dispatcher").unstarted(this::dispatch);
    }

    static InboxWorker start(
            Database database,
            EventHandlers handlers,
            WorkerSettings settings,
            InstantSource clock,
            Counters counters,
            WakeUp wakeUp) {
        ExecutorService lanes =
                Executors.newFixedThreadPool(
                        settings.threads(), Thread.ofPlatform().name("inbox-", 1).factory());
        InboxWorker worker =
                new InboxWorker(database, handlers, settings, clock, counters, wakeUp, lanes);
        worker.dispatcher.start();
        return worker;
    }

    /// Handles what is due, on this thread, until nothing is or the time has come; what is begun by then is
    /// brought to its end.
    static void handleDue(
            Database database,
            EventHandlers handlers,
            WorkerSettings settings,
            InstantSource clock,
            Counters counters,
            Instant end)
            throws InterruptedException {
        InboxWorker worker =
                new InboxWorker(
                        database, handlers, settings, clock, counters, new WakeUp(), Runnable::run);
        do {
            worker.closing = !clock.instant().isBefore(end);
            worker.turn();
        } while (!worker.inHand.isEmpty());
    }

    private void dispatch() {
        try {
            while (!closing || !inHand.isEmpty()) {
                boolean wrote = turn();
                if (wrote) {
                    LockSupport.parkNanos(PACE.toNanos());
                }
                wakeUp.await(settings.poll().toMillis());
            }
        } catch (InterruptedException givenUp) {
            log.warn("worker ends with {} events in hand; their leases run out", inHand.size());
        }
    }

    /// One transaction, if there is anything to do. Failures of the database are waited out.
    private boolean turn() throws InterruptedException {
        interruptLateHandlers();
        boolean renew = System.nanoTime() - renewedNanos >= settings.lease().toNanos() / 3;
        for (Outcome o = outcomes.poll(); o != null; o = outcomes.poll()) {
            unwritten.add(o);
        }
        try {
            if (renew) {
                database.adjustClock();
            }
            List<Claimed> claimed = database.write(tx -> settleAndClaim(tx, renew));
            boolean wrote = !unwritten.isEmpty() || !claimed.isEmpty();
            StopPoint.AFTER_CLAIM.reachIf(!claimed.isEmpty());
            unwritten.forEach(this::letGo);
            unwritten.clear();
            claimed.forEach(this::handOver);
            return wrote;
        } catch (SQLException | RuntimeException failed) {
            log.error("inbox worker cannot use the database, tries again", failed);
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE.toMillis());
            return false;
        }
    }

    private List<Claimed> settleAndClaim(Transaction tx, boolean renew) throws SQLException {
        Instant now = clock.instant();
        settle(tx, now);
        if (renew) {
            renewLeases(tx, now);
        }
        int free = settings.claimed() - inHand.size() + unwritten.size();
        if (closing || free <= 0) {
            return List.of();
        }
        return InboxQueue.claim(
                tx,
                owner,
                now,
                now.plus(settings.lease()),
                free,
                inHand::containsKey,
                this::takesLatest);
    }

    private void settle(Transaction tx, Instant now) throws SQLException {
        List<String> done = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        for (Outcome outcome : unwritten) {
            List<String> ids = outcome.task().claimed.ids();
            if (outcome instanceof Outcome.Finished(_, InboxState state)) {
                (state == InboxState.DONE ? done : ignored).addAll(ids);
                continue; // the usual one, before the switch: see CgiProgram
            }
            switch (outcome) {
                case Outcome.Finished _ -> {}
                case Outcome.Failed failed -> fail(tx, failed);
                case Outcome.Released _ -> InboxQueue.release(tx, owner, ids, now);
                case Outcome.Settled _ -> {}
            }
        }
        if (!done.isEmpty()) {
            InboxQueue.finish(tx, owner, done, InboxState.DONE, now);
        }
        if (!ignored.isEmpty()) {
            InboxQueue.finish(tx, owner, ignored, InboxState.IGNORED, now);
        }
    }

    private void fail(Transaction tx, Outcome.Failed failed) throws SQLException {
        for (Event event : failed.task.claimed.all()) {
            Optional<Instant> retryAt =
                    failed.permanent
                            ? Optional.empty()
                            : settings.retries()
                                    .afterFailure(event.attempt(), failed.ended, jitter);
            boolean holdsBack = !takesLatest(event);
            InboxQueue.fail(
                    tx,
                    owner,
                    new Attempt(
                            event.id(),
                            event.attempt(),
                            failed.started,
                            failed.ended,
                            failed.error,
                            holdsBack),
                    retryAt);
        }
    }

    private void renewLeases(Transaction tx, Instant now) throws SQLException {
        List<String> ids =
                inHand.values().stream()
                        .filter(task -> !task.timedOut())
                        .flatMap(task -> task.claimed.ids().stream())
                        .distinct()
                        .toList();
        if (!ids.isEmpty()) {
            InboxQueue.renew(tx, owner, ids, now.plus(settings.lease()));
        }
        renewedNanos = System.nanoTime();
    }

    private boolean takesLatest(Event event) {
        return handlers.find(event.source(), event.type())
                .map(EventHandlers.Registration::coalescing)
                .orElse(false);
    }

    private void letGo(Outcome outcome) {
        outcome.task().claimed.ids().forEach(inHand::remove);
    }

    private void handOver(Claimed claimed) {
        InboxTask task = new InboxTask(claimed);
        claimed.ids().forEach(id -> inHand.put(id, task));
        lanes.execute(() -> work(task));
    }

    private void interruptLateHandlers() {
        for (InboxTask task : inHand.values()) {
            if (task.interruptAfter(settings.timeout())) {
                log.warn(
                        "{} takes longer than {}: interrupted",
                        task.claimed.event(),
                        settings.timeout());
            }
        }
    }

    // From here on: on the threads of the lanes.

    private void work(InboxTask task) {
        Outcome outcome = closing ? new Outcome.Released(task) : handle(task);
        outcomes.add(outcome);
        wakeUp.signal();
    }

    private Outcome handle(InboxTask task) {
        Event event = task.claimed.event();
        Optional<EventHandlers.Registration> found = handlers.find(event.source(), event.type());
        if (found.isEmpty()) {
            counters.add(Counter.IGNORED, 1);
            return new Outcome.Finished(task, InboxState.IGNORED);
        }
        Instant started = clock.instant();
        task.begin();
        try {
            boolean settled = database.write(tx -> handle(tx, task.claimed, found.get().handler()));
            counters.add(Counter.HANDLED, 1);
            return settled
                    ? new Outcome.Settled(task)
                    : new Outcome.Finished(task, InboxState.DONE);
        } catch (LeaseLostException lost) {
            log.warn(
                    "{} was taken over by another worker; what its handler wrote is undone", event);
            return new Outcome.Settled(task);
        } catch (Throwable failed) { // also errors: one handler's must not end the worker
            return failed(task, started, failed);
        } finally {
            task.end();
        }
    }

    /// Runs the handler and, if it wrote anything, sets its events to done beside that.
    private boolean handle(Transaction tx, Claimed claimed, EventHandler handler) throws Exception {
        handler.handle(claimed.event(), tx);
        StopPoint.AFTER_HANDLER.reach();
        if (!tx.begun()) {
            return false;
        }
        List<String> ids = claimed.ids();
        if (InboxQueue.finish(tx, owner, ids, InboxState.DONE, clock.instant()) != ids.size()) {
            throw new LeaseLostException();
        }
        StopPoint.AFTER_DONE.reach();
        return true;
    }

    private Outcome failed(InboxTask task, Instant started, Throwable failed) {
        Event event = task.claimed.event();
        boolean permanent = failed instanceof PermanentFailureException;
        boolean last = permanent || event.attempt() > settings.retries().pauses().size();
        counters.add(last ? Counter.DEAD : Counter.FAILED, 1);
        if (last) {
            log.error("ALARM: {} is dead after attempt {}", event, event.attempt(), failed);
        } else {
            log.warn(
                    "{} failed at attempt {}, will be tried again", event, event.attempt(), failed);
        }
        String error =
                task.timedOut()
                        ? "took longer than " + settings.timeout()
                        : failed.getClass().getSimpleName() + ": " + failed.getMessage();
        return new Outcome.Failed(
                task,
                started,
                clock.instant(),
                error.length() > MAX_ERROR ? error.substring(0, MAX_ERROR) : error,
                permanent);
    }

    /// Takes nothing more, lets the handlers that run come to their end, and gives back what has not begun.
    /// A handler that does not end in time is interrupted; its event goes on elsewhere when its lease ends.
    @Override
    public void close() {
        closing = true;
        wakeUp.signal();
        try {
            if (!dispatcher.join(GRACE)) {
                shutDownLanes();
                if (!dispatcher.join(Duration.ofSeconds(2))) {
                    dispatcher.interrupt();
                    dispatcher.join();
                }
            }
        } catch (InterruptedException hurried) {
            dispatcher.interrupt();
            Thread.currentThread().interrupt();
        }
        shutDownLanes();
    }

    private void shutDownLanes() {
        if (lanes instanceof ExecutorService threads) {
            threads.shutdownNow();
        }
    }
}
