package dev.hearth.webhook;

import dev.hearth.storage.Database;
import dev.hearth.storage.Transaction;
import dev.hearth.webhook.InboxClaims.Claimant;
import dev.hearth.webhook.InboxClaims.Claimed;
import dev.hearth.webhook.InboxClaims.Run;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands stored events to their handlers, until closed.
///
/// One thread, the dispatcher, owns what the worker has in hand. In one transaction it writes what has
/// become of the events that are over, looks at those that were stored for this worker, claims others and
/// renews leases; so under load one commit serves many events. A handler that writes nothing shares that
/// commit; one that writes has its own, in which `done` is set too.
///
/// While there is no backlog, events that this process stores are its own at once and need not be claimed:
/// [Arrivals] says how.
public final class InboxWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(InboxWorker.class);

    /// Between two transactions of a busy dispatcher: gathers events at the cost of a little delay. While there is a
    /// backlog the lanes must not run empty.
    private static final Duration PACE = Duration.ofMillis(10);

    private static final Duration PACE_OF_BACKLOG = Duration.ofMillis(2);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final Database database;
    private final EventHandlers handlers;
    private final WorkerSettings settings;
    private final InstantSource clock;
    private final WakeUp wakeUp;
    private final String owner = UUID.randomUUID().toString();
    private final EventRunner runner;
    private final Arrivals arrivals;
    private final Settlement settlement;
    private final Executor lanes;
    private final Thread dispatcher;
    private final ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private volatile boolean closing;

    // Owned by the dispatcher.
    private final Map<String, InboxTask> inHand = new HashMap<>();
    private final List<Outcome> unwritten = new ArrayList<>();
    private final List<Event> arrived = new ArrayList<>();
    private final Set<InboxObject> freed = new HashSet<>();
    private final Set<String> suspects = new HashSet<>(); // of those in hand
    private long renewedNanos;
    private long lookedNanos;

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
        this.wakeUp = wakeUp;
        this.runner = new EventRunner(database, handlers, settings, clock, counters, owner);
        this.arrivals = new Arrivals(owner, settings, clock, wakeUp);
        this.settlement = new Settlement(owner, handlers, settings.retries());
        this.renewedNanos =
                System.nanoTime() - settings.lease().toNanos(); // what was left, at once
        this.lookedNanos = System.nanoTime() - settings.poll().toNanos();
        this.lanes = lanes;
        this.dispatcher = Thread.ofPlatform().name("inbox-dispatcher").unstarted(this::dispatch);
    }

    /// So many threads for handlers.
    static ExecutorService lanes(int threads) {
        return Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("inbox-", 1).factory());
    }

    /// Runs handlers on the lanes, which are shut down at the end if they are a service.
    static InboxWorker start(
            Database database,
            EventHandlers handlers,
            WorkerSettings settings,
            InstantSource clock,
            Counters counters,
            WakeUp wakeUp,
            Executor lanes) {
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

    /// Where events come in that this process stores.
    Arrivals arrivals() {
        return arrivals;
    }

    private void dispatch() {
        try {
            while (!closing || !inHand.isEmpty() || !arrived.isEmpty() || arrivals.areExpected()) {
                boolean wrote = turn();
                if (wrote) {
                    Duration pace = arrivals.isBacklog() ? PACE_OF_BACKLOG : PACE;
                    LockSupport.parkNanos(pace.toNanos());
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
        arrivals.drainTo(arrived);
        for (Outcome o = outcomes.poll(); o != null; o = outcomes.poll()) {
            unwritten.add(o);
            o.step().ids().forEach(suspects::remove);
            free(o);
        }
        boolean look =
                arrivals.areLeftBehind()
                        || System.nanoTime() - lookedNanos >= settings.poll().toNanos();
        if (unwritten.isEmpty() && arrived.isEmpty() && !renew && !look) {
            return false;
        }
        try {
            if (renew) {
                database.adjustClock();
            }
            Turned turned = database.writeWithin(Database.BRIEF, tx -> write(tx, renew, look));
            StopPoint.AFTER_CLAIM.reachIf(!turned.runs.isEmpty());
            boolean wrote = !unwritten.isEmpty() || !turned.runs.isEmpty();
            unwritten.forEach(outcome -> outcome.step().ids().forEach(inHand::remove));
            unwritten.clear();
            arrived.clear();
            boolean begun = handOver(turned.runs);
            arrivals.holding(inHand.size());
            if (turned.sawFreed) {
                freed.clear();
            }
            if (!begun) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE.toMillis());
            }
            return wrote;
        } catch (SQLException | RuntimeException failed) {
            log.error("inbox worker cannot use the database, tries again", failed);
            arrivals.leftBehind();
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE.toMillis());
            return false;
        }
    }

    /// What a turn took in hand, and whether it saw what stood behind events that are over.
    private record Turned(List<Run> runs, boolean sawFreed) {}

    /// Everything that a turn writes.
    private Turned write(Transaction tx, boolean renew, boolean look) throws SQLException {
        Instant now = clock.instant();
        settlement.write(tx, unwritten, now);
        List<Run> runs = new ArrayList<>(alone(tx, now));
        if (renew) {
            renewLeases(tx, now);
            freed.addAll(InboxQueue.objectsWithEventsBehind(tx));
        }
        boolean behind = !freed.isEmpty() && InboxQueue.isAnyBehind(tx);
        int free = settings.claimed() - inHand.size() + unwritten.size() - arrived.size();
        if (closing || free <= 0 || !(look || behind)) {
            return new Turned(runs, !behind);
        }
        arrivals.areLookedAfter();
        List<Run> claimed = InboxClaims.claim(tx, claimant(now), now, free, freed);
        lookedNanos = System.nanoTime();
        int many = claimed.stream().mapToInt(run -> run.steps().size()).sum();
        // Where little was free, that it was filled says nothing.
        arrivals.haveBacklog(many >= free && free >= settings.claimed() / 2);
        if (many > 0) {
            arrivals.leftBehind(); // there may be more: look again next time
        }
        runs.addAll(claimed);
        return new Turned(runs, true);
    }

    /// Of the events that were stored for this worker, those that are alone with their object; the others
    /// are given back, to be claimed in their turn.
    private List<Run> alone(Transaction tx, Instant now) throws SQLException {
        if (arrived.isEmpty()) {
            return List.of();
        }
        List<Event> withObject =
                arrived.stream().filter(event -> event.objectId().isPresent()).toList();
        Set<String> givenBack =
                withObject.isEmpty() ? Set.of() : InboxQueue.notAlone(tx, withObject);
        if (!givenBack.isEmpty()) {
            InboxQueue.release(tx, owner, givenBack, now);
            arrivals.leftBehind();
        }
        List<Run> runs = new ArrayList<>();
        for (Event event : arrived) {
            if (givenBack.contains(event.id())) {
                InboxObject.of(event).ifPresent(this::free);
            } else {
                runs.add(new Run(List.of(new Claimed(event, List.of(event))), false));
            }
        }
        return runs;
    }

    private Claimant claimant(Instant now) {
        return new Claimant(
                owner,
                now.plus(settings.lease()),
                arrivals::isBusy,
                inHand::containsKey,
                suspects.isEmpty(),
                runner::gaveUp,
                handlers::takesLatest);
    }

    private void renewLeases(Transaction tx, Instant now) throws SQLException {
        List<String> ids = new ArrayList<>(arrived.stream().map(Event::id).toList());
        inHand.forEach((id, task) -> {
            if (!task.timedOut()) {
                ids.add(id);
            }
        });
        if (!ids.isEmpty()) {
            InboxQueue.renew(tx, owner, ids, now.plus(settings.lease()));
        }
        renewedNanos = System.nanoTime();
    }

    /// With the last step of a task, its object is nobody's any more.
    private void free(Outcome outcome) {
        if (outcome.task().isLastOver()) {
            InboxObject.of(outcome.step().event()).ifPresent(this::free);
        }
    }

    private void free(InboxObject object) {
        arrivals.isNoLongerBusy(object);
        freed.add(object);
    }

    /// Returns false if one could not begin and is given back: where no thread can be made, the next try may find one.
    private boolean handOver(List<Run> runs) {
        boolean begun = true;
        for (Run run : runs) {
            InboxTask task = takeInHand(run);
            try {
                lanes.execute(() -> work(task));
            } catch (OutOfMemoryError noThread) {
                log.error("no thread for {}: given back", task.run().getFirst().event(), noThread);
                task.run().forEach(step -> outcomes.add(new Outcome.Released(task, step)));
                begun = false;
            }
        }
        return begun;
    }

    private InboxTask takeInHand(Run run) {
        InboxTask task = new InboxTask(run.steps());
        for (Claimed step : run.steps()) {
            step.ids().forEach(id -> inHand.put(id, task));
            if (run.isSuspect()) {
                suspects.addAll(step.ids());
            }
        }
        InboxObject.of(run.steps().getFirst().event()).ifPresent(arrivals::becomesBusy);
        return task;
    }

    private void interruptLateHandlers() {
        for (InboxTask task : inHand.values()) {
            if (task.interruptAfter(settings.timeout())) {
                log.warn(
                        "{} takes longer than {}: interrupted",
                        task.run().getFirst().event(),
                        settings.timeout());
            }
        }
    }

    /// On a thread of the lanes. What stands behind one that failed waits for it.
    private void work(InboxTask task) {
        boolean goOn = true;
        for (Claimed step : task.run()) {
            Outcome outcome =
                    goOn && !closing ? runner.handle(task, step) : new Outcome.Released(task, step);
            goOn = !(outcome instanceof Outcome.Failed);
            outcomes.add(outcome);
            wakeUp.signal();
        }
    }

    /// Takes nothing more, lets the handlers that run come to their end, and gives back what has not begun.
    /// A handler that does not end in time is interrupted; its event goes on elsewhere when its lease ends.
    @Override
    public void close() {
        closing = true;
        arrivals.close();
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
